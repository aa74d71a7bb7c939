"""The journey of orders that were placed: confirmed, released, picked, packed, labeled, handed over, paid, delivered.

Actors do what people would. The worker takes the jobs in batches as large as they are under load.
"""

import asyncio
from datetime import timedelta

from bench.a_store import filled, spread, stocked
from bench.figures import Budget, Round, Row, pace, seconds_of
from bench.meter import metered
from bench.topic import Assignment
from doorstep.app import App
from doorstep.journey.standing import Stage
from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.kept_messages import KeptMessages
from doorstep.rehearsal.actors import CAST

ORDERS = 2000
NOTICES = 3
_JOURNEY = Budget(3.0)
_LONG_ENOUGH = timedelta(weeks=4)  # whole weeks, so that every round begins on a Monday


async def journey(assignment: Assignment) -> list[Row]:
    """From placed to delivered."""
    async with stocked(assignment.url, CAST) as (app, clock):
        await app.worker.start()
        rounds = [await _round(app, clock) for _ in range(assignment.repetitions + 1)][1:]
        await app.worker.leave()
    figures = pace(rounds, cpu=_JOURNEY)
    return [assignment.row(f"{ORDERS:,} orders from placed to delivered, three notices", seconds_of(rounds), figures)]


async def placed(app: App, orders: int) -> None:
    """So many orders, placed and not yet worked on."""
    requests = await filled(app, spread, range(orders))
    await asyncio.gather(*(app.lanes.complete.ask(request) for request in requests))


async def travel(app: App, clock: SimulatedClock) -> None:
    """All that is due within four weeks is done."""
    clock.advance_to(clock.now() + _LONG_ENOUGH)
    await app.worker.drain()


async def delivered(app: App) -> int:
    """How many orders have arrived."""
    async with app.database.read() as tx:
        return next(
            column.orders for column in await app.overview.board(tx, app.clock.now()) if column.stage is Stage.DELIVERED
        )


async def _round(app: App, clock: SimulatedClock) -> Round:
    before, said = await delivered(app), _said(app)
    await placed(app, ORDERS)
    async with metered(app.database) as spent:
        await travel(app, clock)
        spent.done = ORDERS
    assert await delivered(app) - before == ORDERS
    assert _said(app) - said == NOTICES * ORDERS
    return spent


def _said(app: App) -> int:
    kept = app.providers.notifications["kept"]
    assert isinstance(kept, KeptMessages)
    return len(kept.messages())
