"""Keys in a database: issued once, checked, revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND, DEPLOYMENT
from doorstep.access.model.audit import AuditQuery, By
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.order_link import SECRET_NAME
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


async def test_a_key_is_marked_as_used_every_five_minutes(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database, database.begin() as tx:
        await Access().issue(tx, By(COMMAND, _AT), KeyWish("storefront", ("orders:read",), 30))
        for minutes in (0, 4, 5, 9):
            (key,) = await Access().everything(tx)
            await Access().used(tx, key, _AT + timedelta(minutes=minutes))
        (key,) = await Access().everything(tx)
    assert key.last_used_at == _AT + timedelta(minutes=5)
    assert not key.is_due_to_be_marked(_AT + timedelta(minutes=9))


async def test_who_made_and_who_revoked_a_key_is_written_down(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database, database.begin() as tx:
        text = await Access().issue(tx, By(COMMAND, _AT, "for the shop"), KeyWish("storefront", ("orders:read",)))
        (key,) = await Access().everything(tx)
        await Access().revoke(tx, By(DEPLOYMENT, _AT + timedelta(1), "it leaked"), key.id)
        page = await Access().audit(tx, AuditQuery(about_kind="key", about_id=key.id))
    said = [(one.act, one.actor_id, one.reason) for one in page.entries]
    assert said == [("key.revoke", "deployment", "it leaked"), ("key.issue", "command", "for the shop")]
    assert text.rsplit("_", 1)[1] not in repr(page)


async def test_a_secret_stays_what_it_is(database_url: str) -> None:
    await migrate(database_url)
    async with again(database_url) as database:
        async with database.begin() as tx:
            made = await Access().secret_of(tx, SECRET_NAME)
        async with database.read() as tx:
            assert await Access().secret_of(tx, SECRET_NAME) == made
    assert len(made) == 52
