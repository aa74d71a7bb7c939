"""The table of notices, and every statement on it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Index, Table, bindparam, func, select, tuple_

from doorstep.kernel.clock import from_ms, to_ms
from doorstep.messages.model import Notice, NoticeState, Stored
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

notices = Table(
    "notices",
    metadata,
    text("key", key=True),
    text("order_id"),
    text("channel"),
    text("provider"),
    text("recipient"),
    text("subject"),
    text("text"),
    text("order_number"),
    text("state"),
    whole("tries"),
    text("note"),
    whole("at_ms"),
    sqlite_with_rowid=False,
)
Index("ix_notices_order_id", notices.c.order_id)

_UNKNOWN = notices.c.state == constant(NoticeState.UNKNOWN)
Index("ix_notices_unknown", notices.c.at_ms, sqlite_where=_UNKNOWN, postgresql_where=_UNKNOWN)

_INSERT = insert_rows(notices, ignore=True)
_SELECT = select_by(notices, ["key"])
_UPDATE = update_by(notices, ["key"], ["state", "tries", "note"])
_OF_ORDER = plain(select(*notices.columns).where(notices.c.order_id == bindparam("about")).order_by(notices.c.at_ms))
_UNSURE = plain(
    select(*notices.columns)
    .where(_UNKNOWN, notices.c.at_ms >= bindparam("from_due"))
    .where(tuple_(notices.c.at_ms, notices.c.order_id) >= tuple_(bindparam("from_due"), bindparam("from_id")))
    .order_by(notices.c.at_ms, notices.c.order_id, notices.c.key)
    .limit(bindparam("most"))
)
_UNSURE_COUNT = plain(select(func.count()).select_from(notices).where(_UNKNOWN))
_COUNTS = plain(select(notices.c.state, func.count()).group_by(notices.c.state))


async def insert(tx: Tx, new: Sequence[tuple[Notice, datetime]]) -> None:
    """Write notices and when each was due; one whose key is there already is the same."""
    rows = [
        (
            *(n.key, n.order_id, n.channel, n.provider, n.recipient, n.subject, n.text, n.order_number),
            *(NoticeState.SENDING.value, 0, "", to_ms(at)),
        )
        for n, at in new
    ]
    await tx.run(_INSERT, sorted(rows))


async def load(tx: Tx, keys: Iterable[str]) -> dict[str, Stored]:
    """Notices by key."""
    return {row[0]: _record(row) for row in await tx.rows(_SELECT, [(key,) for key in sorted(set(keys))])}


async def update(tx: Tx, changed: Iterable[Stored]) -> None:
    """Write the state of notices."""
    await tx.run(_UPDATE, sorted((one.notice.key, one.state.value, one.tries, one.note) for one in changed))


async def of_order(tx: Tx, order_id: str) -> list[Stored]:
    """All that was said about an order, oldest first."""
    return [_record(row) for row in await tx.rows(_OF_ORDER, about=order_id)]


async def unsure(tx: Tx, due_ms: int, from_id: str, most: int) -> list[tuple[Stored, datetime]]:
    """Notices that may or may not have been sent, and when, from a moment and an order on: the oldest first."""
    rows = await tx.rows(_UNSURE, from_due=due_ms, from_id=from_id, most=most)
    return [(_record(row), from_ms(row[11])) for row in rows]


async def unsure_count(tx: Tx) -> int:
    """How many notices may or may not have been sent."""
    count: int = (await tx.rows(_UNSURE_COUNT))[0][0]
    return count


async def counts(tx: Tx) -> dict[str, int]:
    """How many notices are in each state."""
    return {row[0]: row[1] for row in await tx.rows(_COUNTS)}


def _record(row: Row) -> Stored:
    return Stored(Notice(*row[:8]), NoticeState(row[8]), row[9], row[10])
