"""The table of notices, and every statement on it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Index, Table, bindparam, func, select

from doorstep.kernel.clock import to_ms
from doorstep.messages.model import Notice, NoticeState, Stored
from doorstep.storage.schema import metadata, text, whole
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

_INSERT = insert_rows(notices, ignore=True)
_SELECT = select_by(notices, ["key"])
_UPDATE = update_by(notices, ["key"], ["state", "tries", "note"])
_OF_ORDER = plain(select(*notices.columns).where(notices.c.order_id == bindparam("about")).order_by(notices.c.at_ms))
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


async def counts(tx: Tx) -> dict[str, int]:
    """How many notices are in each state."""
    return {row[0]: row[1] for row in await tx.rows(_COUNTS)}


def _record(row: Row) -> Stored:
    return Stored(Notice(*row[:8]), NoticeState(row[8]), row[9], row[10])
