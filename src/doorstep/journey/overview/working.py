"""Reading the work list: what waits, from several tables, put together in order of when it is due."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from msgspec import Struct

from doorstep.jobs import store as jobs
from doorstep.journey.care import store as care
from doorstep.journey.fulfillment import store as fulfillment
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.store import Headline, Span
from doorstep.journey.overview import work
from doorstep.journey.overview.cursor import read, written
from doorstep.journey.overview.lists import OPEN
from doorstep.journey.overview.work import STAGES, Item, Waiting, WorkKind, WorkPage, WorkQuery
from doorstep.journey.returns import store as returns
from doorstep.journey.shipping import store as shipping
from doorstep.journey.standing import Stage, Standing
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import OrderId
from doorstep.messages import store as messages
from doorstep.storage.transaction import Tx

T = TypeVar("T")
Place: TypeAlias = tuple[int, str, str, str]
_NOWHERE: Place = (-(2**62), "", "", "")
_NEVER = 2**62
_LAST = "~"
_ROUNDS_MAX = 8
_FETCHED_MIN = 20


class Part(Struct, frozen=True):
    """Items of one table, in order; up to `ends` there are no others, None when there are none at all."""

    items: list[Item]
    ends: Place | None


class Look(Struct, frozen=True):
    """Where to read on, how much at once, and what time it is."""

    after: Place
    most: int
    now: datetime


async def work_page(tx: Tx, query: WorkQuery, now: datetime) -> WorkPage:
    """The most urgent items after a cursor. Little is read more than once, and never an order that has ended."""
    place = read(query.after, Place) if query.after else _NOWHERE
    kinds = set(query.kinds or WorkKind)
    items: list[Item] = []
    goes_on: Place | None = place
    for _ in range(_ROUNDS_MAX):
        look = Look(place, max(_FETCHED_MIN, query.most + 1 - len(items)), now)
        parts = [*await _of_orders(tx, kinds, look), *await _of_records(tx, kinds, look)]
        ends = min((part.ends for part in parts if part.ends), default=None)
        items += _asked_for(query, (one for part in parts for one in part.items), place, ends)
        goes_on = ends
        if ends is None or len(items) > query.most:
            break
        place = max(ends, place)
    if len(items) > query.most:
        goes_on = items[query.most - 1].place
    counts = await _counts(tx, now)
    return WorkPage(tuple(items[: query.most]), written(goes_on) if goes_on else None, counts)


def _asked_for(query: WorkQuery, found: Iterable[Item], after: Place, ends: Place | None) -> list[Item]:
    kinds = query.kinds or tuple(WorkKind)
    chosen = [
        one
        for one in found
        if one.kind in kinds
        and (not query.location or one.location == query.location)
        and after < one.place
        and (ends is None or one.place <= ends)
    ]
    return sorted(chosen, key=lambda one: one.place)


async def _of_orders(tx: Tx, kinds: Collection[WorkKind], look: Look) -> list[Part]:
    """A part for each stage of open orders in which something of these kinds may be found."""
    found: list[tuple[list[tuple[Headline, Standing]], Place | None]] = []
    for stage in OPEN:
        if before := _before(stage, kinds, look.now):
            rows = await ledger.due(tx, Span(stage, look.after[0], look.after[1], before, look.most))
            is_more = len(rows) == look.most
            found.append((rows, (rows[-1][0].due_at_ms, rows[-1][0].order_id, _LAST, "") if is_more else None))
    ends = min((end for _, end in found if end), default=None)
    near = [row for rows, _ in found for row in rows if ends is None or (row[0].due_at_ms, row[0].order_id) <= ends[:2]]
    orders = await _waiting(tx, near)
    return [Part([item for order in orders for item in work.items_of(order, look.now)], ends)]


def _before(stage: Stage, kinds: Collection[WorkKind], now: datetime) -> int:
    """Up to when orders of a stage are due that are to be looked at: all, those that are late, or none (0)."""
    if any(stage in STAGES.get(kind, ()) for kind in kinds):
        return _NEVER
    return to_ms(now) if WorkKind.LATE in kinds else 0


async def _waiting(tx: Tx, rows: Sequence[tuple[Headline, Standing]]) -> list[Waiting]:
    """Orders with their unfinished records, which are read for all of them at once."""
    ids = {headline.order_id: work.open_ids(standing) for headline, standing in rows}
    to_do = await fulfillment.load(tx, [i for found, _, _ in ids.values() for i in found])
    parcels = await shipping.load(tx, [i for _, found, _ in ids.values() for i in found])
    coming = await returns.load(tx, [i for _, _, found in ids.values() for i in found])
    return [
        Waiting(
            headline=headline,
            standing=standing,
            fulfillments=tuple(to_do[i] for i in ids[headline.order_id][0] if i in to_do),
            shipments=tuple(parcels[i] for i in ids[headline.order_id][1] if i in parcels),
            returns=tuple(coming[i] for i in ids[headline.order_id][2] if i in coming),
        )
        for headline, standing in rows
    ]


async def _of_records(tx: Tx, kinds: Collection[WorkKind], look: Look) -> list[Part]:
    """What waits whether its order has ended or not: cases, questions, notices, jobs."""
    due, order_id, now = look.after[0], look.after[1], look.now
    parts: list[Part] = []
    if WorkKind.CASE in kinds:
        cases = await care.cases_due(tx, due, order_id, look.most)
        numbers = await _numbers(tx, [case.order_id for case in cases])
        parts.append(_part(cases, lambda one: work.case_item(one, numbers.get(one.order_id, ""), now), look))
    if WorkKind.QUESTION in kinds:
        asked = await care.questions_due(tx, due, order_id, look.most)
        numbers_of = await _numbers(tx, [question.order_id for question in asked])
        parts.append(_part(asked, lambda one: work.question_item(one, numbers_of.get(one.order_id, ""), now), look))
    if WorkKind.NOTICE in kinds:
        unsure = await messages.unsure(tx, due, order_id, look.most)
        parts.append(_part(unsure, lambda one: work.notice_item(one[0], one[1], now), look))
    if WorkKind.JOB in kinds:
        lost = await jobs.exhausted_due(tx, due, order_id, look.most)
        names = await _numbers(tx, [OrderId(job.about) for job in lost])
        parts.append(_part(lost, lambda one: work.job_item(one, names.get(OrderId(one.about), ""), now), look))
    return parts


def _part(found: Sequence[T], item: Callable[[T], Item], look: Look) -> Part:
    items = [item(one) for one in found]
    return Part(items, items[-1].place if len(items) == look.most else None)


async def _numbers(tx: Tx, ids: Iterable[OrderId]) -> dict[OrderId, str]:
    return {order_id: line.number for order_id, line in (await ledger.headlines_of(tx, ids)).items()}


async def _counts(tx: Tx, now: datetime) -> dict[WorkKind, int]:
    cases, questions = await care.open_counts(tx)
    others = {
        WorkKind.CASE: cases,
        WorkKind.QUESTION: questions,
        WorkKind.NOTICE: await messages.unsure_count(tx),
        WorkKind.JOB: await jobs.exhausted_count(tx),
    }
    return work.counts(await ledger.open_stages(tx, to_ms(now)), others)
