"""Reading lists: the orders that can answer, from the newest or the soonest due on, and of them those that do."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from doorstep.journey.ledger import store
from doorstep.journey.ledger.store import Headline, Span
from doorstep.journey.overview.cursor import read, written
from doorstep.journey.overview.lists import (
    SCANNED_MAX,
    OrderQuery,
    RowPage,
    Sorting,
    asked_for,
    rows_of,
    stages_of,
)
from doorstep.journey.search import store as search
from doorstep.journey.search.model import WEEK_MS, wanted, week_of
from doorstep.journey.standing import Stage
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import OrderId, first_id
from doorstep.storage.transaction import Tx

T = TypeVar("T")
LAST_ID = "ord_~"
NEVER = 2**62
# A search puts all that it finds in a week in order first, so it is asked for much at once.
_CHUNK, _CHUNK_MAX = 64, 500
_WEEKS_MAX = 256
_FEW = 4


class Chunk(Struct, frozen=True):
    """Orders that were looked at, in order; `ends` is where to go on, None when there is nothing more."""

    found: list[Headline]
    ends: tuple[int, str] | None


async def page(tx: Tx, query: OrderQuery, now: datetime, lapse: timedelta) -> RowPage:
    """A page of what is asked for. An order is placed at most `lapse` after it begins."""
    place = read(query.after, tuple[int, str]) if query.after else (-1, _first_place(query))
    found: list[Headline] = []
    scanned, size = 0, max(_CHUNK, query.most + 1)
    size_max = SCANNED_MAX if query.text.strip() else _CHUNK_MAX
    while len(found) <= query.most and scanned < SCANNED_MAX:
        chunk = await _next(tx, query, place, size)
        scanned += max(size, len(chunk.found))
        found += asked_for(query, chunk.found, now)
        if chunk.ends is None or _is_past(query, chunk.found, now, lapse):
            place = (0, "")
            break
        place, size = chunk.ends, max(1, min(4 * size, size_max, SCANNED_MAX - scanned))
    shown = found[: query.most]
    orders = await store.load_in_force(tx, [headline.order_id for headline in shown])
    if len(found) > query.most:
        place = _place(query, shown[-1])
    return RowPage(rows_of(shown, orders, now), written(place) if place[1] else None)


def _first_place(query: OrderQuery) -> str:
    """Orders begin before they are placed, so none that was placed before a moment has an id of after it."""
    if query.sorting is Sorting.DUE:
        return ""
    return first_id("ord", to_ms(query.placed_to)) if query.placed_to else LAST_ID


def _place(query: OrderQuery, headline: Headline) -> tuple[int, str]:
    return (headline.due_at_ms if query.sorting is Sorting.DUE else -1), headline.order_id


def _is_past(query: OrderQuery, looked_at: Sequence[Headline], now: datetime, lapse: timedelta) -> bool:
    """Whether all that comes after these cannot be asked for."""
    if not looked_at:
        return False
    if query.sorting is Sorting.DUE:
        return query.late and looked_at[-1].due_at_ms >= to_ms(now)
    return query.placed_from is not None and looked_at[-1].order_id < first_id("ord", to_ms(query.placed_from - lapse))


async def _next(tx: Tx, query: OrderQuery, place: tuple[int, str], most: int) -> Chunk:
    if query.text.strip():
        return await _searched(tx, query, place, most)
    if query.sorting is Sorting.DUE:
        return await _due(tx, stages_of(query), place, most)
    return await _newest(tx, stages_of(query), place[1], most)


async def _newest(tx: Tx, stages: Sequence[Stage], before: str, most: int) -> Chunk:
    if len(stages) == len(Stage):
        found = await store.newest(tx, before, most)
        return Chunk(found, (-1, found[-1].order_id) if len(found) == most else None)
    parts = [await store.newest(tx, before, most, stage) for stage in stages]
    return _merged(parts, most, lambda one: (-1, one.order_id), newest_first=True)


async def _due(tx: Tx, stages: Sequence[Stage], place: tuple[int, str], most: int) -> Chunk:
    parts = []
    for stage in stages:
        rows = await store.due(tx, Span(stage, place[0], place[1], NEVER, most + 1))
        parts.append([line for line, _ in rows if (line.due_at_ms, line.order_id) > place])
    return _merged(parts, most, lambda one: (one.due_at_ms, one.order_id), newest_first=False)


def _merged(
    parts: Sequence[list[Headline]], most: int, key: Callable[[Headline], tuple[int, str]], *, newest_first: bool
) -> Chunk:
    """The first of several lists together."""
    found = sorted((one for part in parts for one in part), key=key, reverse=newest_first)
    is_more = len(found) > most or any(len(part) >= most for part in parts)
    return Chunk(found[:most], key(found[:most][-1]) if is_more else None)


async def _searched(tx: Tx, query: OrderQuery, place: tuple[int, str], most: int) -> Chunk:
    """Orders that have the words, week by week from the newest; soonest due first, all of them are put in order."""
    if query.sorting is Sorting.DUE:
        return await _searched_by_due(tx, query, place, most)
    ids, ends = await found_ids(tx, wanted(query.text), place[1], most)
    by_id = await store.headlines_of(tx, ids)
    return Chunk([by_id[order_id] for order_id in ids], (-1, ends) if ends else None)


async def _searched_by_due(tx: Tx, query: OrderQuery, place: tuple[int, str], most: int) -> Chunk:
    ids: list[OrderId] = []
    before: str | None = LAST_ID
    while before and len(ids) < SCANNED_MAX:
        some, before = await found_ids(tx, wanted(query.text), before, SCANNED_MAX - len(ids))
        ids += some
    by_id = await store.headlines_of(tx, ids)
    found = sorted((one for one in by_id.values() if one.due_at_ms), key=lambda one: (one.due_at_ms, one.order_id))
    rest = [one for one in found if (one.due_at_ms, one.order_id) > place]
    return Chunk(rest[:most], (rest[most - 1].due_at_ms, rest[most - 1].order_id) if len(rest) > most else None)


async def found_ids(tx: Tx, words: Sequence[str], before: str, most: int) -> tuple[list[OrderId], str | None]:
    """Orders that have the words, the newest first, and where to go on; None when there is nothing more.

    Of 256 weeks it looks into those that have all the words, then it is told how far it came. A statement puts all that
    it finds in its weeks in order: of a common word it is asked for one week at a time, of a rare one for ever more.
    """
    span = await search.weeks(tx)
    if span is None or not words:
        return [], None
    first, week = span[0], min(span[1], week_of(OrderId(before)) if before != LAST_ID else span[1])
    stop = max(first, week - _WEEKS_MAX + 1)
    held = await search.weeks_with(tx, words, range(stop, week + 1))
    found: list[OrderId] = []
    at_once = 1
    while held:
        left = most - len(found)
        some = await search.find(tx, words, held[:at_once], before, left)
        found += some
        if len(some) == left:
            return found, found[-1]
        held, at_once = held[at_once:], 2 * at_once if len(some) < left / _FEW else 1
    return found, (first_id("ord", stop * WEEK_MS) if stop > first else None)
