"""A worker over a test's database, kinds of jobs that note what they did, and jobs for them to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.jobs import store
from doorstep.jobs.model import Called, CallKind, FlowKind, Job, Kind, NewJob, Task
from doorstep.jobs.presence import Signals
from doorstep.jobs.queue import Queue
from doorstep.jobs.worker import Worker
from doorstep.kernel.clock import SimulatedClock, to_ms
from doorstep.storage.database import Database
from doorstep.storage.transaction import Tx

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
PATIENCE_SECONDS = 20


def pack(*names: str, kind: str = "pack", due: datetime = NOON, about: str = "") -> list[NewJob]:
    """One job for each name, due at noon unless said otherwise."""
    return [NewJob(kind, f"{kind}:{name}", f'"{name}"', to_ms(due), about) for name in names]


@dataclass
class Packing:
    """A flow that writes an item for each task, so that what it did can be seen only if it was committed."""

    batches: list[list[Any]] = field(default_factory=list)
    tasks: list[Task[Any]] = field(default_factory=list)
    before: Callable[[Sequence[Task[Any]]], None] = lambda _tasks: None
    enough: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, tx: Tx, tasks: Sequence[Task[Any]]) -> None:
        self.batches.append([task.body for task in tasks])
        self.before(tasks)
        await catalog.put(tx, [Item(f"{task.body}", "packed", 1, 1) for task in tasks])
        tx.after_commit(lambda: self._note(tasks))

    def _note(self, tasks: Sequence[Task[Any]]) -> None:
        self.tasks += tasks
        if len(self.tasks) >= self.enough:
            self.done.set()

    def kind(self, name: str = "pack", **more: Any) -> FlowKind[str]:
        return FlowKind(name=name, body=str, run=self.run, linger_seconds=0.0, **more)

    def hourly(self) -> FlowKind[None]:
        """The same as a schedule: a job without a body that comes again every hour."""
        return FlowKind(name="sweep", body=type(None), run=self.run, linger_seconds=0.0, every=timedelta(hours=1))


def poisoned(*names: str) -> Callable[[Sequence[Task[str]]], None]:
    """Fails when one of the named is in the batch."""

    def check(tasks: Sequence[Task[str]]) -> None:
        if bad := [task.body for task in tasks if task.body in names]:
            raise ValueError(f"no box for {bad[0]}")

    return check


def broken(_batch: object) -> None:
    """Fails whatever is in the batch."""
    raise ValueError("nothing works")


@dataclass
class Bank:
    """A kind of job with an outside call. What it did is in its lists, what it settled in the database too."""

    answer: Callable[[str], Awaitable[str]]
    opened: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)
    before: Callable[[Sequence[Called[str, str, str]]], None] = lambda _ended: None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def _open(self, _tx: Tx, tasks: Sequence[Task[str]]) -> list[str | None]:
        self.opened += [task.body for task in tasks]
        return [None if task.body.startswith("idle") else f"key-{task.body}" for task in tasks]

    async def _call(self, key: str) -> str:
        self.called.append(key)
        return await self.answer(key)

    async def _settle(self, tx: Tx, ended: Sequence[Called[str, str, str]]) -> None:
        self.before(ended)
        await catalog.put(tx, [Item(one.call, one.outcome, 1, 1) for one in ended])
        tx.after_commit(lambda: self._note(ended))

    def _note(self, ended: Sequence[Called[str, str, str]]) -> None:
        self.settled += [(one.call, one.outcome) for one in ended]
        self.came.set()

    async def until_settled(self, count: int) -> None:
        """Wait until so many outcomes are committed."""
        while len(self.settled) < count:
            self.came.clear()
            await self.came.wait()

    def kind(self, name: str = "charge", **more: Any) -> CallKind[str, str, str]:
        return CallKind(
            name=name,
            body=str,
            open=self._open,
            call=self._call,
            lost=lambda key: f"lost {key}",
            settle=self._settle,
            linger_seconds=0.0,
            **more,
        )


async def succeed(key: str) -> str:
    """What a bank answers that works."""
    return f"paid {key}"


@dataclass
class Shop:
    """One process: its clock, its queue, its worker."""

    database: Database
    clock: SimulatedClock
    queue: Queue
    worker: Worker
    signals: Signals

    async def enqueue(self, *jobs: NewJob) -> None:
        async with self.database.begin() as tx:
            await self.queue.enqueue(tx, jobs)

    async def drain(self, later: timedelta = timedelta(0)) -> int:
        """Let time pass, and do what is due."""
        self.clock.advance_to(self.clock.now() + later)
        return await self.worker.drain()

    async def vanish(self) -> None:
        """Die without a word: the connection that says that this process lives is closed, and nothing else is done."""
        await self.signals.stop()

    async def packed(self) -> list[str]:
        """What the flows have committed."""
        async with self.database.read() as tx:
            return [item.sku for item in await catalog.page(tx, "", 10_000)]

    async def counts(self) -> dict[str, tuple[int, int, int]]:
        async with self.database.read() as tx:
            return await store.counts(tx)

    async def owned(self) -> list[Job]:
        async with self.database.read() as tx:
            return await store.owned(tx, self.queue.me)

    async def given_up(self) -> list[tuple[str, str]]:
        """The jobs that were given up, and why."""
        async with self.database.read() as tx:
            return [(job.key, job.error) for job in await store.exhausted(tx, 100)]


def a_shop(database: Database, kinds: Iterable[Kind], *, room: int = 8192, now: datetime = NOON) -> Shop:
    """A process that is not started yet: what it enqueues is free for any process."""
    clock = SimulatedClock(now)
    queue = Queue(clock, room)
    signals = database.engine.signals()
    return Shop(database, clock, queue, Worker(database, queue, list(kinds), signals), signals)


@asynccontextmanager
async def open_shop(database: Database, *kinds: Kind, room: int = 8192, now: datetime = NOON) -> AsyncIterator[Shop]:
    """A process that has started, and runs what is due when it is told to drain."""
    shop = a_shop(database, kinds, room=room, now=now)
    try:
        await shop.worker.start()
        yield shop
    finally:
        await shop.worker.leave()


@asynccontextmanager
async def working(shop: Shop) -> AsyncIterator[None]:
    """While the block runs, the worker works by itself; at the end it stops cleanly."""
    running = asyncio.create_task(shop.worker.run())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    finally:
        shop.worker.stop()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await running
