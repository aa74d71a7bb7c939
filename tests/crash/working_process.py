"""A process of its own that works off a store's jobs; run it as a module with the arguments URL BOOKS.

It says "ready" and waits for a line on its input, so that a test can let several begin together. It says "begun" after
its first jobs. When that line was "finish" it ends when no job is left, and in any case cleanly when it is told to by
SIGTERM. Then it says how many jobs it did.
"""

import asyncio
import signal
import sys

from doorstep.app import App, build, bundled_providers
from doorstep.jobs import store as jobs
from doorstep.kernel.clock import SimulatedClock
from doorstep.serving import working
from doorstep.settings import Settings
from doorstep.storage.database import Database
from tests.an_order import DAY, OPENING
from tests.crash.backlog import PLAN

_LOOK_SECONDS = 0.02


async def work(url: str, books: str) -> None:
    """Work until all is done or until told to stop."""
    settings = Settings(database_url=url, data_dir=books)
    database, providers = Database(url), bundled_providers(settings)
    await database.open()
    app = build(PLAN, database, providers, SimulatedClock(OPENING + DAY))
    say("ready")
    finishes = (await asyncio.to_thread(sys.stdin.readline)) == "finish\n"
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with working(app):
        await until_done(app, told, finishes=finishes)
    say(str(app.worker.runner.done))
    await providers.close()
    await database.close()


async def until_done(app: App, told: asyncio.Event, *, finishes: bool) -> None:
    """Until nothing is left but the schedules, which are never done, or until told."""
    waiting, has_begun = asyncio.create_task(told.wait()), False
    while not told.is_set() and (not finishes or await left(app)):
        await asyncio.wait([waiting], timeout=_LOOK_SECONDS)
        if app.worker.runner.done > 100 and not has_begun:
            has_begun = True
            say("begun")
    waiting.cancel()


async def left(app: App) -> int:
    async with app.database.read() as tx:
        counts = await jobs.counts(tx)
    return sum(free + held for kind, (free, held, _) in counts.items() if kind != "placement.lapse")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
