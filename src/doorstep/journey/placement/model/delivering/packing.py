"""Whether goods can be spread over a few parcels that may hold so much each. Pure, and exact."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.delivering.levels import Level
from doorstep.journey.placement.model.delivering.ways import Case, Effort

Counts = tuple[int, ...]


class _Good(Struct, frozen=True):
    """A demand on its way into parcels: which one, what a unit is, and how many each location has of it."""

    index: int
    quantity: int
    grams: int
    mm3: int
    kinds: int
    free: Counts


class Packing:
    """Spreads a case's goods over locations whose parcels are of given levels."""

    def __init__(self, case: Case, locations: Sequence[int], effort: Effort) -> None:
        self._goods = sorted(_goods(case, locations), key=_rank)
        self._size = len(locations)
        self._divisor = case.tariffs[0].divisor
        self._effort = effort
        self._rests = [(0, 0)]
        for good in reversed(self._goods):
            grams, mm3 = self._rests[-1]
            self._rests.append((grams + good.grams * good.quantity, mm3 + good.mm3 * good.quantity))
        self._rests.reverse()
        self._levels: Sequence[Level] = ()
        self._failed: set[tuple[int, Counts, Counts, int]] = set()
        self._too_small: list[Sequence[Level]] = []
        self.splits_min = sum(all(free < good.quantity for free in good.free) for good in self._goods)

    def spread(self, levels: Sequence[Level]) -> tuple[tuple[Counts, ...], int] | None:
        """How many of each demand go into each parcel, with as few demands split as can be, and how many those are;
        None when it cannot be.
        """
        if any(_holds_no_more(levels, others) for others in self._too_small):
            return None
        self._levels = levels
        grams = tuple(level.cap for level in levels)
        mm3 = tuple(level.cap * self._divisor for level in levels)
        found = self._attempt(grams, mm3, len(self._goods))
        if found is None:
            self._too_small.append(levels)
            return None
        splits = _splits(found)
        for fewer in range(self.splits_min, splits):
            better = self._attempt(grams, mm3, fewer)
            if better is not None:
                return self._by_parcel(better), fewer
        return self._by_parcel(found), splits

    def _attempt(self, grams: Counts, mm3: Counts, splits: int) -> list[Counts] | None:
        self._failed.clear()
        chosen: list[Counts] = []
        return chosen if self._place(0, grams, mm3, splits, chosen) else None

    def _place(self, at: int, grams: Counts, mm3: Counts, splits: int, chosen: list[Counts]) -> bool:
        """Find room for the goods from one on; `chosen` then says how many of each go where."""
        if at == len(self._goods):
            return all(self._is_heavy(place, grams, mm3) for place in range(self._size))
        state = (at, grams, mm3, splits)
        if state in self._failed or not self._effort.spend() or not self._has_room(at, grams, mm3):
            return False
        good = self._goods[at]
        for counts in self._choices(good, grams, mm3, splits):
            split = sum(map(bool, counts)) > 1
            chosen.append(counts)
            left_grams = tuple(room - good.grams * count for room, count in zip(grams, counts, strict=True))
            left_mm3 = tuple(room - good.mm3 * count for room, count in zip(mm3, counts, strict=True))
            if self._place(at + 1, left_grams, left_mm3, splits - split, chosen):
                return True
            chosen.pop()
        self._failed.add(state)
        return False

    def _has_room(self, at: int, grams: Counts, mm3: Counts) -> bool:
        rest_grams, rest_mm3 = self._rests[at]
        return sum(grams) >= rest_grams and sum(mm3) >= rest_mm3

    def _choices(self, good: _Good, grams: Counts, mm3: Counts, splits: int) -> Iterator[Counts]:
        """How a demand may be spread: whole first, in the plan's order, then split."""
        rooms = [self._room(good, place, grams[place], mm3[place]) for place in range(self._size)]
        if sum(rooms) < good.quantity:
            return
        for place, room in enumerate(rooms):
            if room >= good.quantity:
                yield tuple(good.quantity if other == place else 0 for other in range(self._size))
        if splits > 0:
            yield from (counts for counts in _splittings(good.quantity, rooms) if max(counts) < good.quantity)

    def _room(self, good: _Good, place: int, grams: int, mm3: int) -> int:
        if good.kinds & ~self._levels[place].kinds:
            return 0
        room = good.free[place]
        if good.grams:
            room = min(room, grams // good.grams)
        return min(room, mm3 // good.mm3) if good.mm3 else room

    def _is_heavy(self, place: int, grams: Counts, mm3: Counts) -> bool:
        """Whether a parcel is above the weight below which it would cost more."""
        level = self._levels[place]
        if level.low < 0:
            return True
        return (
            level.cap - grams[place] > level.low or level.cap * self._divisor - mm3[place] > level.low * self._divisor
        )

    def _by_parcel(self, chosen: Sequence[Counts]) -> tuple[Counts, ...]:
        by_demand = {good.index: counts for good, counts in zip(self._goods, chosen, strict=True)}
        return tuple(tuple(by_demand[index][place] for index in range(len(self._goods))) for place in range(self._size))


def _goods(case: Case, locations: Sequence[int]) -> Iterator[_Good]:
    for index, (demand, free) in enumerate(zip(case.demands, case.free, strict=True)):
        unit = demand.unit
        here = tuple(free[at] for at in locations)
        yield _Good(index, demand.quantity, unit.grams, unit.mm3, unit.kinds, here)


def _rank(good: _Good) -> tuple[bool, int, int]:
    """Those that can come from one location alone first, then the heaviest."""
    return sum(map(bool, good.free)) > 1, -good.grams * good.quantity, good.index


def _holds_no_more(levels: Sequence[Level], others: Sequence[Level]) -> bool:
    """Whether what does not fit into the others does not fit into these either."""
    return all(
        one.cap <= other.cap and one.low >= other.low and not one.kinds & ~other.kinds
        for one, other in zip(levels, others, strict=True)
    )


def _splits(chosen: Sequence[Counts]) -> int:
    return sum(sum(map(bool, counts)) > 1 for counts in chosen)


def _splittings(quantity: int, rooms: Sequence[int]) -> Iterator[Counts]:
    """Every way to put a number into rooms, as much as possible into the first ones first."""
    if len(rooms) == 1:
        if quantity <= rooms[0]:
            yield (quantity,)
        return
    others = rooms[1:]
    for count in range(min(quantity, rooms[0]), max(0, quantity - sum(others)) - 1, -1):
        for rest in _splittings(quantity - count, others):
            yield (count, *rest)
