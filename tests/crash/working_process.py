"""A process of its own that works off a store's jobs; run it as a module with the arguments URL BOOKS.

It says "ready" and waits for a line on its input, so that a test can let several begin together. The line says which
orders it places itself: the number of the first and how many. It says "begun" after its first jobs, ends when no job is
left, or cleanly when it is told to by SIGTERM, and says how many jobs it did.
"""

import asyncio
import signal
import sys
from pathlib import Path

from doorstep.app import App
from doorstep.jobs import store as jobs
from doorstep.jobs.model import FlowKind
from tests.an_order import DAY, OPENING, backlog, running
from tests.crash.backlog import PLAN

_LOOK_SECONDS = 0.02
_BEGUN_JOBS = 100


async def work(url: str, books: Path) -> None:
    """Work until all is done or until told to stop."""
    say("ready")
    first, count = map(int, (await asyncio.to_thread(sys.stdin.readline)).split())
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with running(url, PLAN, books=books) as store:
        if count:
            await backlog(store, count, first)
        store.clock.advance_to(OPENING + DAY)
        working = asyncio.create_task(store.app.worker.run())
        await until_done(store.app, told)
        store.app.worker.stop()
        await working
    say(str(store.app.worker.runner.done))


async def until_done(app: App, told: asyncio.Event) -> None:
    """Until nothing is left but the schedules, which are never done, or until told."""
    waiting, has_begun = asyncio.create_task(told.wait()), False
    while not told.is_set() and await left(app):
        await asyncio.wait([waiting], timeout=_LOOK_SECONDS)
        if app.worker.runner.done > _BEGUN_JOBS and not has_begun:
            has_begun = True
            say("begun")
    waiting.cancel()


async def left(app: App) -> int:
    async with app.database.read() as tx:
        counts = await jobs.counts(tx)
    kinds = app.worker.runner.kinds
    never_done = {name for name, kind in kinds.items() if isinstance(kind, FlowKind) and kind.every}
    return sum(free + held for kind, (free, held, _) in counts.items() if kind not in never_done)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
