"""The tables of orders, their facts and their headlines, and every statement on them."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Index, Table, bindparam, cast, func, select, tuple_

from doorstep.journey.facts import ANY_FACT, Fact
from doorstep.journey.order import Order
from doorstep.journey.standing import Stage, Standing
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import OrderId
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

orders = Table(
    "orders",
    metadata,
    text("id", key=True),
    text("number"),
    text("reference"),
    text("body"),
    sqlite_with_rowid=False,
)
Index("ux_orders_number", orders.c.number, unique=True)
Index("ix_orders_reference", orders.c.reference)

amended_orders = Table(
    "amended_orders",
    metadata,
    text("order_id", key=True),
    text("change_id", key=True),
    whole("number"),
    text("body"),
    sqlite_with_rowid=False,
)

facts = Table(
    "facts",
    metadata,
    text("order_id", key=True),
    text("kind", key=True),
    text("cause", key=True),
    whole("seq"),
    whole("at_ms"),
    text("body"),
    sqlite_with_rowid=False,
)

headlines = Table(
    "headlines",
    metadata,
    text("order_id", key=True),
    text("number"),
    whole("placed_at_ms"),
    text("stage"),
    whole("since_ms"),
    text("payment"),
    whole("seq"),
    text("standing"),
    whole("due_at_ms", otherwise=0),
    text("plan_version", otherwise=""),
    sqlite_with_rowid=False,
)
Index("ix_headlines_stage", headlines.c.stage, headlines.c.order_id)
_OPEN = headlines.c.due_at_ms > constant(0)
Index(
    "ix_headlines_open",
    headlines.c.stage,
    headlines.c.due_at_ms,
    headlines.c.order_id,
    headlines.c.since_ms,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

_order = msgspec.json.Decoder(Order)
_fact = msgspec.json.Decoder(ANY_FACT)
_standing = msgspec.json.Decoder(Standing)
_encode = msgspec.json.Encoder().encode

_INSERT_ORDERS = insert_rows(orders, ignore=True, returning=["id"])
_ORDERS = select_by(orders, ["id"], columns=["id", "body"])
_INSERT_AMENDED = insert_rows(amended_orders, ignore=True)
_AMENDED = select_by(amended_orders, ["order_id"], columns=["order_id", "number", "body"])
_BY_REFERENCE = select_by(orders, ["reference"], columns=["reference", "id"])
_BY_NUMBER = select_by(orders, ["number"], columns=["number", "id"])
_INSERT_FACTS = insert_rows(facts, ignore=True, returning=["order_id", "kind", "cause"])
_FACTS = select_by(facts, ["order_id"], columns=["order_id", "seq", "body"])
_SINCE = plain(
    select(facts.c.seq, facts.c.kind, facts.c.at_ms)
    .where(facts.c.order_id == bindparam("of_order"), facts.c.seq > bindparam("after"))
    .order_by(facts.c.seq)
)
_EARLIER = select_by(facts, ["order_id", "kind", "cause"], columns=["order_id", "kind", "cause", "body"])
_INSERT_HEADLINES = insert_rows(headlines)
_LOCK = select_by(headlines, ["order_id"], lock=True, columns=["order_id", "standing", "plan_version"])
_STANDINGS = select_by(headlines, ["order_id"], columns=["order_id", "standing"])
_CHANGED = ["stage", "since_ms", "payment", "seq", "standing", "due_at_ms"]
_UPDATE_HEADLINES = update_by(headlines, ["order_id"], _CHANGED)
_HEADLINES = select_by(headlines, ["order_id"], columns=["order_id", *_CHANGED, "plan_version"])
_ORDER_PAGE = plain(
    select(orders.c.id).where(orders.c.id > bindparam("after")).order_by(orders.c.id).limit(bindparam("most"))
)
_WITHIN = (
    headlines.c.order_id >= bindparam("first_id"),
    headlines.c.order_id < bindparam("last_id"),
    headlines.c.placed_at_ms >= bindparam("placed_from_ms"),
    headlines.c.placed_at_ms < bindparam("placed_before_ms"),
)
_TOLD_WITHIN = plain(select(func.count(), cast(func.sum(headlines.c.seq), BigInteger)).where(*_WITHIN))
_PLACED_WITHIN = plain(
    select(headlines.c.order_id)
    .where(*_WITHIN, headlines.c.order_id > bindparam("after"))
    .order_by(headlines.c.order_id)
    .limit(bindparam("most"))
)

_LINE = ("order_id", "number", "placed_at_ms", "stage", "since_ms", "payment", "due_at_ms")
_LINES = tuple(headlines.c[name] for name in _LINE)
_NEWEST = plain(
    select(*_LINES)
    .where(headlines.c.order_id < bindparam("before"))
    .order_by(headlines.c.order_id.desc())
    .limit(bindparam("most"))
)
_IN_STAGE = plain(
    select(*_LINES)
    .where(headlines.c.stage == bindparam("which"), headlines.c.order_id < bindparam("before"))
    .order_by(headlines.c.order_id.desc())
    .limit(bindparam("most"))
)
_BY_ID = select_by(headlines, ["order_id"], columns=_LINE)
_DUE = plain(
    select(*_LINES, headlines.c.standing)
    .where(
        headlines.c.stage == bindparam("which"),
        _OPEN,
        headlines.c.due_at_ms < bindparam("before"),
        tuple_(headlines.c.due_at_ms, headlines.c.order_id) >= tuple_(bindparam("from_due"), bindparam("from_id")),
    )
    .order_by(headlines.c.due_at_ms, headlines.c.order_id)
    .limit(bindparam("most"))
)
_OPEN_STAGES = plain(
    select(
        headlines.c.stage,
        func.count(),
        func.min(headlines.c.since_ms),
        func.count().filter(headlines.c.due_at_ms < bindparam("now")),
        func.min(headlines.c.due_at_ms),
    )
    .where(_OPEN)
    .group_by(headlines.c.stage)
)
_OPEN_BY_PLAN = plain(select(headlines.c.plan_version, func.count()).where(_OPEN).group_by(headlines.c.plan_version))
_COUNT = plain(
    select(func.count())
    .select_from(headlines)
    .where(headlines.c.stage == bindparam("which"), headlines.c.order_id >= bindparam("since"))
)
_UNBUILT = plain(
    select(headlines.c.order_id)
    .where(headlines.c.plan_version == "", headlines.c.order_id > bindparam("after"))
    .order_by(headlines.c.order_id)
    .limit(bindparam("most"))
)
_REBUILD = update_by(headlines, ["order_id"], [*_CHANGED, "plan_version"])
_FACT_COUNT = plain(select(func.count()).select_from(facts))

FactKey = tuple[str, str, str]


class Headline(Struct, frozen=True):
    """An order as lists show it."""

    order_id: OrderId
    number: str
    placed_at_ms: int
    stage: Stage
    since_ms: int
    payment: str
    due_at_ms: int = 0


class OpenStage(Struct, frozen=True):
    """What is in a stage that is no end: how many orders, since when the longest, how many late, the next due."""

    orders: int
    oldest_since_ms: int
    late: int
    next_due_ms: int


class Locked(Struct, frozen=True):
    """Orders that are locked: how each stands, and the version of the plan that each is pinned to."""

    standings: dict[OrderId, Standing]
    versions: dict[OrderId, str]


class Within(Struct, frozen=True):
    """Orders placed between two moments (milliseconds, the second not included), whose ids lie between two others."""

    placed_from_ms: int
    placed_before_ms: int
    first_id: str
    last_id: str


def encode(fact: Fact) -> str:
    """A fact as JSON text."""
    return _encode(fact).decode()


async def insert_orders(tx: Tx, new: Sequence[Order]) -> set[str]:
    """Write orders; returns the ids that were not there yet."""
    rows = sorted((order.id, order.number, order.reference, _encode(order).decode()) for order in new)
    return {order_id for (order_id,) in await tx.rows(_INSERT_ORDERS, rows)}


async def load_orders(tx: Tx, ids: Iterable[str]) -> dict[OrderId, Order]:
    """Orders by id as they were placed; ids that do not exist are left out."""
    return {row[0]: _order.decode(row[1]) for row in await tx.rows(_ORDERS, [(i,) for i in set(ids)])}


async def insert_amended(tx: Tx, new: Iterable[tuple[Order, str, int]]) -> None:
    """Write orders as they are in force after a change: which change it was, and how many there were before it."""
    rows = [(order.id, change_id, number, _encode(order).decode()) for order, change_id, number in new]
    await tx.run(_INSERT_AMENDED, sorted(rows))


async def load_amended(tx: Tx, ids: Iterable[str]) -> dict[OrderId, Order]:
    """Orders that were changed, as they are in force; others are left out."""
    latest: dict[OrderId, tuple[int, str]] = {}
    for order_id, number, body in await tx.rows(_AMENDED, [(i,) for i in sorted(set(ids))]):
        latest[order_id] = max((number, body), latest.get(order_id, (-1, "")))
    return {order_id: _order.decode(body) for order_id, (_, body) in latest.items()}


async def load_in_force(tx: Tx, ids: Sequence[str]) -> dict[OrderId, Order]:
    """Orders by id as they are in force; ids that do not exist are left out."""
    return await load_orders(tx, ids) | await load_amended(tx, ids)


async def ids_by_reference(tx: Tx, references: Iterable[str]) -> dict[str, OrderId]:
    """Order ids by the store's own reference."""
    return {row[0]: row[1] for row in await tx.rows(_BY_REFERENCE, [(r,) for r in references])}


