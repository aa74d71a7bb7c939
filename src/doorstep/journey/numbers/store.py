"""The tables of the numbers, and every statement on them."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Index, Table, bindparam, cast, delete, func, select

from doorstep.journey.numbers.model.days import CountedDay
from doorstep.journey.numbers.model.metrics import Metric, Pair, Slot
from doorstep.journey.numbers.model.report import Total
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

day_numbers = Table(
    "day_numbers",
    metadata,
    text("location", key=True),
    whole("day", key=True),
    text("metric", key=True),
    whole("up_to", key=True),
    whole("placed_day", key=True),
    whole("count"),
    whole("total"),
    sqlite_with_rowid=False,
)
_IS_BACKLOG = day_numbers.c.metric == constant(Metric.BACKLOG.value)
Index("ix_day_numbers_placed_day", day_numbers.c.placed_day)
Index(
    "ix_day_numbers_backlog",
    day_numbers.c.location,
    day_numbers.c.day,
    day_numbers.c.count,
    sqlite_where=_IS_BACKLOG,
    postgresql_where=_IS_BACKLOG,
)

counted_days = Table(
    "counted_days",
    metadata,
    whole("placed_day", key=True),
    text("rules"),
    whole("counted_at_ms"),
    whole("orders"),
    whole("facts"),
    whole("open"),
)

_COUNT = cast(func.sum(day_numbers.c.count), BigInteger)
_TOTAL = cast(func.sum(day_numbers.c.total), BigInteger)
_ASKED = (
    day_numbers.c.location == bindparam("place"),
    day_numbers.c.day.between(bindparam("first"), bindparam("last")),
)
_KEY = (day_numbers.c.day, day_numbers.c.metric, day_numbers.c.up_to)
_BY_DAY = plain(select(*_KEY, _COUNT, _TOTAL).where(*_ASKED).group_by(*_KEY).order_by(*_KEY))
_OVER_ALL = plain(select(*_KEY[1:], _COUNT, _TOTAL).where(*_ASKED).group_by(*_KEY[1:]).order_by(*_KEY[1:]))
_BACKLOG = plain(
    select(_COUNT).where(
        day_numbers.c.location == bindparam("place"), _IS_BACKLOG, day_numbers.c.day < bindparam("first")
    )
)
_DELETE = plain(delete(day_numbers).where(day_numbers.c.placed_day == bindparam("placed")))
_INSERT = insert_rows(day_numbers)
_DAYS = plain(select(*counted_days.columns).order_by(counted_days.c.placed_day))
_DAY = select_by(counted_days, ["placed_day"])
_LATEST = plain(select(func.max(counted_days.c.placed_day), func.max(counted_days.c.counted_at_ms)))
_BEGIN = insert_rows(counted_days, ignore=True)
_LOCK = select_by(counted_days, ["placed_day"], lock=True)
_UPDATE = update_by(counted_days, ["placed_day"], ["rules", "counted_at_ms", "orders", "facts", "open"])
_TOUCH = update_by(counted_days, ["placed_day"], ["counted_at_ms"])


async def days(tx: Tx) -> dict[int, CountedDay]:
    """Every day that was counted."""
    return {row[0]: CountedDay(*row) for row in await tx.rows(_DAYS)}


async def day(tx: Tx, placed_day: int) -> CountedDay | None:
    """What is known of a day, if it was counted."""
    found = await tx.rows(_DAY, [(placed_day,)])
    return CountedDay(*found[0]) if found else None


async def lock(tx: Tx, placed_day: int) -> CountedDay:
    """Lock a day, counted or not, and read what is known of it: two counts of a day end one after the other."""
    await tx.run(_BEGIN, [(placed_day, "", 0, 0, 0, 0)])
    return CountedDay(*(await tx.rows(_LOCK, [(placed_day,)]))[0])


async def replace(tx: Tx, known: CountedDay, sums: Iterable[tuple[Slot, Pair]]) -> None:
    """Put a locked day's numbers in the place of those that were there."""
    await tx.run(_DELETE, placed=known.placed_day)
    rows = [(s.location, s.day, s.metric.value, s.up_to, known.placed_day, *pair) for s, pair in sums]
    await tx.run(_INSERT, sorted(rows))
    await tx.run(_UPDATE, [(known.placed_day, known.rules, known.counted_at_ms, known.orders, known.facts, known.open)])


async def touch(tx: Tx, placed_day: int, at_ms: int) -> None:
    """Note that a day was looked at and is as it was."""
    await tx.run(_TOUCH, [(placed_day, at_ms)])


async def by_day(tx: Tx, location: str, first: int, last: int) -> list[Total]:
    """The sums of each day from the first to the last."""
    rows = await tx.rows(_BY_DAY, place=location, first=first, last=last)
    return [Total(row[0], _METRICS[row[1]], row[2], row[3], row[4]) for row in rows]


async def over_all(tx: Tx, location: str, first: int, last: int) -> list[Total]:
    """The sums over all days from the first to the last."""
    rows = await tx.rows(_OVER_ALL, place=location, first=first, last=last)
    return [Total(first, _METRICS[row[0]], row[1], row[2], row[3]) for row in rows]


async def backlog(tx: Tx, location: str, first: int) -> int:
    """What was still to be sent when a day began. Reads a few small rows for each day before it."""
    count: int | None = (await tx.rows(_BACKLOG, place=location, first=first))[0][0]
    return count or 0


async def latest(tx: Tx) -> tuple[int, int] | None:
    """The latest day that was counted, and when one was last looked at; None when none was."""
    found = (await tx.rows(_LATEST))[0]
    return None if found[0] is None else (found[0], found[1])


_METRICS = {metric.value: metric for metric in Metric}
