"""The tables of balances, movements and reservations, and every statement on them."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import ColumnElement, FromClause, Index, Table, and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.sql.base import Executable

from doorstep.kernel.clock import from_ms, to_ms
from doorstep.stock.model.balances import Movement, MovementKind, Place, Stock
from doorstep.stock.model.holding import Reservation, ReservationState
from doorstep.stock.model.sourcing import Source
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import (
    Forms,
    Row,
    Statement,
    columns_of,
    insert_rows,
    lock_by,
    matches,
    plain,
    select_by,
    update_by,
)
from doorstep.storage.transaction import Tx

stock = Table(
    "stock",
    metadata,
    text("sku", key=True),
    text("location", key=True),
    whole("on_hand"),
    whole("reserved"),
    whole("allocated"),
    sqlite_with_rowid=False,
)

movements = Table(
    "stock_movements",
    metadata,
    text("cause", key=True),
    text("kind", key=True),
    text("sku", key=True),
    text("location", key=True),
    whole("at_ms"),
    whole("on_hand"),
    whole("reserved"),
    whole("allocated"),
    sqlite_with_rowid=False,
)

# What leaves a shelf or comes to it, an item's history; what is only promised is not in it.
_ON_HAND = movements.c.on_hand != constant(0)
Index(
    "ix_stock_movements_item",
    movements.c.sku,
    movements.c.at_ms,
    sqlite_where=_ON_HAND,
    postgresql_where=_ON_HAND,
)

reservations = Table(
    "reservations",
    metadata,
    text("id", key=True),
    text("state"),
    whole("expires_at_ms"),
    text("sources"),
    whole("revision", otherwise=0),
    sqlite_with_rowid=False,
)
_ACTIVE = reservations.c.state == constant("active")
Index("ix_reservations_expires", reservations.c.expires_at_ms, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)

_BEFORE = tuple_(bindparam("until"), bindparam("cause"), bindparam("kind"), bindparam("place"))
_PLACE = ["sku", "location"]
_sources = msgspec.json.Decoder(tuple[Source, ...])
_encode = msgspec.json.Encoder().encode

_LOCK_SKUS = select_by(stock, ["sku"], lock=True)
_LOCK_PLACES = select_by(stock, _PLACE, lock=True)
_ONLY_LOCK = lock_by(stock, _PLACE)
_READ_SKUS = select_by(stock, ["sku"])
_NEW_PLACES = insert_rows(stock, ignore=True, returning=_PLACE)
_POST = insert_rows(movements, ignore=True, returning=["cause", "kind", *_PLACE])
_POSTED = select_by(movements, ["cause", "kind", *_PLACE], columns=_PLACE)


def _add(_forms: Forms, batch: FromClause) -> Executable:
    changed = update(stock).where(matches(stock, batch, _PLACE))
    sums = {name: stock.c[name] + batch.c[name] for name in ("on_hand", "reserved", "allocated")}
    return changed.values(sums).returning(*stock.columns)


_ADD = Statement(columns_of(stock, [*_PLACE, "on_hand", "reserved", "allocated"]), _add)
_RESERVE = insert_rows(reservations)
_LOCK_RESERVATIONS = select_by(reservations, ["id"], lock=True)
_CHANGE = update_by(reservations, ["id"], ["state", "expires_at_ms", "sources", "revision"])
_EXPIRED = plain(
    select(reservations.c.id)
    .where(_ACTIVE, reservations.c.expires_at_ms <= bindparam("now"))
    .order_by(reservations.c.expires_at_ms)
    .limit(bindparam("most"))
)
_ALL = plain(select(*stock.columns).order_by(stock.c.sku, stock.c.location))
_AFTER = or_(
    stock.c.sku > bindparam("sku"), and_(stock.c.sku == bindparam("sku"), stock.c.location > bindparam("place"))
)
_PAGE = plain(select(*stock.columns).where(_AFTER).order_by(stock.c.sku, stock.c.location).limit(bindparam("most")))
_PAGE_AT = plain(
    select(*stock.columns)
    .where(_AFTER, stock.c.location == bindparam("at"))
    .order_by(stock.c.sku, stock.c.location)
    .limit(bindparam("most"))
)
_SUMS = plain(
    select(
        movements.c.sku,
        movements.c.location,
        func.sum(movements.c.on_hand),
        func.sum(movements.c.reserved),
        func.sum(movements.c.allocated),
    ).group_by(movements.c.sku, movements.c.location)
)
_CAUSED = select_by(movements, ["cause"])
_HISTORY = plain(
    select(*movements.columns)
    .where(movements.c.sku == bindparam("item"), _ON_HAND, movements.c.at_ms <= bindparam("until"))
    .where(tuple_(movements.c.at_ms, movements.c.cause, movements.c.kind, movements.c.location) < _BEFORE)
    .order_by(*(movements.c[name].desc() for name in ("at_ms", "cause", "kind", "location")))
    .limit(bindparam("most"))
)
_AT = stock.c.location == bindparam("at")
_LOW = stock.c.on_hand - stock.c.reserved - stock.c.allocated < bindparam("below")


def _skus(*wanted: ColumnElement[bool]) -> Statement:
    of_page = select(stock.c.sku).distinct().where(stock.c.sku > bindparam("after"), *wanted)
    return plain(of_page.order_by(stock.c.sku).limit(bindparam("most")))


_SKUS = {
    (False, False): _skus(),
    (True, False): _skus(_LOW),
    (False, True): _skus(_AT),
    (True, True): _skus(_LOW, _AT),
}
_HELD = plain(select(reservations.c.id, reservations.c.sources).where(_ACTIVE))


async def lock_skus(tx: Tx, skus: Iterable[str]) -> list[Stock]:
    """Lock items at all locations, in order, and read their balances."""
    return [Stock(*row) for row in await tx.rows(_LOCK_SKUS, [(sku,) for sku in sorted(set(skus))])]


async def read_skus(tx: Tx, skus: Iterable[str]) -> list[Stock]:
    """Balances of items at all locations, not locked."""
    return [Stock(*row) for row in await tx.rows(_READ_SKUS, [(sku,) for sku in sorted(set(skus))])]


async def lock_places(tx: Tx, places: Iterable[Place]) -> list[Stock]:
    """Lock items at given locations, in order, and read their balances."""
    return [Stock(*row) for row in await tx.rows(_LOCK_PLACES, sorted(set(places)))]


async def only_lock(tx: Tx, places: Iterable[Place]) -> None:
    """Lock items at given locations, in order."""
    await tx.run(_ONLY_LOCK, sorted(set(places)))


async def new_places(tx: Tx, places: Iterable[Place]) -> set[Place]:
    """Make empty balances where there are none yet; returns where."""
    rows = await tx.rows(_NEW_PLACES, [(*place, 0, 0, 0) for place in sorted(set(places))])
    return {(sku, location) for sku, location in rows}


async def adjusted(tx: Tx, cause: str, places: Iterable[Place]) -> set[Place]:
    """Of given items and locations, those that were adjusted for this cause."""
    keys = [(cause, MovementKind.ADJUSTED.value, *place) for place in sorted(set(places))]
    return {(sku, location) for sku, location in await tx.rows(_POSTED, keys)}


async def post(tx: Tx, new: Sequence[Movement]) -> set[tuple[str, str, str, str]]:
    """Write movements; returns the natural keys that were not there yet."""
    rows = sorted(
        (m.cause, m.kind.value, m.sku, m.location, to_ms(m.at), m.on_hand, m.reserved, m.allocated) for m in new
    )
    return {(row[0], row[1], row[2], row[3]) for row in await tx.rows(_POST, rows)}


async def add(tx: Tx, sums: Mapping[Place, tuple[int, int, int]]) -> list[Stock]:
    """Add to balances; returns them as they are then."""
    return [Stock(*row) for row in await tx.rows(_ADD, [(*place, *sums[place]) for place in sorted(sums)])]


async def reserve(tx: Tx, new: Iterable[Reservation]) -> None:
    """Write reservations that were not there before."""
    await tx.run(_RESERVE, sorted(map(_row, new)))


async def lock_reservations(tx: Tx, keys: Iterable[str]) -> dict[str, Reservation]:
    """Lock reservations in the order of their keys and read them."""
    rows = await tx.rows(_LOCK_RESERVATIONS, [(key,) for key in sorted(set(keys))])
    return {row[0]: _reservation(row) for row in rows}


async def change(tx: Tx, changed: Iterable[Reservation]) -> None:
    """Write reservations that changed."""
    await tx.run(_CHANGE, sorted(map(_row, changed)))


def _row(one: Reservation) -> tuple[str, str, int, str, int]:
    return one.key, one.state.value, to_ms(one.expires_at), _encode(one.sources).decode(), one.revision


def _reservation(row: Row) -> Reservation:
    key, state, expires, sources, revision = row
    return Reservation(key, ReservationState(state), _sources.decode(sources), from_ms(expires), revision)


async def expired(tx: Tx, now_ms: int, most: int) -> list[str]:
    """Active reservations whose time has passed, oldest first."""
    return [key for (key,) in await tx.rows(_EXPIRED, now=now_ms, most=most)]


async def balances(tx: Tx) -> list[Stock]:
    """Every balance."""
    return [Stock(*row) for row in await tx.rows(_ALL)]


async def page(tx: Tx, after: Place, most: int, location: str = "") -> list[Stock]:
    """Balances in order of SKU and location after a place, of one location or all."""
    if location:
        rows = await tx.rows(_PAGE_AT, sku=after[0], place=after[1], most=most, at=location)
    else:
        rows = await tx.rows(_PAGE, sku=after[0], place=after[1], most=most)
    return [Stock(*row) for row in rows]


async def movement_sums(tx: Tx) -> dict[Place, tuple[int, int, int]]:
    """What all movements add up to."""
    return {(row[0], row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in await tx.rows(_SUMS)}


async def caused(tx: Tx, causes: Iterable[str]) -> list[Movement]:
    """Movements by their causes, oldest first."""
    rows = await tx.rows(_CAUSED, [(cause,) for cause in sorted(set(causes))])
    return sorted((_movement(row) for row in rows), key=lambda one: (one.at, one.cause, one.kind, one.sku))


async def history(tx: Tx, sku: str, before: tuple[int, str, str, str], most: int) -> list[Movement]:
    """What left the shelves or came to them of an item before (when, cause, kind, location), the latest first."""
    until, cause, kind, place = before
    rows = await tx.rows(_HISTORY, item=sku, until=until, cause=cause, kind=kind, place=place, most=most)
    return [_movement(row) for row in rows]


async def skus(tx: Tx, after: str, most: int, below: int | None = None, location: str = "") -> list[str]:
    """Items that have a balance, in order, after one; where it is asked for, only those with fewer than `below`
    available, or with a balance at one location.
    """
    given: dict[str, str | int] = {"after": after, "most": most}
    given |= {} if below is None else {"below": below}
    given |= {"at": location} if location else {}
    return [sku for (sku,) in await tx.rows(_SKUS[below is not None, bool(location)], None, **given)]


def _movement(row: Row) -> Movement:
    cause, kind, sku, location, at, *sums = row
    return Movement(cause, MovementKind(kind), sku, location, from_ms(at), *sums)


async def active(tx: Tx) -> dict[str, tuple[Source, ...]]:
    """Every active reservation and what it holds."""
    return {key: _sources.decode(sources) for key, sources in await tx.rows(_HELD)}
