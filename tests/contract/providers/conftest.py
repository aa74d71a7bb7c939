"""What the tests of providers may ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.contract.providers.mail_server import MailServer, running_mail_server


@pytest_asyncio.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on loopback whose answers the test decides."""
    async with running_mail_server() as server:
        yield server