async def ids_by_number(tx: Tx, numbers: Iterable[str]) -> dict[str, OrderId]:
    """Order ids by public number."""
    return {row[0]: row[1] for row in await tx.rows(_BY_NUMBER, [(n,) for n in numbers])}


async def insert_facts(tx: Tx, new: Sequence[tuple[Fact, int]]) -> set[FactKey]:
    """Write facts with their sequence numbers; returns the natural keys that were not there yet."""
    rows = sorted((fact.order_id, fact.kind, fact.cause, seq, to_ms(fact.at), encode(fact)) for fact, seq in new)
    return {(row[0], row[1], row[2]) for row in await tx.rows(_INSERT_FACTS, rows)}


async def load_facts(tx: Tx, ids: Iterable[str]) -> dict[OrderId, list[tuple[int, Fact]]]:
    """All facts of some orders with their numbers, each order's in the order in which they were appended."""
    rows = await tx.rows(_FACTS, [(i,) for i in set(ids)])
    found: dict[OrderId, list[tuple[int, Fact]]] = {}
    for order_id, seq, body in sorted(rows, key=lambda row: (row[0], row[1])):
        found.setdefault(order_id, []).append((seq, _fact.decode(body)))
    return found


async def facts_since(tx: Tx, order_id: str, after: int) -> list[tuple[int, str, int]]:
    """Number, kind and moment (milliseconds) of an order's facts after a number, in their order."""
    return [(row[0], row[1], row[2]) for row in await tx.rows(_SINCE, of_order=order_id, after=after)]


