"""The table of returns, and every statement on it."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Index, Table

from doorstep.journey.order import Counts
from doorstep.journey.returns.model import Return, ReturnState
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, select_by, update_by
from doorstep.storage.transaction import Tx

returns = Table(
    "returns",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("state"),
    text("location"),
    text("units"),
    whole("requested_at_ms"),
    sqlite_with_rowid=False,
)
Index("ix_returns_order_id", returns.c.order_id)

_counts = msgspec.json.Decoder(Counts)
_encode = msgspec.json.Encoder().encode

_INSERT = insert_rows(returns, ignore=True)
_SELECT = select_by(returns, ["id"])
_OF_ORDER = select_by(returns, ["order_id"])
_UPDATE = update_by(returns, ["id"], ["state", "location", "units"])


async def insert(tx: Tx, new: Iterable[Return]) -> None:
    """Write returns; one that is there already stays as it is."""
    rows = [(r.id, r.order_id, r.state.value, r.location, _units(r), to_ms(r.requested_at)) for r in new]
    await tx.run(_INSERT, sorted(rows))


async def load(tx: Tx, ids: Iterable[str]) -> dict[str, Return]:
    """Returns by id. Their order's headline is locked first, which locks them too."""
    return {row[0]: _record(row) for row in await tx.rows(_SELECT, [(i,) for i in sorted(set(ids))])}


async def of_order(tx: Tx, order_id: str) -> list[Return]:
    """All returns of an order, oldest first."""
    found = [_record(row) for row in await tx.rows(_OF_ORDER, [(order_id,)])]
    return sorted(found, key=lambda one: (one.requested_at, one.id))


async def update(tx: Tx, changed: Iterable[Return]) -> None:
    """Write returns that changed."""
    await tx.run(_UPDATE, sorted((r.id, r.state.value, r.location, _units(r)) for r in changed))


def _record(row: Row) -> Return:
    return Return(row[0], row[1], ReturnState(row[2]), row[3], _counts.decode(row[4]), from_ms(row[5]))


def _units(one: Return) -> str:
    return _encode(one.units).decode()
