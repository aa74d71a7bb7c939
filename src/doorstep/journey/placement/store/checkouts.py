"""The tables of checkouts and of the counter of order numbers, and every statement on them."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Index, Table, bindparam, select, update

from doorstep.journey.placement.model.checkout import UNDECIDED, Checkout
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import CheckoutId, OrderId, moment_of, order_of
from doorstep.storage.schema import constant, metadata, one_of, text, whole
from doorstep.storage.statement import insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

checkouts = Table(
    "checkouts",
    metadata,
    text("id", key=True),
    text("state"),
    whole("expires_at_ms"),
    text("body"),
    whole("held_until_ms", otherwise=0),
    sqlite_with_rowid=False,
)
_UNDECIDED = one_of(checkouts.c.state, UNDECIDED)
Index("ix_checkouts_expires", checkouts.c.expires_at_ms, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED)

# Stock is held for them although they are no orders yet; most plans have none of these.
_HELD = checkouts.c.held_until_ms > constant(0)
Index("ix_checkouts_held", checkouts.c.held_until_ms, sqlite_where=_HELD, postgresql_where=_HELD)

counters = Table("counters", metadata, text("name", key=True), whole("value"))

_decode = msgspec.json.Decoder(Checkout).decode
_encode = msgspec.json.Encoder().encode

_INSERT = insert_rows(checkouts, ignore=True)
_LOCK = select_by(checkouts, ["id"], lock=True, columns=["id", "body"])
_READ = select_by(checkouts, ["id"], columns=["id", "body"])
_OF_MOMENT = plain(
    select(checkouts.c.id, checkouts.c.body).where(
        checkouts.c.id >= bindparam("first_id"), checkouts.c.id <= bindparam("last_id")
    )
)
_UPDATE = update_by(checkouts, ["id"], ["state", "expires_at_ms", "body", "held_until_ms"])
_EXPIRED = plain(
    select(checkouts.c.id)
    .where(_UNDECIDED, checkouts.c.expires_at_ms <= bindparam("now"))
    .order_by(checkouts.c.expires_at_ms)
    .limit(bindparam("most"))
)
_OVERDUE = plain(
    select(checkouts.c.id)
    .where(_HELD, checkouts.c.held_until_ms <= bindparam("now"))
    .order_by(checkouts.c.held_until_ms)
    .limit(bindparam("most"))
)
_COUNTER = insert_rows(counters, ignore=True)
_COUNT = plain(
    update(counters)
    .where(counters.c.name == bindparam("which"))
    .values(value=counters.c.value + bindparam("more"))
    .returning(counters.c.value)
)


def _row(checkout: Checkout) -> tuple[str, str, int, str, int]:
    body = _encode(checkout).decode()
    return checkout.id, checkout.state.value, to_ms(checkout.expires_at), body, _held_until_ms(checkout)


def _held_until_ms(checkout: Checkout) -> int:
    """Until when stock is held for a checkout that is no order; 0 when none is."""
    is_open = checkout.held_until and checkout.state in UNDECIDED and not checkout.order_id
    return to_ms(checkout.held_until) if checkout.held_until and is_open else 0


async def insert(tx: Tx, new: Iterable[Checkout]) -> None:
    """Write new checkouts; one whose id is there already stays as it is."""
    await tx.run(_INSERT, sorted(map(_row, new)))


async def lock(tx: Tx, ids: Iterable[CheckoutId]) -> dict[CheckoutId, Checkout]:
    """Lock checkouts in the order of their ids and read them."""
    return {row[0]: _decode(row[1]) for row in await tx.rows(_LOCK, [(i,) for i in sorted(set(ids))])}


async def read(tx: Tx, ids: Iterable[CheckoutId]) -> dict[CheckoutId, Checkout]:
    """Read checkouts."""
    return {row[0]: _decode(row[1]) for row in await tx.rows(_READ, [(i,) for i in ids])}


async def of_order(tx: Tx, order_id: OrderId) -> Checkout | None:
    """The checkout that can become an order: among those of the same moment, that of which its id is a hash."""
    moment = moment_of(order_id)
    rows = await tx.rows(_OF_MOMENT, first_id=f"chk_{moment}", last_id=f"chk_{moment}~")
    return next((_decode(body) for key, body in rows if order_of(key) == order_id), None)


async def update_all(tx: Tx, changed: Iterable[Checkout]) -> None:
    """Write checkouts that changed."""
    await tx.run(_UPDATE, sorted(map(_row, changed)))


async def expired(tx: Tx, now_ms: int, most: int) -> list[CheckoutId]:
    """Checkouts whose time has passed and that are still undecided, oldest first."""
    return [key for (key,) in await tx.rows(_EXPIRED, now=now_ms, most=most)]


async def overdue(tx: Tx, now_ms: int, most: int) -> list[CheckoutId]:
    """Checkouts that are no orders and whose stock has been held for its time, the longest overdue first."""
    return [key for (key,) in await tx.rows(_OVERDUE, now=now_ms, most=most)]


async def next_numbers(tx: Tx, count: int) -> Sequence[int]:
    """Order numbers without a gap. The counter is the last row that a placing transaction locks."""
    if not count:
        return ()
    found = await tx.rows(_COUNT, which="order_number", more=count)
    if not found:
        await tx.run(_COUNTER, [("order_number", 1000)])
        found = await tx.rows(_COUNT, which="order_number", more=count)
    last: int = found[0][0]
    return range(last - count + 1, last + 1)
