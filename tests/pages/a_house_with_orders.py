"""A served store whose staff looks at its orders, on the machine's clock: some held, some to be picked, one late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from doorstep.app import doors
from doorstep.kernel.clock import MachineClock, SimulatedClock
from doorstep.rehearsal.demo import brisk_plan, demo_app, patient_plan
from doorstep.rehearsal.demo_staff import OWNER, hired, password_of
from doorstep.rehearsal.visits import SINCE, Visits
from doorstep.serving import application, listening, working
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate
from tests.pages.console import Console
from tests.stories.a_corner_shop import CornerShop
from tests.stories.shop import FAST, free_port

Served = tuple[CornerShop, str]


@asynccontextmanager
async def served_corner_shop(folder: Path) -> AsyncIterator[Served]:
    """The corner shop of the demo, as of this moment, with its worker; and its address."""
    settings = Settings(database_url=f"sqlite:///{folder}/shop.db", data_dir=str(folder))
    password = await _make(settings)
    port = free_port()
    async with (
        demo_app(settings, brisk_plan(), MachineClock()) as app,
        working(app),
        listening(application(app, settings, FAST), "127.0.0.1", port),
    ):
        yield CornerShop(app, SimulatedClock(app.clock.now()), settings, password), f"http://127.0.0.1:{port}"


async def _make(settings: Settings) -> str:
    await migrate(settings.database_url)
    now = MachineClock().now() - timedelta(minutes=2)
    async with demo_app(settings, patient_plan(), clock := SimulatedClock(now - SINCE)) as app:
        people = doors(app, settings)
        staff = await hired(app, people, clock.now())
        await Visits(app, clock, {role: member.actor for role, member in staff.items()}).run(now)
        return await password_of(app, people)


async def comes_in(console: Console, shop: CornerShop, path: str = "/console") -> None:
    """Sign in as the owner, and come to a page."""
    await console.goto(f"/sign-in?next={path}")
    await console.page.get_by_label("E-mail address").fill(OWNER)
    await console.page.get_by_label("Password", exact=False).first.fill(shop.password)
    await console.page.get_by_role("button", name="Sign in").click()
    await console.page.wait_for_url(f"**{path}")
