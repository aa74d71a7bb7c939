"""The ways worth choosing from where the whole order has one price and one service. Pure."""

from collections.abc import Iterator, Sequence

from doorstep.journey.placement.model.delivering.covers import Covers
from doorstep.journey.placement.model.delivering.ways import Case, Effort, Way, front


def ways_by_order(case: Case, prices: Sequence[int | None], effort: Effort) -> tuple[list[Way], dict[int, list[Way]]]:
    """The front over all tariffs, and that of each; `prices` are theirs for everything together."""
    by_tariff = {
        tariff: _at_once(case, tariff, price) or list(_ways(case, tariff, price, effort))
        for tariff, price in enumerate(prices)
        if price is not None
    }
    if len(by_tariff) == 1:
        return [way for ways in by_tariff.values() for way in ways], by_tariff
    return front([way for ways in by_tariff.values() for way in ways]), by_tariff


def _at_once(case: Case, tariff: int, price: int) -> list[Way]:
    """One delivery than which none is earlier; nothing if there is no such. Mostly there is, and it is soon found."""
    days = case.days_by(tariff)
    soonest = min(days.values(), default=0)
    for at, day in days.items():
        if day == soonest and all(row[at] >= one.quantity for one, row in zip(case.demands, case.free, strict=True)):
            units = (tuple(one.quantity for one in case.demands),)
            return [Way(locations=(at,), tariffs=(tariff,), units=units, cost=price, arrival=day, splits=0)]
    return []


def _ways(case: Case, tariff: int, price: int, effort: Effort) -> Iterator[Way]:
    """The front of one tariff. The price is given, so more deliveries are only worth it if the last comes earlier."""
    covers, days = Covers(case), case.days_by(tariff)
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
