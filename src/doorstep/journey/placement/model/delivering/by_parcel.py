"""The ways worth choosing from where each parcel has its own price and service. Pure, and exact.

A parcel's price is a step function of its weight. So for each choice of locations and each day by which everything is
to be there, the sums of steps are tried from the cheapest on, until the goods can be spread so that each parcel stays
within its step: that is the least it can cost.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.delivering.covers import Covers
from doorstep.journey.placement.model.delivering.levels import Level, Levels
from doorstep.journey.placement.model.delivering.packing import Packing
from doorstep.journey.placement.model.delivering.sums import Bounds, slope_of, sums, trimmed
from doorstep.journey.placement.model.delivering.tariffs import Contents, billable
from doorstep.journey.placement.model.delivering.ways import Case, Effort, Way, contents_of, front


class _Choice(Struct, frozen=True):
    """Some locations, what at least and at most each of them can send, and how goods are spread over them."""

    locations: tuple[int, ...]
    least: tuple[Contents, ...]
    most: tuple[int, ...]
    packing: Packing


def ways_by_parcel(case: Case, effort: Effort) -> list[Way]:
    """The front of a case."""
    if not case.tariffs:
        return []
    return _Search(case, effort).ways()


class _Search:
    def __init__(self, case: Case, effort: Effort) -> None:
        self._case = case
        self._effort = effort
        self._levels = Levels(case)
        self._everything = case.contents
        self._divisor = case.tariffs[0].divisor
        self._days = [case.days_from(at) for at in range(case.places)]
        self._most = [billable(self._all_at(at), self._divisor) for at in range(case.places)]
        self._found: list[Way] = []
        self._needed = billable(self._everything, self._divisor)
        every = self._levels.of(tuple(range(len(case.tariffs))))
        self._slope = slope_of([every]) if every else None

    def ways(self) -> list[Way]:
        able = [at for at, days in enumerate(self._days) if days]
        covers = Covers(self._case)
        for count in range(1, self._case.most + 1) if self._slope else ():
            for locations in covers.of_size(count, able, self._effort):
                self._try(locations)
        return front(self._found)

    def _try(self, locations: tuple[int, ...]) -> None:
        """Find the cheapest for each day by which everything can come from these."""
        first = max(min(self._days[at].values()) for at in locations)
        least = self._slope.least(len(locations), self._needed) if self._slope else 0
        if self._is_beaten(len(locations), least, first):
            return
        choice: _Choice | None = None
        below: int | None = None
        for day in sorted({day for at in locations for day in self._days[at].values() if day >= first}):
            limits = [limit for limit in (below, self._limit(len(locations), day)) if limit is not None]
            if limits and min(limits) < least:
                return
            choice = choice or self._choice(locations)
            way = self._cheapest_by(choice, day, min(limits, default=None))
            if way:
                self._found.append(way)
                below = way.cost - 1

    def _all_at(self, location: int) -> Contents:
        """All that a location can send."""
        goods = zip(self._case.demands, self._case.free, strict=True)
        return contents_of((demand.unit, free[location]) for demand, free in goods if free[location])

    def _is_beaten(self, count: int, cost: int, day: int) -> bool:
        """Whether something as good in all is known that is better in something, or has fewer deliveries."""
        return any(
            way.cost <= cost and way.arrival <= day and (len(way.locations) < count or way.cost < cost)
            for way in self._found
        )

    def _limit(self, count: int, day: int) -> int | None:
        """The most that a way is worth looking at for; None is any price."""
        costs = [way.cost - (len(way.locations) < count) for way in self._found if way.arrival <= day]
        return min(costs, default=None)

    def _choice(self, locations: tuple[int, ...]) -> _Choice:
        least = tuple(self._forced(at, locations) for at in locations)
        most = tuple(self._most[at] for at in locations)
        return _Choice(locations, least, most, Packing(self._case, locations, self._effort))

    def _forced(self, location: int, locations: Sequence[int]) -> Contents:
        """What must come from a location because the others do not have it."""
        parts = []
        for demand, free in zip(self._case.demands, self._case.free, strict=True):
            elsewhere = sum(free[at] for at in locations if at != location)
            if elsewhere < demand.quantity:
                parts.append((demand.unit, demand.quantity - elsewhere))
        return contents_of(parts)

    def _cheapest_by(self, choice: _Choice, day: int, limit: int | None) -> Way | None:
        """The cheapest that comes from some locations by a day, for no more than the limit."""
        bounds = zip(choice.locations, choice.least, choice.most, strict=True)
        ladders = [self._ladder(at, least, most, day) for at, least, most in bounds]
        if not all(ladders):
            return None
        guessed = self._guessed(choice, day)
        limit = min((one for one in (limit, guessed) if one is not None), default=None)
        for levels in sums(ladders, Bounds(choice.most, self._needed, limit), self._effort):
            spread = choice.packing.spread(levels)
            if spread:
                return self._way(choice.locations, levels, *spread)
        return None

    def _guessed(self, choice: _Choice, day: int) -> int | None:
        """What it costs in the best of a few simple ways: no more than that is of interest."""
        costs = []
        for first in range(len(choice.locations)):
            turned = (*choice.locations[first:], *choice.locations[:first])
            prices = [self._price(at, contents, day) for at, contents in self._filled(turned)]
            costs += [sum(filter(None, prices))] if None not in prices else []
        return min(costs, default=None)

    def _filled(self, locations: Sequence[int]) -> Iterable[tuple[int, Contents]]:
        """Each location sends all it can, one after the other."""
        left = [demand.quantity for demand in self._case.demands]
        for at in locations:
            taken = [min(count, free[at]) for count, free in zip(left, self._case.free, strict=True)]
            left = [count - less for count, less in zip(left, taken, strict=True)]
            goods = zip(self._case.demands, taken, strict=True)
            yield at, contents_of((demand.unit, count) for demand, count in goods if count)

    def _price(self, location: int, contents: Contents, day: int) -> int | None:
        tariffs = [self._case.tariffs[by] for by, arrives in self._days[location].items() if arrives <= day]
        prices = (tariff.price(contents) for tariff in tariffs)
        return min((price for price in prices if price is not None), default=None)

    def _ladder(self, location: int, least: Contents, most: int, day: int) -> list[Level]:
        """The levels of a location for what must arrive by a day and is at least and at most so much."""
        tariffs = tuple(by for by, arrives in self._days[location].items() if arrives <= day)
        grams = billable(least, self._divisor)
        fitting = [one for one in self._levels.of(tariffs) if one.cap >= grams and not least.kinds & ~one.kinds]
        return trimmed(fitting, most)

    def _way(
        self, locations: tuple[int, ...], levels: Sequence[Level], units: tuple[tuple[int, ...], ...], splits: int
    ) -> Way | None:
        """The way, unless a parcel is empty: then it is one of fewer deliveries that is known to cost no more."""
        if not all(map(any, units)):
            return None
        tariffs = tuple(level.tariff for level in levels)
        arrival = max(self._days[at][tariff] for at, tariff in zip(locations, tariffs, strict=True))
        cost = sum(level.price for level in levels)
        return Way(locations=locations, tariffs=tariffs, units=units, cost=cost, arrival=arrival, splits=splits)
