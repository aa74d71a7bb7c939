"""Pictures of the pages for the documents, from a demo store made for the occasion: `make screenshots`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page

from doorstep.commands.demo import RECORDING
from doorstep.kernel.clock import SimulatedClock
from doorstep.rehearsal.demo import Prepared, brisk_plan, demo_app, prepare
from doorstep.rehearsal.demo_staff import OWNER
from doorstep.serving import application, listening
from doorstep.settings import Settings
from tests.house.source import ROOT
from tests.pages.at_the_checkout import (
    chooses_the_delivery,
    goes_to_the_checkout,
    pays,
    puts_into_the_cart,
    says_who,
)
from tests.pages.browser import LAPTOP, NONE_FOUND, PHONE, Screen, find_browser, started
from tests.pages.console import Console, visiting
from tests.stories.shop import free_port

FOLDER = ROOT / "docs" / "screenshots"
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
KILOBYTES_MAX = 3_500
_BOUGHT = ("WHITE HANGING HEART", "ALARM CLOCK", "LUNCH BAG")


@dataclass(frozen=True)
class Picture:
    """A page, and what its pictures are called. `find` is a text whose link leads on from there."""

    name: str
    path: str
    is_signed_in: bool = True
    find: str = ""


PICTURES = (
    Picture("sign-in", "/sign-in", is_signed_in=False),
    Picture("board", "/console"),
    Picture("work", "/console/work"),
    Picture("orders", "/console/orders?late=yes&sort=due"),
    Picture("order", "/console/orders?q=una.gallagher%40customers.example", find="table.rows a.strong"),
    Picture("stock", "/console/stock?location=shop"),
    Picture("numbers", "/console/numbers"),
    Picture("system", "/console/system"),
    Picture("staff", "/console/staff"),
    Picture("customer", "", is_signed_in=False),
    Picture("api-docs", "/api/docs", is_signed_in=False),
)


@dataclass(frozen=True)
class Served:
    """A store to be pictured: its demo, its address, and how its worker is let do what is due."""

    store: Prepared
    address: str
    work: Callable[[], Awaitable[object]]


async def take(browser: Browser, served: Served, folder: Path = FOLDER) -> list[Path]:
    """One picture of each page on each screen, from a store that is served; returns the files."""
    files, store, address = [], served.store, served.address
    for screen in (LAPTOP, PHONE):
        files += await _shopping(browser, served, screen, folder)
        async with visiting(browser, address, screen) as console:
            await _sign_in(console, store)
            for picture in PICTURES:
                file = folder / f"{picture.name}-{screen.name}.png"
                files.append(await _taken(browser, console, store, (picture, screen, file)))
    return files


async def _shopping(browser: Browser, served: Served, screen: Screen, folder: Path) -> list[Path]:
    """Pictures of what a shopper sees on the way from the shop to the thanks."""

    async def kept(name: str) -> Path:
        return await _kept(page, folder / f"{name}-{screen.name}.png")

    async with visiting(browser, served.address, screen) as console:
        page = console.page
        await console.goto("/shop?q=heart")
        files = [await kept("shop")]
        await puts_into_the_cart(page, *_BOUGHT)
        await page.goto("/shop/cart")
        files.append(await kept("cart"))
        await goes_to_the_checkout(page)
        await says_who(page)
        files.append(await kept("checkout-delivery"))
        await chooses_the_delivery(page)
        await pays(page)
        await served.work()
        await console.goto("/checkout/done")
        return [*files, await kept("checkout-done")]


async def _taken(browser: Browser, console: Console, store: Prepared, what: tuple[Picture, Screen, Path]) -> Path:
    picture, screen, file = what
    path = picture.path or f"/order/{store.link.rpartition('/')[2]}"
    if not picture.is_signed_in:
        async with visiting(browser, console.address, screen) as stranger:
            await stranger.goto(path)
            return await _kept(stranger.page, file)
    await console.goto(path)
    if picture.find:
        await console.page.locator(picture.find).first.click()
        await console.page.wait_for_url("**/console/orders/*")
    return await _kept(console.page, file)


async def _kept(page: Page, file: Path) -> Path:
    await page.wait_for_load_state("load")
    await page.screenshot(path=file, animations="disabled", caret="hide")
    return file


async def _sign_in(console: Console, store: Prepared) -> None:
    await console.goto("/sign-in?next=/console/account")
    await console.page.get_by_label("E-mail address").fill(OWNER)
    await console.page.get_by_label("Password", exact=False).first.fill(store.password)
    await console.page.get_by_role("button", name="Sign in").click()
    await console.page.wait_for_url("**/console/account")


@asynccontextmanager
async def _demo(folder: str) -> AsyncIterator[Served]:
    """The demo as it is a moment after it was made. Its clock stands still."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/doorstep.db", data_dir=folder, api_token="pictures-only-token"
    )
    store = await prepare(settings, ROOT / RECORDING, lambda *_told: None, NOW)
    port, clock = free_port(), SimulatedClock(NOW)
    async with demo_app(settings, brisk_plan(), clock) as app:
        await app.worker.start()
        clock.advance_to(NOW + timedelta(seconds=30))
        await app.worker.drain()
        async with listening(application(app, settings), "127.0.0.1", port):
            yield Served(store, f"http://127.0.0.1:{port}", app.worker.drain)
        await app.worker.leave()


def _shown(files: Sequence[Path]) -> str:
    sizes = [file.stat().st_size // 1000 for file in files]
    lines = [f"{file.relative_to(ROOT)}: {size} kB" for file, size in zip(files, sizes, strict=True)]
    return "\n".join([*lines, f"{sum(sizes):,} kB of at most {KILOBYTES_MAX:,}"])


async def _main() -> None:
    if not (program := find_browser()):
        raise SystemExit(NONE_FOUND)
    with TemporaryDirectory() as folder:
        async with _demo(folder) as served, started(program) as browser:
            print(_shown(await take(browser, served)))  # noqa: T201 - what the command says


if __name__ == "__main__":
    asyncio.run(_main())