async def earlier(tx: Tx, keys: Iterable[FactKey]) -> dict[FactKey, Fact]:
    """Facts by natural key; those that are not there are left out."""
    rows = await tx.rows(_EARLIER, sorted(set(keys)))
    return {(row[0], row[1], row[2]): _fact.decode(row[3]) for row in rows}


async def insert_headlines(tx: Tx, new: Sequence[tuple[Order, Standing, int]]) -> None:
    """Write the headlines of orders that were just placed, with when each is due."""
    rows = sorted((o.id, o.number, to_ms(o.placed_at), *derived(s, due), o.plan_version) for o, s, due in new)
    await tx.run(_INSERT_HEADLINES, rows)


async def lock(tx: Tx, ids: Iterable[str]) -> Locked:
    """Lock orders, in the order of their ids, and read how they stand."""
    rows = await tx.rows(_LOCK, [(i,) for i in sorted(set(ids))])
    return Locked({row[0]: _standing.decode(row[1]) for row in rows}, {row[0]: row[2] for row in rows})


async def standings(tx: Tx, ids: Iterable[str]) -> dict[OrderId, Standing]:
    """How orders stand, without locking them."""
    return {row[0]: _standing.decode(row[1]) for row in await tx.rows(_STANDINGS, [(i,) for i in set(ids)])}


async def update_headlines(tx: Tx, changed: Iterable[tuple[OrderId, Standing, int]]) -> None:
    """Write how orders stand after their latest facts, and when each is due."""
    await tx.run(_UPDATE_HEADLINES, sorted((order_id, *derived(s, due)) for order_id, s, due in changed))


