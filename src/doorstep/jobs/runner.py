"""Runs a batch of one kind of job: its transactions, its outside calls, its failures. Loops are the worker's affair."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from doorstep.jobs import store
from doorstep.jobs.halving import in_halves
from doorstep.jobs.model import EXHAUSTED, FREE, Called, CallKind, FlowKind, Job, Kind, Task, next_turn, wait_before
from doorstep.jobs.queue import Queue
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import chance
from doorstep.storage.database import Database

_log = structlog.get_logger("doorstep.jobs")

Ended = tuple[Job, Called[Any, Any, Any]]
Opened = tuple[Job, Task[Any], Any]


class Runner:
    """Knows how each kind of job is run, and sees each batch through: done, tried again later, or given up visibly."""

    def __init__(self, database: Database, queue: Queue, kinds: Sequence[Kind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.done = 0
        self.failed = 0
        self._database = database
        self._queue = queue
        self._decode: dict[str, Callable[[str], Any]] = {
            kind.name: msgspec.json.Decoder(kind.body).decode for kind in kinds
        }

    async def run_flow(self, kind: FlowKind[Any], jobs: Sequence[Job]) -> None:
        """One transaction for the batch: fence, flow, commit."""
        await in_halves(jobs, lambda part: self._flow(kind, part), self._give_up)

    async def open(self, kind: CallKind[Any, Any, Any], jobs: Sequence[Job]) -> list[Opened]:
        """Commit the intents; returns the calls that are to be made."""
        opened: list[Opened] = []
        await in_halves(jobs, lambda part: self._open(kind, part, opened), self._give_up)
        return opened

    async def call(self, kind: CallKind[Any, Any, Any], opened: Opened) -> Ended:
        """Make one outside call, with nothing locked."""
        job, task, request = opened
        try:
            async with asyncio.timeout(kind.timeout_seconds):
                outcome = await kind.call(request)
        except Exception as error:  # whatever a plug-in raises, its call may have had an effect: unknown, never failed
            _log.warning("outside call lost", kind=kind.name, job=job.key, error=repr(error))
            outcome = kind.lost(request)
        return job, Called(task, request, outcome)

    async def settle(self, kind: CallKind[Any, Any, Any], ended: Sequence[Ended]) -> None:
        """Commit what came back."""

        async def give_up(one: Ended, error: Exception) -> None:
            await self._give_up(one[0], error)

        await in_halves(ended, lambda part: self._settle(kind, part), give_up)

    def task_of(self, job: Job) -> Task[Any]:
        """The job as its flow sees it."""
        body = self._decode[job.kind](job.body)
        return Task(self._queue.clock.moment_of(from_ms(job.due_at_ms)), body, job.key, job.attempt)

    async def _flow(self, kind: FlowKind[Any], jobs: Sequence[Job]) -> None:
        tasks = [self.task_of(job) for job in jobs]
        async with self._database.begin(kind.priority) as tx:
            mine = await self._finish(tx, kind, jobs)
            if mine:
                await kind.run(tx, [task for task in tasks if task.key in mine])
        self._count(jobs)

    async def _finish(self, tx: Any, kind: FlowKind[Any], jobs: Sequence[Job]) -> set[str]:
        if kind.every is None:
            return await store.finish(tx, jobs, self._queue.me)
        now, every = self._queue.clock.horizon(), kind.every
        turns = [(job, FREE, to_ms(next_turn(from_ms(job.due_at_ms), every, now)), "") for job in jobs]
        return await store.put_off(tx, turns, self._queue.me)

    async def _open(self, kind: CallKind[Any, Any, Any], jobs: Sequence[Job], opened: list[Opened]) -> None:
        tasks = [self.task_of(job) for job in jobs]
        async with self._database.begin(kind.priority) as tx:
            calls = await kind.open(tx, tasks)
            trios = list(zip(jobs, tasks, calls, strict=True))
            idle = [job for job, _, call in trios if call is None]
            await store.finish(tx, idle, self._queue.me)
        self._count(idle)
        opened.extend(trio for trio in trios if trio[2] is not None)

    async def _settle(self, kind: CallKind[Any, Any, Any], ended: Sequence[Ended]) -> None:
        async with self._database.begin(kind.priority) as tx:
            mine = await store.finish(tx, [job for job, _ in ended], self._queue.me)
            if mine:
                await kind.settle(tx, [called for job, called in ended if job.key in mine])
        self._count([job for job, _ in ended])

    def _count(self, jobs: Sequence[Job]) -> None:
        self.done += len(jobs)
        self._queue.let_go(jobs)

    async def _give_up(self, job: Job, error: Exception) -> None:
        """Try a failed job again later, or keep it where a person sees it."""
        kind = self.kinds[job.kind]
        again = kind.every if isinstance(kind, FlowKind) else None  # a schedule is never given up
        wait = wait_before(job.attempt, chance()) or again
        said = f"{type(error).__name__}: {error}".replace("\0", "\N{REPLACEMENT CHARACTER}")
        _log.error(
            "job failed",
            kind=job.kind,
            job=job.key,
            attempt=job.attempt,
            error=said,
            trace=traceback.format_exception(error),
        )
        due = self._queue.clock.now() + (wait or timedelta(0))
        row = (job, FREE if wait else EXHAUSTED, to_ms(due), said[:2000])
        async with self._database.begin() as tx:
            await store.put_off(tx, [row], self._queue.me)
        self.failed += 1
        self._queue.let_go([job])
