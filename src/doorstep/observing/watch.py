"""The watch: stands at the edges of the program (requests, lanes, jobs, outside calls, transactions) and takes note.

It wraps what runs there and changes nothing of it.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from time import perf_counter
from typing import Any, Protocol, TypeVar

from doorstep.jobs.model import CallKind, FlowKind, Kind, Task
from doorstep.kernel.clock import from_ms, wall_ms
from doorstep.observing.tally import SECONDS, SIZES, Count, Spread
from doorstep.observing.traces import Spans
from doorstep.plug.calls import LOST, Calls
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx

_CLASSES = {1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}
Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Note(Protocol):
    """What the web notes of a request, complete when it was answered."""

    @property
    def method(self) -> str: ...

    @property
    def route(self) -> str: ...

    @property
    def status(self) -> int: ...

    @property
    def seconds(self) -> float: ...

    @property
    def trace_parent(self) -> str: ...


class Watch:
    """Counts, times, and where traces are wanted makes spans."""

    def __init__(self, spans: Spans | None = None) -> None:
        self.spans = spans
        self.running: Counter[str] = Counter()
        self._verdicts: dict[tuple[str, str], Counter[str]] = {}
        self._last: dict[tuple[str, str], tuple[str, int]] = {}
        self._requests = Spread(
            "doorstep_request_seconds", "Requests and how long each took.", ("method", "route", "status")
        )
        self._lanes = Spread("doorstep_lane_batch_size", "Requests that went in one transaction.", ("lane",), SIZES)
        self._sizes = Spread("doorstep_job_batch_size", "Jobs that ran in one batch.", ("kind",), SIZES)
        self._batches = Spread("doorstep_job_batch_seconds", "How long each batch of jobs took.", ("kind", "step"))
        self._failed = Count("doorstep_job_batches_failed", "Batches of jobs that failed, before halving.", ("kind",))
        self._calls = Spread(
            "doorstep_outside_call_seconds",
            "Calls to providers and how long each took.",
            ("kind", "provider", "verdict"),
            (*SECONDS, 30.0),
        )
        self._transactions = Spread(
            "doorstep_transaction_seconds",
            "Writing transactions, the wait for admission included.",
            ("priority", "outcome"),
        )

    @property
    def tallies(self) -> Sequence[Spread | Count]:
        """Everything that was counted."""
        return (
            self._requests,
            self._lanes,
            self._sizes,
            self._batches,
            self._failed,
            self._calls,
            self._transactions,
        )

    def calls(self) -> Sequence[Calls]:
        """What came of the calls to each provider."""
        return [
            Calls(job, provider, dict(verdicts), self._last[job, provider][0], from_ms(self._last[job, provider][1]))
            for (job, provider), verdicts in sorted(self._verdicts.items())
        ]

    def request(self, note: Note) -> AbstractContextManager[None]:
        """Around a request."""
        return _traced(self.spans, note, self._count) if self.spans else _Counted(note, self._count)

    def _count(self, note: Note) -> None:
        self._requests.add((note.method, note.route, _CLASSES.get(note.status // 100, "other")), note.seconds)

    @contextmanager
    def transaction(self, priority: Priority) -> Iterator[None]:
        """Around a writing transaction."""
        began, outcome, name = perf_counter(), "undone", priority.name.lower()
        try:
            if self.spans:
                with self.spans.span("transaction", {"doorstep.priority": name}):
                    yield
            else:
                yield
            outcome = "committed"
        finally:
            self._transactions.add((name, outcome), perf_counter() - began)

    def lane(
        self, name: str, run: Callable[[Tx, Sequence[Request]], Awaitable[Answer]]
    ) -> Callable[[Tx, Sequence[Request]], Awaitable[Answer]]:
        """What a lane runs, watched."""

        async def watched(tx: Tx, requests: Sequence[Request]) -> Answer:
            self._lanes.add((name,), len(requests))
            return await run(tx, requests)

        return watched

    def kind(self, kind: Kind) -> Kind:
        """A kind of job, watched."""
        if isinstance(kind, FlowKind):
            return replace(kind, run=self._batch(kind.name, "run", kind.run))
        return replace(
            kind,
            open=self._batch(kind.name, "open", kind.open),
            call=self._call(kind),
            settle=self._batch(kind.name, "settle", kind.settle),
        )

    def _batch(
        self, name: str, step: str, run: Callable[[Tx, Sequence[Any]], Awaitable[Answer]]
    ) -> Callable[[Tx, Sequence[Any]], Awaitable[Answer]]:
        async def watched(tx: Tx, tasks: Sequence[Task[Any]]) -> Answer:
            began, is_done = perf_counter(), False
            self.running[name] += len(tasks)
            try:
                if self.spans:
                    with self.spans.span(f"job {name}", {"doorstep.step": step, "doorstep.jobs": len(tasks)}):
                        answer = await run(tx, tasks)
                else:
                    answer = await run(tx, tasks)
                is_done = True
                return answer
            finally:
                self.running[name] -= len(tasks)
                self._batches.add((name, step), perf_counter() - began)
                if step != "settle":
                    self._sizes.add((name,), len(tasks))
                if not is_done:
                    self._failed.add((name,))

        return watched

    def _call(self, kind: CallKind[Any, Any, Any]) -> Callable[[Any], Awaitable[Any]]:
        name, call = kind.name, kind.call

        async def watched(request: Any) -> Any:
            provider = provider_of(request)
            began, verdict = perf_counter(), LOST
            self.running[name] += 1
            try:
                if self.spans:
                    with self.spans.span(f"call {name}", {"doorstep.provider": provider}) as span:
                        outcome = await call(request)
                        span.set_attribute("doorstep.verdict", verdict_of(outcome))
                else:
                    outcome = await call(request)
                verdict = verdict_of(outcome)
                return outcome
            finally:
                self.running[name] -= 1
                self._calls.add((name, provider, verdict), perf_counter() - began)
                self._verdicts.setdefault((name, provider), Counter())[verdict] += 1
                self._last[name, provider] = (verdict, wall_ms())

        return watched


class _Counted:
    """Around a request that is counted and not traced."""

    __slots__ = ("_count", "_note")

    def __init__(self, note: Note, count: Callable[[Note], None]) -> None:
        self._note = note
        self._count = count

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        self._count(self._note)


@contextmanager
def _traced(spans: Spans, note: Note, count: Callable[[Note], None]) -> Iterator[None]:
    try:
        with spans.span(note.method, {"http.request.method": note.method}, note.trace_parent) as span:
            yield
            span.update_name(f"{note.method} {note.route}")
            span.set_attribute("http.route", note.route)
            span.set_attribute("http.response.status_code", note.status)
    finally:
        count(note)


def provider_of(request: object) -> str:
    """The provider that a call goes to, whatever the stage names it."""
    for name in ("provider", "carrier"):
        if found := getattr(request, name, ""):
            return str(found)
    return "unknown"


def verdict_of(outcome: object) -> str:
    """How a call ended, in the provider's word for it."""
    return str(getattr(outcome, "verdict", "answered"))
