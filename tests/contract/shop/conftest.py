"""What the tests of the shop may ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.kernel.clock import SimulatedClock
from tests.stories.a_shopper import Shopper, open_shop, shopping
from tests.stories.shop import MORNING, Shop


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop on a Monday morning; its worker works when it is told to."""
    async with open_shop(sqlite_url, SimulatedClock(MORNING)) as shop:
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


@pytest_asyncio.fixture
async def ada(shop: Shop) -> AsyncIterator[Shopper]:
    """Somebody who comes into the shop."""
    async with shopping(shop) as shopper:
        yield shopper
