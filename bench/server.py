"""The server that is measured over HTTP, in a process of its own: the program as `doorstep serve` runs it.

With the journey, actors do at once what people and the calendar would do later, in the same process. Without it, jobs
after the authorization are written and left lying.
"""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import replace

from bench.a_store import HurriedClock, opened, sell, settle_memory
from doorstep.app import App, Cast
from doorstep.jobs.model import Kind
from doorstep.jobs.worker import Worker
from doorstep.rehearsal.actors import CAST
from doorstep.serving import application, listening, log_to, run, working
from doorstep.settings import Settings

TOKEN = "a-token-for-measuring"
_UP_TO_AUTHORIZED = {"payment.authorize", "placement.close"}
_NEVER = {"placement.lapse"}  # by the hurried clock every checkout would be two months old


async def stand(url: str, port: int, *, with_journey: bool) -> None:
    """Serve until standard input ends; says "ready" when it listens."""
    log_to(sys.stderr)
    async with opened(url, HurriedClock(), CAST if with_journey else Cast()) as app:
        await sell(app)
        app = replace(app, worker=_worker(app, with_journey=with_journey))
        async with (
            working(app),
            listening(application(app, Settings(api_token=TOKEN, requests_per_minute=0)), "127.0.0.1", port),
        ):
            settle_memory()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)


def _worker(app: App, *, with_journey: bool) -> Worker:
    known: Iterable[Kind] = app.worker.runner.kinds.values()
    kinds = [kind for kind in known if kind.name not in _NEVER and (with_journey or kind.name in _UP_TO_AUTHORIZED)]
    return Worker(app.database, app.queue, kinds, app.database.engine.signals())


if __name__ == "__main__":
    run(stand(sys.argv[1], int(sys.argv[2]), with_journey=sys.argv[3] == "journey"))
