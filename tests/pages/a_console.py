"""A store with somebody of its staff, and a browser in which they have signed in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser

from doorstep.access.model.permissions import Role
from tests.pages.browser import LAPTOP, Screen
from tests.pages.console import Console, visiting
from tests.stories.people import OWNER, PASSWORD, hired
from tests.stories.shop import Shop

Served = tuple[Shop, int]


@asynccontextmanager
async def a_console(
    browser: Browser, served: Served, screen: Screen = LAPTOP, role: Role = Role.OWNER
) -> AsyncIterator[Console]:
    """A window in which somebody of a role has signed in; whatever the browser complains about fails the test."""
    shop, port = served
    await hired(shop, role)
    async with visiting(browser, f"http://127.0.0.1:{port}", screen) as console:
        await signed_in(console)
        yield console


async def signed_in(console: Console, email: str = OWNER, at: str = "/console/account") -> None:
    """Sign in as a person does, and come to a page."""
    await console.goto(f"/sign-in?next={at}")
    await console.page.get_by_label("E-mail address").fill(email)
    await console.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    await console.page.get_by_role("button", name="Sign in").click()
    await console.page.wait_for_url(f"**{at}")
