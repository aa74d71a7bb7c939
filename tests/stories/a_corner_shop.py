"""The corner shop of the demo, opened at a fixed moment: orders in every stage, staff, and browsers for everybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from doorstep.access.model.order_link import SECRET_NAME, link_token
from doorstep.access.model.permissions import Role
from doorstep.app import App, doors
from doorstep.journey.ledger import store as ledger
from doorstep.journey.standing import Standing
from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.ids import OrderId
from doorstep.rehearsal.demo import brisk_plan, demo_app, patient_plan
from doorstep.rehearsal.demo_staff import email_of, hired, password_of
from doorstep.rehearsal.shoppers import SHOPPERS, Shopper
from doorstep.rehearsal.visits import LAST_TURN, SINCE, Visits
from doorstep.serving import application
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate
from tests.stories.people import Browser
from tests.stories.shop import FAST

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def shopper(name: str) -> Shopper:
    """Somebody who ordered, by first name."""
    return next(one for one in SHOPPERS if one.name.startswith(name))


@dataclass(frozen=True)
class CornerShop:
    """What happens in it."""

    app: App
    clock: SimulatedClock
    settings: Settings
    password: str

    @asynccontextmanager
    async def browser(self, role: Role | None = None) -> AsyncIterator[Browser]:
        """Somebody's browser; of a role of the staff, signed in."""
        transport = httpx.ASGITransport(application(self.app, self.settings, FAST), client=("192.0.2.9", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            browser = Browser(http)
            if role:
                await browser.sign_in(email_of(role), self.password)
            yield browser

    async def standing(self, name: str) -> Standing:
        """How somebody's order stands."""
        order_id = await self.order_id(name)
        async with self.app.database.read() as tx:
            return (await ledger.standings(tx, [order_id]))[order_id]

    async def order_id(self, name: str) -> OrderId:
        """Somebody's order."""
        reference = shopper(name).reference
        async with self.app.database.read() as tx:
            return (await ledger.ids_by_reference(tx, [reference]))[reference]

    async def link(self, name: str, until: datetime) -> str:
        """The path of the link to somebody's order."""
        order_id = await self.order_id(name)
        async with self.app.database.begin() as tx:
            secret = await doors(self.app, self.settings).access.secret_of(tx, SECRET_NAME)
        return f"/order/{link_token(secret, order_id, until)}"


async def make(settings: Settings) -> str:
    """All that happened there, up to a moment; returns the password of the staff."""
    await migrate(settings.database_url)
    clock = SimulatedClock(NOW - SINCE)
    async with demo_app(settings, patient_plan(), clock) as app:
        people = doors(app, settings)
        staff = await hired(app, people, clock.now())
        await Visits(app, clock, {role: member.actor for role, member in staff.items()}).run(NOW)
        return await password_of(app, people)


@asynccontextmanager
async def corner_shop(url: str, folder: Path) -> AsyncIterator[CornerShop]:
    """The shop, made and open."""
    settings = Settings(database_url=url, data_dir=str(folder))
    password = await make(settings)
    async with demo_app(settings, brisk_plan(), clock := SimulatedClock(NOW + LAST_TURN)) as app:
        await app.worker.start()
        yield CornerShop(app, clock, settings, password)
        await app.worker.leave()