async def rebuild_headlines(tx: Tx, rebuilt: Iterable[tuple[Order, Standing, int]]) -> None:
    """Write headlines that were made again from all facts."""
    await tx.run(_REBUILD, sorted((o.id, *derived(s, due), o.plan_version) for o, s, due in rebuilt))


async def unbuilt(tx: Tx, after: str, most: int) -> list[OrderId]:
    """Orders whose headline was written by a program that did not know all its columns, a page at a time."""
    return [row[0] for row in await tx.rows(_UNBUILT, after=after, most=most)]


async def headline_rows(tx: Tx, ids: Iterable[str]) -> dict[OrderId, tuple[object, ...]]:
    """The derived columns as they are stored, to compare with `derived`, and the version of the plan after them."""
    return {row[0]: tuple(row[1:]) for row in await tx.rows(_HEADLINES, [(i,) for i in set(ids)])}


def derived(standing: Standing, due: int) -> tuple[str, int, str, int, str, int]:
    """The derived columns that a standing should have."""
    body = _encode(standing).decode()
    return standing.stage.value, standing.since_ms, standing.balance.state, standing.seq, body, due


async def order_ids(tx: Tx, after: str, most: int) -> list[OrderId]:
    """Order ids in order, a page at a time."""
    return [row[0] for row in await tx.rows(_ORDER_PAGE, after=after, most=most)]


async def placed_within(tx: Tx, within: Within, after: str, most: int) -> list[OrderId]:
    """Ids of orders placed within some time, in order, a page at a time."""
    return [row[0] for row in await tx.rows(_PLACED_WITHIN, **asdict(within), after=after, most=most)]


async def told_within(tx: Tx, within: Within) -> tuple[int, int]:
    """How many orders were placed within some time, and the sum of their sequence numbers: it grows with each fact."""
    rows = await tx.rows(_TOLD_WITHIN, **asdict(within))
    return rows[0][0], rows[0][1] or 0


async def newest(tx: Tx, before: str, most: int, stage: str = "") -> list[Headline]:
    """Orders from the newest to the oldest, of one stage or all, a page at a time."""
    if stage:
        rows = await tx.rows(_IN_STAGE, which=stage, before=before, most=most)
    else:
        rows = await tx.rows(_NEWEST, before=before, most=most)
    return [_headline(row) for row in rows]


async def headlines_of(tx: Tx, ids: Iterable[str]) -> dict[OrderId, Headline]:
    """Headlines by id."""
    return {row[0]: _headline(row) for row in await tx.rows(_BY_ID, [(i,) for i in sorted(set(ids))])}


class Span(Struct, frozen=True):
    """Open orders of a stage from a moment and an order on, due before another moment; at most so many."""

    stage: Stage
    from_due_ms: int
    from_id: str
    before_ms: int
    most: int


async def due(tx: Tx, span: Span) -> list[tuple[Headline, Standing]]:
    """Open orders of one stage and how they stand, the soonest due first."""
    where, begin = span.stage.value, span.from_due_ms
    rows = await tx.rows(_DUE, which=where, from_due=begin, from_id=span.from_id, before=span.before_ms, most=span.most)
    return [(_headline(row), _standing.decode(row[-1])) for row in rows]


async def open_stages(tx: Tx, now_ms: int) -> dict[Stage, OpenStage]:
    """What is in each stage that is no end. Orders that have ended are not looked at."""
    return {Stage(row[0]): OpenStage(*row[1:]) for row in await tx.rows(_OPEN_STAGES, now=now_ms)}


async def open_by_plan(tx: Tx) -> dict[str, int]:
    """How many open orders are pinned to each version of the plan."""
    return {row[0]: row[1] for row in await tx.rows(_OPEN_BY_PLAN)}


async def count(tx: Tx, stage: Stage, since_id: str) -> int:
    """How many orders of a stage have an id from a given one on."""
    found: int = (await tx.rows(_COUNT, which=stage.value, since=since_id))[0][0]
    return found


async def fact_count(tx: Tx) -> int:
    """How many facts there are."""
    count: int = (await tx.rows(_FACT_COUNT))[0][0]
    return count


def _headline(row: Row) -> Headline:
    return Headline(row[0], row[1], row[2], Stage(row[3]), row[4], row[5], row[6])
