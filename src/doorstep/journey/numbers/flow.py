"""The numbers' use cases: see which days are due, count one, tell a report. Orders and their journey are only read.

Nothing is written where an order is placed or moved on: a day is recounted from its orders' facts, in pages of which
each is a transaction, and its numbers are replaced when the last page is done. A count that is cut goes on with its
page; one that runs twice comes to the same; one that was overtaken by a later one is dropped.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from doorstep.jobs.model import NewJob, Task
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.ledger.store import Within
from doorstep.journey.numbers import store
from doorstep.journey.numbers.model import cohort, days
from doorstep.journey.numbers.model import report as reports
from doorstep.journey.numbers.model.cohort import Counting
from doorstep.journey.numbers.model.counting import OneOrder, counted
from doorstep.journey.numbers.model.days import Now
from doorstep.journey.numbers.model.report import NumbersQuery, Read, Report
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import OrderId, id_from, moment_ms_of
from doorstep.storage.transaction import Tx

LOOK, COUNT = "numbers.look", "numbers.count"
_DAYS_AT_ONCE = 400
_encode = msgspec.json.Encoder().encode


class Numbers:
    """How the store does, by day and by location. `page` is how many orders are counted in one transaction."""

    def __init__(self, ledger_of: Ledger, page: int = 256) -> None:
        self._ledger = ledger_of
        self._page = page

    async def look(self, tx: Tx, tasks: Sequence[Task[None]]) -> None:
        """See which days' orders are to be counted again."""
        for task in tasks:
            oldest = await ledger.order_ids(tx, "", 1)
            if not oldest:
                continue
            first = days.first_day(from_ms(moment_ms_of(oldest[0])), self._zone)
            now = Now(days.day_of(task.at, self._zone), to_ms(task.at), self._rules)
            due = days.due_days(await store.days(tx), first, now, _DAYS_AT_ONCE)
            await self._ledger.enqueue(tx, (), [_job(Counting(day), task.at) for day in due])

    async def count(self, tx: Tx, tasks: Sequence[Task[Counting]]) -> None:
        """Count a page of one day's orders; with the last one the day's numbers are replaced."""
        for task in tasks:
            window = await self._window(tx, task.body.placed_day)
            counting = task.body if task.body.after else await self._begun(tx, task, window)
            if counting is None:
                continue
            ids = await ledger.placed_within(tx, window, counting.after, self._page)
            counting = cohort.grown(counting, ids[-1] if ids else counting.after, await self._counted(tx, ids))
            if len(ids) == self._page:
                await self._ledger.enqueue(tx, (), [_job(counting, task.at)])
            else:
                await self._end(tx, counting, task.at)

    async def report(self, tx: Tx, query: NumbersQuery) -> Report:
        """The numbers of some days, at a location or of the whole store."""
        plans = await self._ledger.plans.every(tx)
        reports.check(query, {location.id for plan in plans for location in plan.locations})
        place, before = query.location, query.previous
        first, last = days.number_of(query.first_day), days.number_of(query.last_day)
        earlier = days.number_of(before.first_day)
        latest = await store.latest(tx)
        read = Read(
            by_day=await store.by_day(tx, place, first, last),
            before=await store.over_all(tx, place, earlier, first - 1),
            backlog=await store.backlog(tx, place, first),
            backlog_before=await store.backlog(tx, place, earlier),
            counted_at=from_ms(latest[1]) if latest else None,
        )
        return reports.report(query, read)

    async def latest_day(self, tx: Tx) -> date | None:
        """The latest day of which orders were counted; None when none was."""
        latest = await store.latest(tx)
        return days.date_of(latest[0]) if latest else None

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._ledger.plans.in_force.store.time_zone)

    @property
    def _rules(self) -> str:
        return days.rules_of(self._ledger.plans.in_force.store.time_zone)

    async def _window(self, tx: Tx, placed_day: int) -> Within:
        """By the longest time that any version of the plan gave a checkout to be completed."""
        lapses = max(plan.placement.checkout_lapses_minutes for plan in await self._ledger.plans.every(tx))
        window = days.window_of(placed_day, self._zone, timedelta(minutes=lapses))
        first, last = (id_from("ord", to_ms(moment), 0) for moment in (window.ids_from, window.ids_before))
        return Within(to_ms(window.placed_from), to_ms(window.placed_before), first, last)

    async def _begun(self, tx: Tx, task: Task[Counting], window: Within) -> Counting | None:
        """A count at its beginning; None when nothing was told since the last one."""
        placed_day = task.body.placed_day
        orders, facts = await ledger.told_within(tx, window)
        if cohort.is_as_counted(await store.day(tx, placed_day), orders, facts, self._rules):
            await store.touch(tx, placed_day, to_ms(task.at))
            return None
        return Counting(placed_day, facts=facts)

    async def _counted(self, tx: Tx, ids: Sequence[OrderId]) -> list[OneOrder]:
        orders, told = await ledger.load_in_force(tx, ids), await ledger.load_facts(tx, ids)
        await self._ledger.plans.ensure(tx, {order.plan_version for order in orders.values()})
        return [
            counted(
                order, [fact for _, fact in told.get(order.id, [])], self._ledger.plans[order.plan_version], self._zone
            )
            for order in orders.values()
        ]

    async def _end(self, tx: Tx, counting: Counting, at: datetime) -> None:
        if not cohort.is_overtaken(counting, await store.lock(tx, counting.placed_day), self._rules):
            await store.replace(tx, cohort.counted_day(counting, self._rules, to_ms(at)), counting.sums)


def _job(counting: Counting, at: datetime) -> NewJob:
    """The next page of a count. While one waits to begin, the same day is not begun twice."""
    return NewJob(COUNT, f"{COUNT}:{counting.placed_day}:{counting.after}", _encode(counting).decode(), to_ms(at))
