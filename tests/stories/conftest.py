"""What a story may ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import MORNING, Shop, opened_shop


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    """A shop on a Monday morning, on SQLite and on PostgreSQL in turn; its worker works when it is told to."""
    async with opened_shop(database_url, SandboxPayments(), SimulatedClock(MORNING)) as shop:
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()
