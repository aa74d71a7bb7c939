"""A store with the orders of months: recorded ones taken through the engine, copies of them, and others under way.

The recorded slice is placed within a morning; what its customers canceled is canceled in the days after. Eighteen days
later nearly all of it has come to an end, and the database copies it into earlier times. Then the slice is placed once
more within two days, some with payments that go wrong, and the clock stops in the midst of the work, half a day after
anybody did any.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from bench.a_store import settle_memory
from bench.copies import STEP_MS, Copies, times_of
from doorstep.app import App
from doorstep.jobs.model import Task
from doorstep.journey.ledger import store as ledger
from doorstep.kernel.clock import SimulatedClock, from_ms, to_ms
from doorstep.rehearsal.actors import REHEARSED
from doorstep.rehearsal.demo import demo_app, quiet_plan
from doorstep.rehearsal.recording.journal import Recording, read_recording
from doorstep.rehearsal.replay import Replay
from doorstep.rehearsal.script import script
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate

_SLICE = Path(__file__).parents[1] / "examples" / "online_retail" / "online_retail_slice.csv.xz"
_MOMENT_MS = 53_000 * STEP_MS + STEP_MS // 64  # in October 2026, early in the nine hours of one step
_SEED_HOURS, _CANCELED_DAYS, _ENDED_DAYS = 8, 6, 18
_UNDER_WAY_DAYS = 2
_FORGOTTEN = timedelta(hours=12)
_WRONG = ("decline", "challenge", "capture-fails", "late:900")
_ONE_IN = 11


@asynccontextmanager
async def a_year(url: str, orders: int) -> AsyncIterator[App]:
    """The program on a database with at least so many orders, its memory settled as in service."""
    await migrate(url)
    recording, start = read_recording(_SLICE, None), from_ms(_MOMENT_MS)
    clock = SimulatedClock(start - timedelta(days=1))
    async with demo_app(Settings(database_url=url), quiet_plan(), clock, REHEARSED) as app:
        await app.worker.start()
        seed = _placed_within(recording, start, timedelta(hours=_SEED_HOURS), timedelta(days=_CANCELED_DAYS))
        await _replay(app, clock, seed, start + timedelta(days=_ENDED_DAYS))
        copies = Copies(url, _MOMENT_MS, await times_of(app.database))
        await asyncio.to_thread(copies.take_seed)
        span = timedelta(days=_UNDER_WAY_DAYS)
        near = _again(_placed_within(recording, clock.now(), span, span))
        await _replay(app, clock, near, clock.now() + span, _going_wrong(near))
        await asyncio.to_thread(copies.grow_to, -(-orders // len(recording.invoices)))
        await _count_days(app, clock)
        await app.worker.leave()
        clock.advance_to(clock.now() + _FORGOTTEN)
        settle_memory()
        yield app


def _placed_within(recording: Recording, start: datetime, span: timedelta, canceled: timedelta) -> Recording:
    """The recording as if its orders had been placed within one span and canceled within another, both from a start."""
    first, last = recording.invoices[0].at, recording.invoices[-1].at
    whole = max(last, recording.cancellations[-1].at) - first

    def moved(at: datetime, within: timedelta) -> datetime:
        return from_ms(to_ms(start + within * ((at - first) / whole)))

    return replace(
        recording,
        invoices=tuple(replace(one, at=moved(one.at, span)) for one in recording.invoices),
        cancellations=tuple(replace(one, at=moved(one.at, canceled)) for one in recording.cancellations),
    )


def _again(recording: Recording) -> Recording:
    """The same as other orders: invoices under other numbers."""
    return replace(
        recording,
        invoices=tuple(replace(one, number=f"{one.number}-2") for one in recording.invoices),
        cancellations=tuple(
            replace(
                one,
                number=f"{one.number}-2",
                parts=tuple(replace(part, order_invoice=f"{part.order_invoice}-2") for part in one.parts),
            )
            for one in recording.cancellations
        ),
    )


def _going_wrong(recording: Recording) -> dict[str, str]:
    """The sandbox bank's tokens for some payments."""
    return {one.number: _WRONG[n % len(_WRONG)] for n, one in enumerate(recording.invoices[::_ONE_IN])}


async def _replay(
    app: App, clock: SimulatedClock, recording: Recording, until: datetime, tokens: dict[str, str] | None = None
) -> None:
    replay = Replay(app, clock, lambda _count: None)
    await replay.run(replace(script(recording, app.plans.in_force), tokens=tokens or {}), until)
    clock.advance_to(until)
    await app.worker.drain()
    assert not replay.refused, replay.refused


async def _count_days(app: App, clock: SimulatedClock) -> None:
    """As the worker does it within minutes: days are counted until none is due."""
    async with app.database.begin() as tx:
        await app.stages.numbers.look(tx, [Task(clock.now(), None, "look")])
    await app.worker.drain()


async def order_count(app: App) -> int:
    """How many orders there are."""
    count, after = 0, ""
    async with app.database.read() as tx:
        while ids := await ledger.order_ids(tx, after, 10_000):
            count, after = count + len(ids), ids[-1]
    return count
