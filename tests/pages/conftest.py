"""What a test of a page may ask for: a browser, a store that is served, and a window on it."""

import inspect
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from doorstep.providers.sandbox_payment import SandboxPayments
from tests.pages.browser import LAPTOP, NONE_FOUND, Screen, find_browser, started
from tests.pages.console import Console, visiting
from tests.stories.shop import Shop, serving_shop

_HERE = Path(__file__).parent
_ONE_LOOP = pytest.mark.asyncio(loop_scope="session")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """The browser lives as long as the session, so every test of a page runs in the session's event loop."""
    for item in items:
        if _HERE in item.path.parents and inspect.iscoroutinefunction(getattr(item, "obj", None)):
            item.add_marker(_ONE_LOOP, append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser of this test process. Without one the test is skipped, or fails where everything must run."""
    if not (program := find_browser()):
        pytest.fail(NONE_FOUND) if os.environ.get("CI") == "true" else pytest.skip(NONE_FOUND)
    async with started(program) as browser:
        yield browser


@pytest.fixture
def screen() -> Screen:
    """What the page is looked at with, unless the test says `@on(PHONE, …)`."""
    return LAPTOP


@pytest_asyncio.fixture(loop_scope="session")
async def served(sqlite_url: str) -> AsyncIterator[tuple[Shop, int]]:
    """A shop that is served, with its worker, and its port."""
    async with serving_shop(sqlite_url, SandboxPayments()) as served:
        yield served


@pytest.fixture
def shop(served: tuple[Shop, int]) -> Shop:
    """The shop that `console` looks at, for what a page does not do."""
    return served[0]


@pytest_asyncio.fixture(loop_scope="session")
async def console(browser: Browser, served: tuple[Shop, int], screen: Screen) -> AsyncIterator[Console]:
    """A window on a shop; whatever the browser complains about fails the test."""
    async with visiting(browser, f"http://127.0.0.1:{served[1]}", screen) as console:
        yield console
