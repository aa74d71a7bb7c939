"""The page of metrics, as a Prometheus server reads it: what was counted, and what is read when it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from doorstep.jobs import store as jobs
from doorstep.jobs.lane import Lane
from doorstep.journey.overview.board import Column
from doorstep.journey.overview.flow import Overview
from doorstep.journey.standing import ENDS
from doorstep.kernel.clock import Clock, to_ms
from doorstep.live.hub import Hub
from doorstep.observing.watch import Watch
from doorstep.storage.database import Database
from doorstep.storage.transaction import Transient

_KEPT_SECONDS = 5.0


class Looked(Struct, frozen=True):
    """What the database said: each kind's jobs that are due, since when, and exhausted; the board."""

    jobs: Mapping[str, tuple[int, int | None, int]]
    board: tuple[Column, ...]


@dataclass(eq=False)
class Metrics:
    """Everything that the page of metrics shows. The database is asked at most every five seconds."""

    watch: Watch
    database: Database
    overview: Overview
    clock: Clock
    hub: Hub
    lanes: Mapping[str, Lane[Any, Any]]
    kinds: tuple[str, ...]
    now: Callable[[], float] = monotonic

    def __post_init__(self) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        self._looked = Looked({}, ())
        self._looked_at = float("-inf")
        self._answers = 0

    async def page(self) -> bytes:
        """The page."""
        if self.now() - self._looked_at >= _KEPT_SECONDS:
            self._looked_at = self.now()
            try:
                self._looked, self._answers = await self._look(), 1
            except Transient:
                self._looked, self._answers = Looked({}, ()), 0
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """Every family of metrics, for the registry."""
        for tally in self.watch.tallies:
            yield tally.shown()
        yield _gauge("doorstep_streams_open", "Streams of events that are open.", (), {(): self.hub.listeners})
        depths = {(name,): lane.depth for name, lane in self.lanes.items()}
        yield _gauge("doorstep_lane_depth", "Requests that wait in a lane.", ("lane",), depths)
        running = {(kind,): count for kind, count in self.watch.running.items()}
        yield _gauge("doorstep_jobs_running", "Jobs that this process is at.", ("kind",), running)
        yield _gauge("doorstep_database_up", "Whether the database answers.", (), {(): self._answers})
        yield from self._of_jobs()
        open_orders = {(c.stage.value,): c.orders for c in self._looked.board if c.stage not in ENDS}
        yield _gauge("doorstep_orders_open", "Orders in each stage that is no end.", ("stage",), open_orders)

    def _of_jobs(self) -> Iterable[Metric]:
        found, now = self._looked.jobs, to_ms(self.clock.now())
        due = {(kind,): row[0] for kind, row in found.items()}
        ages = {(kind,): max(0, now - row[1]) / 1000 if row[1] is not None else 0 for kind, row in found.items()}
        exhausted = {(kind,): row[2] for kind, row in found.items()}
        yield _gauge("doorstep_jobs_due", "Jobs that are due and free.", ("kind",), due)
        yield _gauge("doorstep_jobs_oldest_due_seconds", "Since when the oldest of them is due.", ("kind",), ages)
        yield _gauge("doorstep_jobs_exhausted", "Jobs that wait for a person.", ("kind",), exhausted)

    async def _look(self) -> Looked:
        async with self.database.read() as tx:
            found = await jobs.load_of(tx, self.kinds, to_ms(self.clock.now()))
            return Looked(found, tuple(await self.overview.board(tx, self.clock.now())))


def _gauge(name: str, says: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
