"""Counts and timings as plain numbers of one process, which cost less than a microsecond, shown as Prometheus wants."""

from bisect import bisect_left
from collections.abc import Sequence

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)

Labels = tuple[str, ...]


class Spread:
    """How values are spread, for each combination of labels."""

    def __init__(self, name: str, says: str, labels: Sequence[str], bounds: Sequence[float] = SECONDS) -> None:
        self._named = (name, says)
        self._labels = labels
        self._bounds = bounds
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def add(self, labels: Labels, value: float) -> None:
        """One more value."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(self._bounds) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(self._bounds, value)] += 1
        self._sums[labels] += value

    def shown(self) -> HistogramMetricFamily:
        """As a Prometheus histogram."""
        family = HistogramMetricFamily(*self._named, labels=self._labels)
        names = [*map(str, self._bounds), "+Inf"]
        for labels, counts in self._counts.items():
            reached, buckets = 0, []
            for name, count in zip(names, counts, strict=True):
                reached += count
                buckets.append((name, reached))
            family.add_metric(labels, buckets, self._sums[labels])
        return family


class Count:
    """How often something happened, for each combination of labels."""

    def __init__(self, name: str, says: str, labels: Sequence[str]) -> None:
        self._named = (name, says)
        self._labels = labels
        self._counts: dict[Labels, float] = {}

    def add(self, labels: Labels, value: float = 1) -> None:
        """So much more."""
        self._counts[labels] = self._counts.get(labels, 0) + value

    def shown(self) -> CounterMetricFamily:
        """As a Prometheus counter."""
        family = CounterMetricFamily(*self._named, labels=self._labels)
        for labels, count in self._counts.items():
            family.add_metric(labels, count)
        return family
