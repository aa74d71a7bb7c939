"""Where an order's units are taken from: whole from one place if it can be, else from the fewest."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import TypeAlias

from msgspec import Struct

from doorstep.stock.model.balances import Place, Stock

_SEARCHED_MAX = 10  # locations of which every combination is looked at: at most 1,013


class Want(Struct, frozen=True):
    """Units that an order wants: (line position, sku, quantity), from the locations that may ship to it, in order.

    They may come from at most `deliveries_max` locations. `prefer` is one way to have them all: it is taken if all of
    it is free, and means nothing when it is not all that is wanted or not allowed.
    """

    key: str
    lines: tuple[tuple[int, str, int], ...]
    locations: tuple[str, ...]
    deliveries_max: int = 99
    prefer: tuple["Source", ...] = ()


class Source(Struct, frozen=True, array_like=True):
    """Units of one line taken from one location."""

    location: str
    position: int
    sku: str
    quantity: int


class Shortage(Struct, frozen=True):
    """What an order could not have: wanted and available at all its locations together.

    When all together have enough and only its number of deliveries is in the way: at the best that many of them.
    """

    position: int
    sku: str
    wanted: int
    available: int


class Hold(Struct, frozen=True):
    """A wish to hold stock: what is wanted, since when, until when. `again`: its key held something before."""

    want: Want
    at: datetime
    expires_at: datetime
    again: bool = False


class Moved(Struct, frozen=True):
    """Units that something happened to: what caused it, when, and where the units are."""

    cause: str
    at: datetime
    sources: tuple[Source, ...]


Taken: TypeAlias = tuple[Source, ...] | tuple[Shortage, ...]
"""What became of a wish: its sources, or its shortages and nothing taken."""


class Shelves:
    """The balances of a batch while orders take from them one after the other, so that no unit is promised twice."""

    def __init__(self, stocks: Iterable[Stock], safety_stock: int = 0, *, backorder: bool = False) -> None:
        self._free = {(stock.sku, stock.location): stock.available - safety_stock for stock in stocks}
        self._backorder = backorder
        self._places: dict[str, list[Place]] | None = None

    def free(self, skus: Iterable[str], own: Iterable[Source] = ()) -> dict[Place, int]:
        """How many of some items are free, and where, for whoever holds `own`; places with none are left out."""
        if self._places is None:
            self._places = {}
            for sku, location in self._free:
                self._places.setdefault(sku, []).append((sku, location))
        mine = by_place(own)
        places = [place for sku in skus for place in self._places.get(sku, ())]
        return {place: free for place in places if (free := self._free[place] + mine.get(place, 0)) > 0}

    def are_free(self, sources: Iterable[Source]) -> bool:
        """Whether all of some units are free together."""
        return all(self._free.get(place, 0) >= count for place, count in by_place(sources).items())

    def give(self, sources: Iterable[Source]) -> None:
        """Units come back, as free as any."""
        for place, count in by_place(sources).items():
            self._free[place] = self._free.get(place, 0) + count

    def take_back(self, sources: Iterable[Source]) -> None:
        """Units that came back are taken again as they were."""
        self._took(tuple(sources))

    def take(self, want: Want, held: tuple[Source, ...] = ()) -> Taken:
        """Sources for all that is wanted, or the shortages and nothing taken.

        What is preferred is taken if it is free, else what was `held` before; else one location that has everything;
        else the fewest that have it together, the one that can send most first, so that the order comes in few parcels.
        With backorder, what is nowhere is promised from the one that can send most.
        """
        for way in (want.prefer, held):
            if way and self._can_have(want, way):
                return self._took(way)
        whole = next((location for location in want.locations if self._has_all(want, location)), None)
        if whole is not None:
            return self._took(tuple(Source(whole, position, sku, count) for position, sku, count in want.lines))
        ranked = self._by_coverage(want)
        best = self._fewest(want, ranked)
        if not (self._backorder and best) and (short := self._shortages(want, ranked) or self._shortages(want, best)):
            return short
        return self._took(self._spread(want, best))

    def _can_have(self, want: Want, way: Sequence[Source]) -> bool:
        return _is_a_way(want, way) and self.are_free(way)

    def _fewest(self, want: Want, ranked: Sequence[str]) -> Sequence[str]:
        """The fewest locations that together have everything, if so many deliveries are allowed; else the best."""
        near = ranked[:_SEARCHED_MAX]
        if not self._shortages(want, near):
            for count in range(2, min(want.deliveries_max, len(near)) + 1):
                for some in combinations(near, count):
                    if not self._shortages(want, some):
                        return some
        return ranked[: want.deliveries_max]

    def _took(self, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        for source in sources:
            place = (source.sku, source.location)
            self._free[place] = self._free.get(place, 0) - source.quantity
        return sources

    def _shortages(self, want: Want, locations: Sequence[str]) -> tuple[Shortage, ...]:
        wanted = _by_sku(want)
        return tuple(
            Shortage(position, sku, wanted[sku], self._available(sku, locations))
            for position, sku, _ in want.lines
            if self._available(sku, locations) < wanted[sku]
        )

    def _available(self, sku: str, locations: Sequence[str]) -> int:
        return sum(max(0, self._free.get((sku, location), 0)) for location in locations)

    def _has_all(self, want: Want, location: str) -> bool:
        return all(self._free.get((sku, location), 0) >= count for sku, count in _by_sku(want).items())

    def _spread(self, want: Want, locations: Sequence[str]) -> tuple[Source, ...]:
        """Take each line from the locations in turn; what is left over is a backorder at the first of them."""
        skus = {position: sku for position, sku, _ in want.lines}
        places = [(sku, location) for sku in skus.values() for location in locations]
        left = {place: max(0, self._free.get(place, 0)) for place in places}
        taken: dict[tuple[str, int], int] = {}
        for position, sku, count in want.lines:
            rest = count
            for location in locations:
                part = min(rest, left[sku, location])
                left[sku, location] -= part
                taken[location, position] = part
                rest -= part
            taken[locations[0], position] += rest
        return tuple(
            Source(place, position, skus[position], count) for (place, position), count in taken.items() if count
        )

    def _by_coverage(self, want: Want) -> list[str]:
        wanted = _by_sku(want)

        def covered(location: str) -> int:
            return sum(min(count, max(0, self._free.get((sku, location), 0))) for sku, count in wanted.items())

        return sorted(want.locations, key=lambda location: -covered(location))


def _is_a_way(want: Want, way: Sequence[Source]) -> bool:
    """Whether some sources are just what is wanted, from locations that may send it and not too many of them."""
    lines: dict[tuple[int, str], int] = {(position, sku): count for position, sku, count in want.lines}
    for source in way:
        line = (source.position, source.sku)
        lines[line] = lines.get(line, 0) - source.quantity
    places = {source.location for source in way}
    return not any(lines.values()) and places <= set(want.locations) and len(places) <= want.deliveries_max


def by_place(sources: Iterable[Source]) -> dict[Place, int]:
    """Units by (sku, location): lines of one item add up."""
    sums: dict[Place, int] = {}
    for source in sources:
        place = (source.sku, source.location)
        sums[place] = sums.get(place, 0) + source.quantity
    return sums


def _by_sku(want: Want) -> dict[str, int]:
    sums: dict[str, int] = {}
    for _, sku, count in want.lines:
        sums[sku] = sums.get(sku, 0) + count
    return sums
