"""Sums of what parcels can cost, from the least on. Pure."""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import TypeAlias

from msgspec import Struct

from doorstep.journey.placement.model.delivering.levels import Level
from doorstep.journey.placement.model.delivering.ways import Effort

Ladder: TypeAlias = Sequence[Level]
"""Levels, the cheapest first."""

_Beginning: TypeAlias = tuple[int, int, tuple[Level, ...]]


class Bounds(Struct, frozen=True):
    """What each location can send at the most, what all of them have to send together (billable grams), and the
    highest sum that is of interest; None is any.
    """

    most: tuple[int, ...]
    needed: int
    limit: int | None


class Slope(Struct, frozen=True):
    """No parcel of some ladders costs less than the cheapest plus `rise` for each `run` grams above what that holds."""

    price: int
    cap: int
    rise: int
    run: int

    def least(self, parcels: int, grams: int) -> int:
        """What so many parcels cost at the least that hold so much together."""
        return parcels * self.price - -max(0, grams - parcels * self.cap) * self.rise // self.run


def slope_of(ladders: Sequence[Ladder]) -> Slope:
    """The steepest that is true of all the ladders."""
    price = min(ladder[0].price for ladder in ladders)
    cap = max(level.cap for ladder in ladders for level in ladder if level.price == price)
    above = [(level.price - price, level.cap - cap) for ladder in ladders for level in ladder if level.cap > cap]
    rise, run = min(above, key=lambda one: one[0] / one[1], default=(0, 1))
    return Slope(price, cap, rise, run)


def trimmed(levels: Ladder, most: int) -> list[Level]:
    """The levels that a location with so many grams in all may need."""
    found: list[Level] = []
    for level in levels:
        if not any(one.low < 0 and one.cap >= most and not level.kinds & ~one.kinds for one in found):
            found.append(level)
    return found


def sums(ladders: Sequence[Ladder], bounds: Bounds, effort: Effort) -> Iterator[tuple[Level, ...]]:
    """Every choice of a level from each ladder that may hold all of it, the cheapest sums first, up to the limit."""
    *others, last = ladders
    beginnings: list[_Beginning] = []
    waiting: list[tuple[int, int, int]] = []
    for number, beginning in enumerate(_beginnings(others, bounds, slope_of(ladders), effort)):
        beginnings.append(beginning)
        if waits := _ending(beginning, last, bounds.needed, 0):
            heappush(waiting, (waits[0], number, waits[1]))
    while waiting and not effort.is_spent:
        cost, number, step = heappop(waiting)
        if bounds.limit is not None and cost > bounds.limit:
            return
        yield (*beginnings[number][2], last[step])
        if waits := _ending(beginnings[number], last, bounds.needed, step + 1):
            heappush(waiting, (waits[0], number, waits[1]))


def _ending(beginning: _Beginning, last: Ladder, needed: int, step: int) -> tuple[int, int] | None:
    """The sum with the next level of the last ladder that may hold the rest, and which that is."""
    cost, room, _ = beginning
    places = (place for place in range(step, len(last)) if last[place].cap >= needed - room)
    place = next(places, None)
    return None if place is None else (cost + last[place].price, place)


def _beginnings(ladders: Sequence[Ladder], bounds: Bounds, slope: Slope, effort: Effort) -> Iterator[_Beginning]:
    """Every choice from all ladders but the last that is within the bounds: what it costs, may hold, and is."""
    rooms = [sum(bounds.most[place:]) for place in range(len(bounds.most) + 1)]
    stack: list[_Beginning] = [(0, 0, ())]
    while stack:
        cost, room, chosen = stack.pop()
        place = len(chosen)
        if place == len(ladders):
            yield cost, room, chosen
            continue
        for level in ladders[place]:
            paid, holds = cost + level.price, room + min(level.cap, bounds.most[place])
            rest = len(ladders) - place
            if bounds.limit is not None and paid + rest * slope.price > bounds.limit:
                break
            within = bounds.limit is None or paid + slope.least(rest, bounds.needed - holds) <= bounds.limit
            if within and holds + rooms[place + 1] >= bounds.needed:
                if not effort.spend():
                    return
                stack.append((paid, holds, (*chosen, level)))
