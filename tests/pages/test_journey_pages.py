"""The board, the lists, an order and a customer's page in a browser: for everyone, by keyboard, on a phone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from doorstep.kernel.clock import MachineClock
from tests.pages.a_house_with_orders import Served, comes_in, served_corner_shop
from tests.pages.axe import expect_accessible
from tests.pages.browser import LAPTOP, PHONE, Screen
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, on, visiting

PATHS = {
    "board": "/console",
    "work": "/console/work",
    "orders": "/console/orders",
    "orders_refused": "/console/orders?since=never&stage=nowhere",
    "orders_none": "/console/orders?q=nobody.at.all",
    "held": "/console/orders/{Dmitri}",
    "trouble": "/console/orders/{Una}",
    "asked": "/console/orders/{Wanda}",
    "returning": "/console/orders/{Rosa}",
    "bulk": "/console/orders/bulk?act=hold.release&order={Dmitri}&order={Una}",
    "nowhere": "/console/orders/999999",
}
STATUS = {"orders_refused": 422, "nowhere": 404}


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def house(tmp_path_factory: object) -> AsyncIterator[Served]:
    """The corner shop, made once for all of these: looking changes nothing."""
    folder: Path = tmp_path_factory.mktemp("corner-shop")  # type: ignore[attr-defined]
    async with served_corner_shop(folder) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session", params=[*PATHS, "customer"])
async def there(request: object, browser: Browser, house: Served, screen: Screen) -> AsyncIterator[Console]:
    """Each of the pages in turn."""
    shop, address = house
    name: str = request.param  # type: ignore[attr-defined]
    async with visiting(browser, address, screen) as console:
        if name == "customer":
            await console.goto(await shop.link("Wanda", MachineClock().now() + timedelta(days=1)))
        else:
            await comes_in(console, shop)
            named = {one: await shop.order_id(one) for one in ("Dmitri", "Una", "Wanda", "Rosa")}
            await console.goto(PATHS[name].format(**named), STATUS.get(name, 200))
        yield console


@on(LAPTOP, PHONE)
async def test_it_is_for_everyone_and_fits(there: Console) -> None:
    await expect_accessible(there.page)
    await expect_targets(there.page)
    await expect_fits(there.page)


async def test_it_needs_no_mouse(there: Console) -> None:
    assert await expect_keyboard_only(there.page)


async def test_it_is_light(there: Console) -> None:
    there.expect_status(404)
    there.expect_status(422)
    await expect_light_enough(there)
