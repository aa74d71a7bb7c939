"""What the tests of the console may ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.people import Browser, browsing, hired
from tests.stories.shop import MORNING, Shop, opened_shop


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop that has an owner."""
    async with opened_shop(sqlite_url, SandboxPayments(), SimulatedClock(MORNING)) as shop:
        await hired(shop)
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


@pytest_asyncio.fixture
async def browser(shop: Shop) -> AsyncIterator[Browser]:
    """A browser in which nobody has signed in."""
    async with browsing(shop) as browser:
        yield browser


@pytest_asyncio.fixture
async def owner(shop: Shop) -> AsyncIterator[Browser]:
    """A browser in which the owner has signed in."""
    async with browsing(shop) as browser:
        await browser.sign_in()
        yield browser
