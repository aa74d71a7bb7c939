"""The table of changes of orders, and every statement on it."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Index, Table

from doorstep.journey.placement.model.amending.records import OrderChange
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import OrderId
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import insert_rows, select_by, update_by
from doorstep.storage.transaction import Tx

order_changes = Table(
    "order_changes",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("state"),
    whole("at_ms"),
    text("body"),
    sqlite_with_rowid=False,
)
Index("ix_order_changes_order_id", order_changes.c.order_id)

_decode = msgspec.json.Decoder(OrderChange).decode
_encode = msgspec.json.Encoder().encode

_INSERT = insert_rows(order_changes, ignore=True)
_LOAD = select_by(order_changes, ["id"], columns=["id", "body"])
_OF_ORDERS = select_by(order_changes, ["order_id"], columns=["at_ms", "id", "body"])
_UPDATE = update_by(order_changes, ["id"], ["state", "body"])


async def insert(tx: Tx, new: Iterable[OrderChange]) -> None:
    """Write changes; one that is there already stays as it is."""
    rows = [(one.id, one.order_id, one.state.value, to_ms(one.at), _encode(one).decode()) for one in new]
    await tx.run(_INSERT, sorted(rows))


async def load(tx: Tx, ids: Iterable[str]) -> dict[str, OrderChange]:
    """Changes by id. Their order's headline is locked first, which locks them too."""
    return {row[0]: _decode(row[1]) for row in await tx.rows(_LOAD, [(i,) for i in sorted(set(ids))])}


async def of_order(tx: Tx, order_id: OrderId) -> list[OrderChange]:
    """All changes of an order, the oldest first."""
    rows = await tx.rows(_OF_ORDERS, [(order_id,)])
    return [_decode(body) for _, _, body in sorted((at, name, body) for at, name, body in rows)]


async def update(tx: Tx, changed: Iterable[OrderChange]) -> None:
    """Write changes that have moved on."""
    await tx.run(_UPDATE, sorted((one.id, one.state.value, _encode(one).decode()) for one in changed))
