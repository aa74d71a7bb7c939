"""The audit trail in a database: written with the act, read newest first, and never changed."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND, DEPLOYMENT, Actor, ActorKind
from doorstep.access.model.audit import AuditQuery, Change, entry
from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate
from doorstep.storage.statement import plain
from tests.database import again

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_ANNA = Actor(ActorKind.STAFF, "stf_1", "Anna")


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[Database]:
    """A migrated database with five entries, a minute apart."""
    await migrate(database_url)
    entries = [
        entry(_ANNA, "hold.release", ("order", "ord_1"), _AT, Change("known customer", "held", "released", "req_1")),
        entry(COMMAND, "stock.adjust", ("item", "SOAP"), _AT + timedelta(minutes=1)),
        entry(_ANNA, "stock.adjust", ("item", "SOAP"), _AT + timedelta(minutes=2)),
        entry(DEPLOYMENT, "hold.reject", ("order", "ord_2"), _AT + timedelta(minutes=3)),
        entry(_ANNA, "order.note", ("order", "ord_1"), _AT + timedelta(minutes=4)),
    ]
    async with again(database_url) as database:
        async with database.begin() as tx:
            await Access().record(tx, entries)
        yield database


async def found(database: Database, query: AuditQuery) -> list[str]:
    async with database.read() as tx:
        return [one.act for one in (await Access().audit(tx, query)).entries]


async def test_the_newest_comes_first_and_pages_follow_each_other(shop: Database) -> None:
    async with shop.read() as tx:
        first = await Access().audit(tx, AuditQuery(most=3))
        second = await Access().audit(tx, AuditQuery(most=3, cursor=first.next_cursor))
    acts = [one.act for one in (*first.entries, *second.entries)]
    assert acts == ["order.note", "hold.reject", "stock.adjust", "stock.adjust", "hold.release"]
    assert second.next_cursor == ""


async def test_an_entry_is_kept_as_it_was_made(shop: Database) -> None:
    made = entry(_ANNA, "hold.release", ("order", "ord_1"), _AT, Change("known customer", "held", "released", "req_1"))
    async with shop.read() as tx:
        assert (await Access().audit(tx, AuditQuery(act="hold.rel"))).entries == (made,)


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        (AuditQuery(about_kind="order", about_id="ord_1"), ["order.note", "hold.release"]),
        (AuditQuery(actor_id="command"), ["stock.adjust"]),
        (AuditQuery(act="hold."), ["hold.reject", "hold.release"]),
        (AuditQuery(since=_AT + timedelta(minutes=3)), ["order.note", "hold.reject"]),
        (AuditQuery(until=_AT + timedelta(minutes=1)), ["hold.release"]),
        (AuditQuery(actor_id="stf_1", about_kind="item", about_id="SOAP"), ["stock.adjust"]),
    ],
)
async def test_entries_are_found_by_what_is_known(shop: Database, query: AuditQuery, acts: list[str]) -> None:
    assert await found(shop, query) == acts


async def test_the_same_act_is_recorded_once(shop: Database) -> None:
    async with shop.begin() as tx:
        await Access().record(tx, [entry(_ANNA, "order.note", ("order", "ord_1"), _AT + timedelta(minutes=4))])
    assert len(await found(shop, AuditQuery())) == 5


@pytest.mark.parametrize("cursor", ["x", "aud_", "ord_06AVZ3M8H1K2M4P6R8T0V2X4Z6", "aud_06AVZ3M8H1K2M4P6R8T0V2X4Z'--"])
async def test_an_unknown_cursor_is_refused(shop: Database, cursor: str) -> None:
    with pytest.raises(Refused, match="Begin at the first page"):
        await found(shop, AuditQuery(cursor=cursor))


@pytest.mark.parametrize("attack", ["UPDATE audit SET actor_name = 'somebody'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_to_change_what_was_written(shop: Database, attack: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, asyncpg.RaiseError), match="audit is append-only"):
        async with shop.begin() as tx:
            await tx.run(plain(text(attack)))
    assert len(await found(shop, AuditQuery())) == 5
