"""What the tests of races may ask for: an open database with empty tables, on SQLite and on PostgreSQL in turn."""

from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.storage.database import Database
from tests.database import opened


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with empty tables."""
    async with opened(database_url) as database:
        yield database
