"""Enqueue jobs inside the caller's transaction, and keep those that this process will run itself."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from doorstep.jobs import store
from doorstep.jobs.model import FREE, Job, NewJob
from doorstep.kernel.clock import Clock, to_ms
from doorstep.storage.transaction import Tx


class Queue:
    """Where jobs go. Without a worker in this process they all go to the database for another process to claim.

    With one, a job that is due and for which there is room is born owned by this process: it is written, so that a
    crash loses nothing, but never has to be claimed. It is handed over in memory when the transaction commits.
    """

    def __init__(self, clock: Clock, room: int = 8192) -> None:
        self.clock = clock
        self.me = FREE
        self.held: set[str] = set()
        self.lines: dict[str, deque[Job]] = {}
        self._room = room
        self._woken: Callable[[str], None] = _nobody

    def attach(self, me: int, kinds: Iterable[str], woken: Callable[[str], None]) -> None:
        """From here on this process is worker `me` and runs these kinds; `woken(kind)` is called for each hand-over."""
        self.me = me
        self.lines = {kind: deque() for kind in kinds}
        self._woken = woken

    def detach(self) -> None:
        """This process runs no more jobs."""
        self.me, self.lines, self.held, self._woken = FREE, {}, set(), _nobody

    @property
    def room(self) -> int:
        """How many more jobs this process would hold."""
        return max(0, self._room - len(self.held)) if self.me else 0

    async def enqueue(self, tx: Tx, new: Sequence[NewJob]) -> None:
        """Write jobs. One whose key is already there is the same job and is not written again."""
        if not new:
            return
        horizon, room = to_ms(self.clock.horizon()), self.room
        owners: list[tuple[NewJob, int]] = []
        for job in {job.key: job for job in new}.values():
            mine = room > 0 and job.due_at_ms <= horizon and job.kind in self.lines
            room -= mine
            owners.append((job, self.me if mine else FREE))
        fresh = await store.insert(tx, owners)
        mine_now = [Job(n.key, n.kind, n.body, n.due_at_ms, 0) for n, owner in owners if owner and n.key in fresh]
        if mine_now:
            me = self.me
            tx.after_commit(lambda: self.take(mine_now, me))

    def take(self, jobs: Iterable[Job], me: int) -> None:
        """Put jobs that the database says are this process's in line to be run."""
        if me != self.me:
            return
        kinds = set()
        for job in jobs:
            if job.key not in self.held:
                self.held.add(job.key)
                self.lines[job.kind].append(job)
                kinds.add(job.kind)
        for kind in kinds:
            self._woken(kind)

    def take_batch(self, kind: str, most: int) -> list[Job]:
        """The next jobs of a kind, oldest first."""
        line = self.lines[kind]
        return [line.popleft() for _ in range(min(most, len(line)))]

    @contextmanager
    def batch(self, kind: str, most: int) -> Iterator[list[Job]]:
        """The next jobs of a kind. Should the block raise, those that were not seen through are next again."""
        jobs = self.take_batch(kind, most)
        try:
            yield jobs
        except Exception:
            self.lines[kind].extendleft(job for job in reversed(jobs) if job.key in self.held)
            raise

    def let_go(self, jobs: Iterable[Job]) -> None:
        """These are done with, or somebody else's."""
        self.held.difference_update(job.key for job in jobs)


def _nobody(_kind: str) -> None:
    return None
