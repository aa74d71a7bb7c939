"""The question of how goods can be delivered, as numbers, and an answer to it. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.delivering.tariffs import Contents, Tariff

EFFORT_MAX = 50_000


class Demand(Struct, frozen=True):
    """Units of one item, and what one of them weighs and is."""

    sku: str
    quantity: int
    unit: Contents


class Case(Struct, frozen=True, kw_only=True):
    """What is wanted, and from where and by what it can come.

    `free[d][l]` says how many units of a demand a location can send, at most as many as are wanted. `days[l, t]` is the
    last day (as an ordinal) on which what a location sends by a tariff arrives; it does not send by the others. There
    are `places` locations; they and the tariffs stand in the plan's order. `most` is how many deliveries there may be.
    """

    demands: Sequence[Demand]
    free: Sequence[Sequence[int]]
    days: Mapping[tuple[int, int], int]
    tariffs: Sequence[Tariff]
    places: int
    most: int

    @property
    def contents(self) -> Contents:
        """All of it together."""
        return contents_of((demand.unit, demand.quantity) for demand in self.demands)

    def days_by(self, tariff: int) -> dict[int, int]:
        """The locations that send by a tariff, with the last day on which that arrives."""
        return {at: day for (at, by), day in self.days.items() if by == tariff}

    def days_from(self, location: int) -> dict[int, int]:
        """The tariffs by which a location sends, with the last day on which that arrives."""
        return {by: day for (at, by), day in self.days.items() if at == location}


class Way(Struct, frozen=True, kw_only=True):
    """A way to have everything: which location sends by which tariff, and how many of each demand.

    `units[l][d]` goes by the places of `locations` and of the demands. `splits` counts the demands that come from more
    than one location.
    """

    locations: tuple[int, ...]
    tariffs: tuple[int, ...]
    units: tuple[tuple[int, ...], ...]
    cost: int
    arrival: int
    splits: int

    @property
    def value(self) -> tuple[int, int, int]:
        """What makes it better or worse: deliveries, cost, last arrival; less is better of each."""
        return len(self.locations), self.cost, self.arrival

    @property
    def order(self) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[tuple[int, ...], ...]]:
        """Which of several of the same value is taken: the least."""
        return self.splits, self.locations, self.tariffs, self.units


class Effort:
    """How much is left of the work that a search may be; a real case needs far less than all of it."""

    def __init__(self, most: int = EFFORT_MAX) -> None:
        self.left = most

    @property
    def is_spent(self) -> bool:
        """Whether the search was cut short."""
        return self.left < 0

    def spend(self) -> bool:
        """Do one more step; False when that is too much."""
        self.left -= 1
        return self.left >= 0


def front(ways: Sequence[Way]) -> list[Way]:
    """The ways than which none is better in something and worse in nothing, one for each value, by value."""
    best: dict[tuple[int, int, int], Way] = {}
    for way in ways:
        known = best.get(way.value)
        if known is None or way.order < known.order:
            best[way.value] = way
    return [way for value, way in sorted(best.items()) if not any(_beats(other, value) for other in best)]


def contents_of(parts: Iterable[tuple[Contents, int]]) -> Contents:
    """What several units of several kinds come to."""
    grams = mm3 = kinds = 0
    for unit, count in parts:
        grams += unit.grams * count
        mm3 += unit.mm3 * count
        kinds |= unit.kinds
    return Contents(grams, mm3, kinds)


def _beats(other: tuple[int, int, int], value: tuple[int, int, int]) -> bool:
    return other != value and all(mine <= theirs for mine, theirs in zip(other, value, strict=True))
