"""What work costs: CPU of this process and of the database, and the time that each piece of work took."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from bench.figures import Round
from doorstep.rehearsal.cost import cost_so_far
from doorstep.storage.database import Database

T = TypeVar("T")


@asynccontextmanager
async def metered(database: Database) -> AsyncIterator[Round]:
    """A round whose times are filled in when the block ends; the block says what was done."""
    spent, start = Round(0, 0.0, 0.0), await cost_so_far(database)
    yield spent
    cost = (await cost_so_far(database)).since(start)
    spent.wall_seconds, spent.cpu_seconds = cost.wall_seconds, cost.cpu_seconds


async def by_clients(clients: Sequence[Callable[[T], Awaitable[bool]]], work: Iterable[T], took: list[float]) -> int:
    """Clients share the work, each asking again as soon as it is answered; returns how many pieces succeeded."""
    left = iter(work)

    async def ask_on(ask: Callable[[T], Awaitable[bool]]) -> int:
        done = 0
        for piece in left:
            began = time.perf_counter()
            done += await ask(piece)
            took.append(time.perf_counter() - began)
        return done

    return sum(await asyncio.gather(*(ask_on(ask) for ask in clients)))
