"""What the tests of the API may ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import MORNING, Shop, opened_shop


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop whose worker works when it is told to."""
    async with opened_shop(sqlite_url, SandboxPayments(), SimulatedClock(MORNING)) as shop:
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()
