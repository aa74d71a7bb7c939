"""The table of fulfillment orders, and every statement on it."""

from collections.abc import Iterable

from sqlalchemy import Index, Table, bindparam, select

from doorstep.journey.fulfillment.model import FulfillmentOrder, FulfillmentState
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, one_of, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

fulfillment_orders = Table(
    "fulfillment_orders",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("location"),
    text("state"),
    whole("released_at_ms"),
    sqlite_with_rowid=False,
)
_TO_DO = one_of(fulfillment_orders.c.state, (FulfillmentState.RELEASED, FulfillmentState.IN_PROGRESS))
Index(
    "ix_fulfillment_orders_to_do",
    fulfillment_orders.c.location,
    fulfillment_orders.c.released_at_ms,
    sqlite_where=_TO_DO,
    postgresql_where=_TO_DO,
)

_INSERT = insert_rows(fulfillment_orders, ignore=True)
_SELECT = select_by(fulfillment_orders, ["id"])
_UPDATE = update_by(fulfillment_orders, ["id"], ["state"])
_LIST = plain(
    select(*fulfillment_orders.columns)
    .where(_TO_DO, fulfillment_orders.c.location == bindparam("at_location"))
    .order_by(fulfillment_orders.c.released_at_ms)
    .limit(bindparam("most"))
)


async def insert(tx: Tx, new: Iterable[FulfillmentOrder]) -> None:
    """Write fulfillment orders; one that is there already stays as it is."""
    await tx.run(_INSERT, sorted((o.id, o.order_id, o.location, o.state.value, to_ms(o.released_at)) for o in new))


async def load(tx: Tx, ids: Iterable[str]) -> dict[str, FulfillmentOrder]:
    """Fulfillment orders by id. Their order's headline is locked first, which locks them too."""
    return {row[0]: _record(row) for row in await tx.rows(_SELECT, [(i,) for i in sorted(set(ids))])}


async def set_states(tx: Tx, changed: Iterable[tuple[str, FulfillmentState]]) -> None:
    """Set the states of fulfillment orders."""
    await tx.run(_UPDATE, sorted((key, state.value) for key, state in changed))


async def to_do(tx: Tx, location: str, most: int) -> list[FulfillmentOrder]:
    """What a location has to pick or pack, oldest first."""
    return [_record(row) for row in await tx.rows(_LIST, at_location=location, most=most)]


def _record(row: Row) -> FulfillmentOrder:
    key, order_id, location, state, released = row
    return FulfillmentOrder(key, order_id, location, FulfillmentState(state), from_ms(released))
