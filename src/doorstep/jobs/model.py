"""A job, the two ways in which a kind of job is run, and how long to wait before a failed one is tried again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from msgspec import Struct

from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx

T = TypeVar("T")
C = TypeVar("C")
O = TypeVar("O")  # noqa: E741 - an outcome

FREE = 0
EXHAUSTED = -1
GIVEN_UP = -2
_BACKOFF_SECONDS = (1, 5, 30, 120, 600, 1800, 3600, 7200)


class NewJob(Struct, frozen=True):
    """Work to be done at `due_at`. `key` makes it one job however often it is enqueued; `body` is JSON text."""

    kind: str
    key: str
    body: str
    due_at_ms: int
    about: str = ""


class Job(Struct, frozen=True):
    """A job that this process holds. `attempt` fences it: a job that was taken over has another one."""

    key: str
    kind: str
    body: str
    due_at_ms: int
    attempt: int


class Exhausted(Struct, frozen=True):
    """A job that was tried too often and waits for a person."""

    key: str
    kind: str
    about: str
    attempts: int
    error: str
    due_at_ms: int


class Outstanding(Struct, frozen=True):
    """A job that is due later, was tried too often, or was given up by a person."""

    key: str
    kind: str
    due_at_ms: int
    attempts: int
    error: str
    state: str


class Counts(Struct, frozen=True):
    """How many jobs of a kind there are: due now, due later, held by a process, exhausted."""

    due: int
    later: int
    running: int
    exhausted: int


class Present(Struct, frozen=True):
    """A process that works on jobs, and when it was last seen."""

    name: str
    started_at_ms: int
    seen_at_ms: int


class Task(Struct, Generic[T], frozen=True):
    """A job as its flow sees it: what it is about, and the moment at which it counts as done."""

    at: datetime
    body: T
    key: str
    attempt: int = 0


class Called(Struct, Generic[T, C, O], frozen=True):
    """An outside call that ended, with the task that wanted it."""

    task: Task[T]
    call: C
    outcome: O


@dataclass(frozen=True, kw_only=True)
class FlowKind(Generic[T]):
    """A kind of job that is one transaction for a whole batch. With `every` it comes again by itself.

    `body` is the type, or union of types, that the job's JSON is read as.
    """

    name: str
    body: Any
    run: Callable[[Tx, Sequence[Task[T]]], Awaitable[None]]
    priority: Priority = Priority.BACKGROUND
    batch_max: int = 256
    linger_seconds: float = 0.1
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class CallKind(Generic[T, C, O]):
    """A kind of job with an outside call between two transactions.

    `open` commits the intents of a batch and returns the calls to make (None: nothing to do). Each call is made on its
    own with nothing locked, `at_once_max` at a time. `settle` commits the outcomes of those that have come back. A call
    that runs out of time counts as `lost`.
    """

    name: str
    body: Any
    open: Callable[[Tx, Sequence[Task[T]]], Awaitable[Sequence[C | None]]]
    call: Callable[[C], Awaitable[O]]
    lost: Callable[[C], O]
    settle: Callable[[Tx, Sequence[Called[T, C, O]]], Awaitable[None]]
    priority: Priority = Priority.BACKGROUND
    batch_max: int = 256
    linger_seconds: float = 0.1
    timeout_seconds: float = 20.0
    at_once_max: int = 64


Kind = FlowKind[Any] | CallKind[Any, Any, Any]


def wait_before(attempt: int, chance: float) -> timedelta | None:
    """How long to wait after a failed attempt, give or take a quarter by `chance` (0 to 1); None after the last."""
    if attempt >= len(_BACKOFF_SECONDS):
        return None
    return timedelta(seconds=_BACKOFF_SECONDS[attempt] * (0.75 + chance / 2))


def next_turn(due_at: datetime, every: timedelta, now: datetime) -> datetime:
    """The first moment of a repeating schedule after `now`; turns that were missed are not made up for."""
    missed = max(0, (now - due_at) // every)
    return due_at + every * (missed + 1)
