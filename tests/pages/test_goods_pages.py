"""The pages of goods, numbers and the system in a browser: for everyone, by keyboard, on a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.pages.a_console import Served
from tests.pages.axe import expect_accessible
from tests.pages.browser import LAPTOP, PHONE, Screen
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, on, visiting
from tests.pages.goods_pages import REACHES


@pytest_asyncio.fixture(loop_scope="session", params=REACHES)
async def there(
    request: pytest.FixtureRequest, browser: Browser, served: Served, screen: Screen
) -> AsyncIterator[Console]:
    """Each of the pages in turn."""
    async with visiting(browser, f"http://127.0.0.1:{served[1]}", screen) as console:
        await REACHES[request.param](console, served[0])
        yield console


@on(LAPTOP, PHONE)
async def test_it_is_for_everyone_and_fits(there: Console) -> None:
    await expect_accessible(there.page)
    await expect_targets(there.page)
    await expect_fits(there.page)


async def test_it_needs_no_mouse(there: Console) -> None:
    assert await expect_keyboard_only(there.page)


@pytest.mark.parametrize("there", ["stock", "numbers", "system"], indirect=True)
async def test_it_is_light(there: Console) -> None:
    await expect_light_enough(there)


@pytest.mark.parametrize("there", ["numbers"], indirect=True)
async def test_plots_say_the_day_that_is_pointed_at_and_have_a_table(there: Console) -> None:
    plot = there.page.locator("figure").first
    await plot.locator(".u-over").hover()
    assert "Orders:" in await plot.locator(".legend-line").inner_text()
    await plot.get_by_text("As a table").click()
    assert await plot.locator("tbody tr").count() == 30


@pytest.mark.parametrize("there", ["stock"], indirect=True)
async def test_items_are_found_while_one_types(there: Console) -> None:
    await there.page.get_by_role("searchbox").press_sequentially("number 42")
    await there.page.get_by_text("1 row", exact=True).wait_for()
    assert await there.page.get_by_role("link", name="Cup number 42").is_visible()
