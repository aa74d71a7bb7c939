"""The store's numbers: how fast days are counted, and how fast a report over four hundred of them is told.

A day's orders are taken to the doorstep by the engine and copied to each of the four hundred days before. All of these
are then counted as the worker counts them, and the longest report is read, of the whole store and of a location.
"""

import asyncio
import time
from datetime import timedelta

from bench.a_store import MONDAY, stocked
from bench.days import copy_back
from bench.figures import Budget, Figure, Row
from bench.journey import placed, travel
from bench.meter import metered
from bench.topic import Assignment
from doorstep.app import App
from doorstep.journey.ledger import store as ledger
from doorstep.journey.numbers.model.report import DAYS_MAX, NumbersQuery
from doorstep.kernel.clock import SimulatedClock, to_ms
from doorstep.rehearsal.actors import CAST

_A_DAY, _READS = 500, 15
_REPORT = Budget(50.0)


async def numbers(assignment: Assignment) -> list[Row]:
    """A row for the counting, and one for the reports."""
    async with stocked(assignment.url, CAST) as (app, clock):
        await app.worker.start()
        await placed(app, _A_DAY)
        await travel(app, clock)
        await _copy(assignment.url, app)
        async with metered(app.database) as spent:
            await _count(app, clock)
            spent.done = _A_DAY * DAYS_MAX
        place = app.plans.in_force.locations[0].id
        whole, part = await _times(app, ""), await _times(app, place)
        await app.worker.leave()
    there = f"{_A_DAY * DAYS_MAX:,} orders on {DAYS_MAX} days"
    counted = (Figure("CPU ms per order", (spent.cpu_ms,)), Figure("orders/s", (spent.per_second,)))
    told = (
        Figure("of the store, ms", whole, _REPORT),
        Figure("of a location, ms", part, _REPORT),
    )
    return [
        assignment.row(f"{there}: counted", spent.wall_seconds, counted),
        assignment.row(f"{there}: the longest report", sum(whole + part) / 1000, told),
    ]


async def _copy(url: str, app: App) -> None:
    async with app.database.read() as tx:
        ids = await ledger.order_ids(tx, "", _A_DAY)
        told = await ledger.load_facts(tx, ids)
        orders = await ledger.load_orders(tx, ids)
    bodies = [ledger.encode(fact) for facts in told.values() for _, fact in facts]
    days = [f"{order.placed_at:%Y-%m-%dT}" for order in orders.values()]
    await asyncio.to_thread(copy_back, url, to_ms(MONDAY), [*bodies, *days], ids[0][4:], DAYS_MAX)


async def _count(app: App, clock: SimulatedClock) -> None:
    """Until every day was counted: the clock's day is not, so that one look sees those that the one before left."""
    for _ in range(3):
        clock.advance_to(clock.now() + timedelta(minutes=10))
        await app.worker.drain()


async def _times(app: App, location: str) -> tuple[float, ...]:
    """How long a report takes, in milliseconds; the first time is not counted."""
    day = timedelta(days=1)
    query = NumbersQuery((MONDAY - DAYS_MAX * day).date(), (MONDAY - day).date(), location)
    took = []
    for _ in range(_READS + 1):
        began = time.perf_counter()
        async with app.database.read() as tx:
            report = await app.stages.numbers.report(tx, query)
        took.append(1000 * (time.perf_counter() - began))
        assert report.totals.orders == _A_DAY * DAYS_MAX
    return tuple(took[1:])
