"""Keys in a database: issued once, checked, revoked."""

from datetime import UTC, datetime

import pytest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import Missing, NotAllowed
from doorstep.storage.migrations.migrate import migrate
from tests.database import again

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


async def test_an_issued_key_opens_its_scope(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database:
        async with database.begin() as tx:
            text = await Access().issue(tx, By(COMMAND, _AT), KeyWish("storefront", ("orders:read",), 30))
        async with database.read() as tx:
            assert (await Access().check(tx, text, Permission.ORDERS_READ, _AT)).name == "storefront"


async def test_the_secret_is_kept_nowhere(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database:
        async with database.begin() as tx:
            text = await Access().issue(tx, By(COMMAND, _AT), KeyWish("storefront", ("orders:read",), None))
        async with database.read() as tx:
            kept = await Access().everything(tx)
    assert text.rsplit("_", 1)[1] not in repr(kept)


async def test_a_revoked_key_opens_nothing(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database, database.begin() as tx:
        text = await Access().issue(tx, By(COMMAND, _AT), KeyWish("storefront", ("orders:read",), None))
        (key,) = await Access().everything(tx)
        await Access().revoke(tx, By(COMMAND, _AT), key.id)
        with pytest.raises(NotAllowed, match="was revoked"):
            await Access().check(tx, text, Permission.ORDERS_READ, _AT)
        with pytest.raises(Missing, match="no key"):
            await Access().revoke(tx, By(COMMAND, _AT), key.id)
