"""Growth: does an order cost more, or a page take longer, when there are many orders?

A seed of orders is taken to the doorstep by the engine, and a few are left under way. Then the database copies the
seed, all rows of all tables, into earlier times (ids begin with their time), until the tables are as large as if
every order had been worked off. At each size the engine takes new orders to the doorstep, and pages are read.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from bench.a_store import sku, stocked
from bench.copies import Copies
from bench.figures import Budget, Figure, Round, Row
from bench.journey import placed, travel
from bench.meter import metered
from bench.topic import Assignment
from doorstep.app import App
from doorstep.journey.overview.lists import OrderQuery, Sorting
from doorstep.journey.overview.shelves import ShelfQuery
from doorstep.journey.overview.work import WorkQuery
from doorstep.journey.standing import Stage
from doorstep.kernel.clock import SimulatedClock
from doorstep.rehearsal.actors import CAST
from doorstep.storage.transaction import Tx

_SEED, _UNDER_WAY, _MEASURED, _READS = 980, 20, 500, 15
_SIZES, _SIZES_IN_FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)
_BEFORE_RELEASE = timedelta(minutes=10)
_PAGE_MS, _TIMES_AS_MUCH = Budget(100.0), Budget(1.3)

Read = Callable[[Tx], Awaitable[object]]


async def growth(assignment: Assignment) -> list[Row]:
    """A row for each size."""
    rows: list[Row] = []
    async with stocked(assignment.url, CAST) as (app, clock):
        await app.worker.start()
        copies = await _seed(assignment, app, clock)
        least = 0.0
        for orders in _SIZES_IN_FULL if assignment.full else _SIZES:
            await asyncio.to_thread(copies.grow_to, orders // (_SEED + _UNDER_WAY))
            rounds = [await _round(app, clock) for _ in range(assignment.repetitions + 1)][1:]
            figures = [Figure("CPU ms per order, placed to delivered", tuple(one.cpu_ms for one in rounds))]
            if least:
                figures.append(Figure("times as much as at the first", (figures[0].median / least,), _TIMES_AS_MUCH))
            least = least or figures[0].median
            figures += [Figure(f"{name} ms", await _times(app, read), _PAGE_MS) for name, read in _pages(app)]
            rows.append(assignment.row(f"{orders:,} orders there", sum(r.wall_seconds for r in rounds), tuple(figures)))
        await app.worker.leave()
    return rows


async def _seed(assignment: Assignment, app: App, clock: SimulatedClock) -> Copies:
    copies = Copies(assignment.url)
    await placed(app, _SEED)
    await travel(app, clock)
    await placed(app, _UNDER_WAY)
    clock.advance_to(clock.now() + _BEFORE_RELEASE)
    await app.worker.drain()
    await asyncio.to_thread(copies.take_seed)
    return copies


async def _round(app: App, clock: SimulatedClock) -> Round:
    async with metered(app.database) as spent:
        await placed(app, _MEASURED)
        await travel(app, clock)
        spent.done = _MEASURED
    return spent


def _pages(app: App) -> Iterable[tuple[str, Read]]:
    async def newest_order(tx: Tx) -> object:
        return await app.overview.story(tx, (await app.overview.newest(tx, most=1))[0].order_id)

    yield "list", lambda tx: app.overview.newest(tx)
    yield "list of a stage with few", lambda tx: app.overview.newest(tx, stage=Stage.CONFIRMED)
    yield "list of a stage with many", lambda tx: app.overview.newest(tx, stage=Stage.DELIVERED)
    yield "board", lambda tx: app.overview.board(tx, app.clock.now())
    yield "one order", newest_order
    yield from _asked(app)


def _asked(app: App) -> Iterable[tuple[str, Read]]:
    """Pages that are asked for with more than a stage."""

    async def records(tx: Tx) -> object:
        newest = await app.overview.newest(tx, most=1)
        return await app.overview.records(tx, await app.overview.story(tx, newest[0].order_id))

    def orders(query: OrderQuery) -> Read:
        return lambda tx: app.overview.orders(tx, query, app.clock.now())

    yield "one order's records", records
    yield "work list", lambda tx: app.overview.work(tx, WorkQuery(), app.clock.now())
    yield "search for what all have", orders(OrderQuery(text="customer"))
    yield "search for two words", orders(OrderQuery(text="customer sku-0001"))
    yield "search for what none has", orders(OrderQuery(text="nobody here"))
    yield "list of what is due", orders(OrderQuery(sorting=Sorting.DUE))
    yield "list of a rare payment", orders(OrderQuery(payments=("refunded",)))
    yield "shelves", lambda tx: app.overview.shelves(tx, ShelfQuery())
    yield "history of an item", lambda tx: app.overview.item_history(tx, sku(1))


async def _times(app: App, read: Read) -> tuple[float, ...]:
    """How long a read takes, in milliseconds; the first time is not counted."""
    took = []
    for _ in range(_READS + 1):
        began = time.perf_counter()
        async with app.database.read() as tx:
            await read(tx)
        took.append(1000 * (time.perf_counter() - began))
    return tuple(took[1:])
