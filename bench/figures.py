"""What is reported: rows of figures, each with repetitions, median, spread and, if it has one, budget."""

from collections.abc import Iterable, Sequence
from statistics import median, quantiles

from msgspec import Struct, field


class Budget(Struct, frozen=True):
    """What a figure must be: at most a value or, with `least`, at least that. The source is the design's section 8."""

    value: float
    least: bool = False

    def is_met(self, figure: float) -> bool:
        """Whether a figure keeps to it."""
        return figure >= self.value if self.least else figure <= self.value

    def missed_by(self, figure: float) -> float:
        """How far a figure is on the wrong side, as a part of the budget; 0 when it is met."""
        return 0.0 if self.is_met(figure) else abs(figure - self.value) / self.value

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {shown(self.value)}"


class Figure(Struct, frozen=True):
    """One thing that was measured, once for each repetition."""

    name: str
    values: tuple[float, ...]
    budget: Budget | None = None

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.values)

    @property
    def verdict(self) -> str:
        """Whether the budget is met, or by how much it is missed."""
        if self.budget is None:
            return ""
        missed = self.budget.missed_by(self.median)
        return f"missed by {missed:.0%}" if missed else "met"


class Row(Struct, frozen=True, kw_only=True):
    """What one workload gave on one database. `seconds` is how long all its repetitions took, without preparing."""

    topic: str
    database: str
    workload: str
    command: str
    seconds: float
    figures: tuple[Figure, ...] = ()
    skipped: str = ""


class Round(Struct):
    """One repetition: what was done, in which time, at which cost, and how long each thing took, in seconds."""

    done: int
    wall_seconds: float
    cpu_seconds: float
    took: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Done in a second."""
        return self.done / self.wall_seconds

    @property
    def cpu_ms(self) -> float:
        """CPU for each, in milliseconds."""
        return 1000 * self.cpu_seconds / self.done

    def percentile_ms(self, percent: int) -> float:
        """The time within which so many of a hundred were done, in milliseconds."""
        return 1000 * quantiles(self.took, n=100)[percent - 1]


def pace(rounds: Sequence[Round], *, per_second: Budget | None = None, cpu: Budget | None = None) -> tuple[Figure, ...]:
    """Orders a second and CPU for each, of all rounds."""
    return (
        Figure("orders/s", tuple(one.per_second for one in rounds), per_second),
        Figure("CPU ms per order", tuple(one.cpu_ms for one in rounds), cpu),
    )


def completing(rounds: Sequence[Round], p99: Budget | None = None) -> tuple[Figure, ...]:
    """How long completing took."""
    return (
        Figure("completing p50 ms", tuple(one.percentile_ms(50) for one in rounds)),
        Figure("completing p99 ms", tuple(one.percentile_ms(99) for one in rounds), p99),
    )


def seconds_of(rounds: Iterable[Round]) -> float:
    """How long all rounds took."""
    return sum(one.wall_seconds for one in rounds)


def shown(value: float) -> str:
    """A number with about three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
