"""The worker: claims jobs, lets them gather for a moment, runs them in batches, and stops cleanly."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import structlog

from doorstep.jobs import store
from doorstep.jobs.model import CallKind, FlowKind, Kind, NewJob
from doorstep.jobs.presence import Presence, Signals
from doorstep.jobs.queue import Queue
from doorstep.jobs.runner import Ended, Opened, Runner
from doorstep.kernel.clock import to_ms
from doorstep.storage.database import Database
from doorstep.storage.transaction import Transient

_log = structlog.get_logger("doorstep.worker")
_POLL_SECONDS = 0.5
_BEAT_SECONDS = 3.0
_CLAIM_MAX = 512


class Worker:
    """Runs jobs of all kinds in this process, until told to stop."""

    def __init__(self, database: Database, queue: Queue, kinds: Sequence[Kind], signals: Signals) -> None:
        self.runner = Runner(database, queue, kinds)
        self._database = database
        self._queue = queue
        self._signals = signals
        self._presence = Presence(database, signals)
        self._ready = {kind.name: asyncio.Event() for kind in kinds}
        self._poll = asyncio.Event()
        self._settled: dict[str, tuple[deque[Ended], asyncio.Event]] = {
            kind.name: (deque(), asyncio.Event()) for kind in kinds if isinstance(kind, CallKind)
        }
        self._calling: dict[str, set[asyncio.Task[None]]] = {name: set() for name in self._settled}
        self._suspects: set[str] = set()
        self._stopping = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []

    @property
    def has_died(self) -> bool:
        """Whether a part of it ended that should not have."""
        return not self._stopping.is_set() and any(loop.done() for loop in self._loops)

    async def start(self) -> None:
        """Arrive, take over what dead processes left, and see that every schedule has its job."""
        await self._presence.arrive(self._poll.set)
        self._queue.attach(self._presence.me, self.runner.kinds, self._wake)
        await self._presence.take_over()
        await self._schedule()

    async def run(self) -> None:
        """Work until `stop` is called; what was begun is finished, what was not is handed back."""
        loops: list[Callable[[], Awaitable[None]]] = [self._claim_loop, self._beat_loop]
        for kind in self.runner.kinds.values():
            loops += [lambda kind=kind: self._kind_loop(kind)]  # type: ignore[misc]
            if isinstance(kind, CallKind):
                loops += [lambda kind=kind: self._settle_loop(kind)]  # type: ignore[misc]
        self._loops = [asyncio.create_task(self._supervised(loop)) for loop in loops]
        await asyncio.gather(*self._loops)
        for kind in self.runner.kinds.values():
            if isinstance(kind, CallKind):
                await self._finish_calls(kind)

    def stop(self) -> None:
        """Begin to stop."""
        self._stopping.set()
        self._poll.set()
        for event in (*self._ready.values(), *(event for _, event in self._settled.values())):
            event.set()

    async def leave(self) -> None:
        """Hand back what is left and be known as gone."""
        self._queue.detach()
        await self._presence.leave()

    async def drain(self) -> int:
        """Run all that is due up to the clock's horizon, one batch at a time; returns how many jobs that were.

        This is the worker of a simulation: the same batches and transactions, in an order that does not depend on
        timing.
        """
        before = self.runner.done
        while (kind := self._first_due()) or await self._claim():
            if kind:
                await self._run_through(kind)
        return self.runner.done - before

    def _first_due(self) -> Kind | None:
        heads = [(line[0].due_at_ms, name) for name, line in self._queue.lines.items() if line]
        return self.runner.kinds[min(heads)[1]] if heads else None

    async def _run_through(self, kind: Kind) -> None:
        jobs = self._queue.take_batch(kind.name, kind.batch_max)
        if isinstance(kind, FlowKind):
            await self.runner.run_flow(kind, jobs)
            return
        opened = await self.runner.open(kind, jobs)
        ended = await asyncio.gather(*(self.runner.call(kind, one) for one in opened))
        if ended:
            await self.runner.settle(kind, ended)

    async def _schedule(self) -> None:
        now = to_ms(self._queue.clock.now())
        repeating = [kind for kind in self.runner.kinds.values() if isinstance(kind, FlowKind) and kind.every]
        async with self._database.begin() as tx:
            await self._queue.enqueue(
                tx, [NewJob(kind.name, f"schedule:{kind.name}", "null", now) for kind in repeating]
            )

    async def _claim(self) -> int:
        room, now = min(self._queue.room, _CLAIM_MAX), to_ms(self._queue.clock.horizon())
        if not room:
            return 0
        async with self._database.read() as tx:
            due = await store.due_kinds(tx, self.runner.kinds, now)
        if not due:
            return 0
        async with self._database.begin() as tx:
            claimed = [job for kind in due for job in await store.claim(tx, kind, room, now, self._presence.me)]
        self._queue.take(claimed, self._presence.me)
        return len(claimed)

    async def _supervised(self, loop: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            try:
                await loop()
            except Transient as error:
                _log.warning("the database could not be reached; trying again", error=str(error))
                await self._pause(_POLL_SECONDS)
            except Exception:
                _log.exception("a worker loop failed and is started again")
                await self._pause(_POLL_SECONDS)

    async def _claim_loop(self) -> None:
        while not self._stopping.is_set():
            if not await self._claim():
                await _until(self._poll, _POLL_SECONDS)
                self._poll.clear()

    async def _beat_loop(self) -> None:
        while not self._stopping.is_set():
            await self._pause(_BEAT_SECONDS)
            if not await self._presence.beat():
                await self._start_over()
            if await self._presence.take_over():
                self._poll.set()
            await self._adopt()

    async def _start_over(self) -> None:
        """This process was given up for dead (it was stopped for too long): its jobs are others' now."""
        _log.error("this process was silent for too long and its work was taken over; it starts over as a new worker")
        await self._signals.stop()
        self._presence = Presence(self._database, self._signals)
        await self._presence.arrive(self._poll.set)
        self._queue.detach()
        self._queue.attach(self._presence.me, self.runner.kinds, self._wake)

    async def _adopt(self) -> None:
        """Take in jobs that the database says are ours and memory does not know: a hand-over that was lost.

        A job must be missing at two looks in a row, so that one that is just being finished is not taken again.
        """
        async with self._database.read() as tx:
            found = await store.owned(tx, self._presence.me)
        missing = {job.key: job for job in found if job.key not in self._queue.held}
        lost = [job for key, job in missing.items() if key in self._suspects and job.kind in self.runner.kinds]
        self._suspects = set(missing)
        self._queue.take(lost, self._presence.me)

    async def _kind_loop(self, kind: Kind) -> None:
        ready = self._ready[kind.name]
        while not self._stopping.is_set():
            line = self._queue.lines[kind.name]
            if not line:
                ready.clear()
                await ready.wait()
                continue
            if len(line) < kind.batch_max:
                await self._pause(kind.linger_seconds)
            opened: list[Opened] = []
            with self._queue.batch(kind.name, kind.batch_max) as jobs:
                if isinstance(kind, FlowKind):
                    await self.runner.run_flow(kind, jobs)
                else:
                    opened = await self.runner.open(kind, jobs)
            if isinstance(kind, CallKind):
                await self._make_calls(kind, opened)

    async def _make_calls(self, kind: "CallKind[object, object, object]", opened: Sequence[Opened]) -> None:
        under_way = self._calling[kind.name]
        for one in opened:
            while len(under_way) >= kind.at_once_max:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            calling = asyncio.create_task(self._make_call(kind, one))
            under_way.add(calling)
            calling.add_done_callback(under_way.discard)

    async def _make_call(self, kind: "CallKind[object, object, object]", opened: Opened) -> None:
        came_back, event = self._settled[kind.name]
        came_back.append(await self.runner.call(kind, opened))
        event.set()

    async def _settle_loop(self, kind: "CallKind[object, object, object]") -> None:
        came_back, event = self._settled[kind.name]
        while not self._stopping.is_set():
            if not came_back:
                event.clear()
                await event.wait()
                continue
            await self._pause(kind.linger_seconds)
            await self._settle_all(kind)

    async def _finish_calls(self, kind: "CallKind[object, object, object]") -> None:
        """At the end: wait for the calls that are under way, and commit what they bring."""
        while self._calling[kind.name]:
            await asyncio.wait(self._calling[kind.name])
        await self._settle_all(kind)

    async def _settle_all(self, kind: "CallKind[object, object, object]") -> None:
        came_back, _ = self._settled[kind.name]
        while came_back:
            batch = [came_back.popleft() for _ in range(min(len(came_back), kind.batch_max))]
            try:
                await self.runner.settle(kind, batch)
            except Exception:
                came_back.extendleft(one for one in reversed(batch) if one[0].key in self._queue.held)
                raise

    def _wake(self, kind: str) -> None:
        self._ready[kind].set()

    async def _pause(self, seconds: float) -> None:
        await _until(self._stopping, seconds)


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not longer than some seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
