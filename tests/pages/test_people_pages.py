"""The pages of people in a browser: for everyone, by keyboard, on a phone, without complaints."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.pages.a_console import Served
from tests.pages.axe import expect_accessible
from tests.pages.browser import LAPTOP, PHONE, Screen
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, on, visiting
from tests.pages.people_pages import REACHES

WIDTHS = (360, 390, 768, 1024, 1280)


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
    await expect_fits(there.page, WIDTHS)


async def test_it_needs_no_mouse(there: Console) -> None:
    assert await expect_keyboard_only(there.page)


@pytest.mark.parametrize("there", ["sign_in", "staff", "audit"], indirect=True)
async def test_it_is_light(there: Console) -> None:
    await expect_light_enough(there)
