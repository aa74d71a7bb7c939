"""The ways worth choosing from where the whole order has one price and one service. Pure."""

from collections.abc import Iterator, Sequence

from doorstep.journey.placement.model.delivering.covers import Covers
from doorstep.journey.placement.model.delivering.ways import Case, Effort, Way, front


def ways_by_order(case: Case, prices: Sequence[int | None], effort: Effort) -> list[Way]:
    """The front over all tariffs; `prices` are theirs for everything together."""
    covers = Covers(case)
    found = [
        way
        for tariff, price in enumerate(prices)
        if price is not None
        for way in _ways(case, covers, tariff, price, effort)
    ]
    return front(found)


def _ways(case: Case, covers: Covers, tariff: int, price: int, effort: Effort) -> Iterator[Way]:
    """The front of one tariff. The price is given, so more deliveries are only worth it if the last comes earlier."""
    days = case.days_by(tariff)
    earliest = _earliest(covers, days)
    best: int | None = None
    for count in range(1, case.most + 1) if earliest is not None else ():
        among = [at for at in days if best is None or days[at] < best]
        choices = covers.of_size(count, among, effort)
        chosen = min(((max(days[at] for at in some), covers.splits(some), some) for some in choices), default=None)
        if chosen:
            best, _, locations = chosen
            yield _way(case, locations, tariff, price, best)
        if best == earliest:
            return


def _earliest(covers: Covers, days: dict[int, int]) -> int | None:
    """The first day by which everything can be there, in however many deliveries."""
    for day in sorted(set(days.values())):
        if covers.suffice([at for at, arrives in days.items() if arrives <= day]):
            return day
    return None


def _way(case: Case, locations: tuple[int, ...], tariff: int, price: int, arrival: int) -> Way:
    """Each demand whole from the first that has it whole; otherwise from those that have most."""
    units = [[0] * len(case.demands) for _ in locations]
    splits = 0
    for index, (demand, free) in enumerate(zip(case.demands, case.free, strict=True)):
        left, whole = demand.quantity, next((n for n, at in enumerate(locations) if free[at] >= demand.quantity), None)
        splits += whole is None
        ranked = [whole] if whole is not None else sorted(range(len(locations)), key=lambda n: -free[locations[n]])
        for place in ranked:
            units[place][index] = min(left, free[locations[place]])
            left -= units[place][index]
    tariffs = (tariff,) * len(locations)
    counts = tuple(map(tuple, units))
    return Way(locations=locations, tariffs=tariffs, units=counts, cost=price, arrival=arrival, splits=splits)
