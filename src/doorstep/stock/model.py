"""Stock of an item at a location, the movements that make it, and where an order's units are taken from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from msgspec import Struct

_SEARCHED_MAX = 10  # locations of which every combination is looked at: at most 1,013

Place = tuple[str, str]
"""An item at a location: (sku, location)."""


class MovementKind(StrEnum):
    """Why a balance changed."""

    RECEIVED = "received"
    ADJUSTED = "adjusted"
    RESERVED = "reserved"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKED = "picked"
    RETURNED = "returned"


class Stock(Struct, array_like=True):
    """Balances of an item at a location. `on_hand` is on the shelf; what is reserved or allocated is part of it."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    allocated: int

    @property
    def available(self) -> int:
        """On the shelf and promised to nobody."""
        return self.on_hand - self.reserved - self.allocated


class Movement(Struct, frozen=True):
    """A change of balances, written once. Its natural key is (cause, kind, sku, location)."""

    cause: str
    kind: MovementKind
    sku: str
    location: str
    at: datetime
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0


class Want(Struct, frozen=True):
    """Units that an order wants: (line position, sku, quantity), from the locations that may ship to it, in order.

    They may come from at most `deliveries_max` locations.
    """

    key: str
    lines: tuple[tuple[int, str, int], ...]
    locations: tuple[str, ...]
    deliveries_max: int = 99


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
    """A wish to hold stock: what is wanted, since when, until when."""

    want: Want
    at: datetime
    expires_at: datetime


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

    def take(self, want: Want) -> Taken:
        """Sources for all that is wanted, or the shortages and nothing taken.

        One location that has everything is preferred; otherwise the fewest that have it together, the one that can send
        most first, so that the order comes in few parcels. With backorder, what is nowhere is promised from the one
        that can send most.
        """
        whole = next((location for location in want.locations if self._has_all(want, location)), None)
        if whole is not None:
            return self._took(tuple(Source(whole, position, sku, count) for position, sku, count in want.lines))
        ranked = self._by_coverage(want)
        best = self._fewest(want, ranked)
        if not (self._backorder and best) and (short := self._shortages(want, ranked) or self._shortages(want, best)):
            return short
        return self._took(self._spread(want, best))

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
        left = {place: max(0, free) for place, free in self._free.items()}
        taken: dict[tuple[str, int], int] = {}
        skus = {position: sku for position, sku, _ in want.lines}
        for position, sku, count in want.lines:
            rest = count
            for location in locations:
                part = min(rest, left.get((sku, location), 0))
                left[sku, location] = left.get((sku, location), 0) - part
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


def _by_sku(want: Want) -> dict[str, int]:
    sums: dict[str, int] = {}
    for _, sku, count in want.lines:
        sums[sku] = sums.get(sku, 0) + count
    return sums


def summed(movements: Iterable[Movement]) -> Mapping[Place, tuple[int, int, int]]:
    """The changes of each balance: on hand, reserved, allocated, added up."""
    sums: dict[Place, tuple[int, int, int]] = {}
    for one in movements:
        on_hand, reserved, allocated = sums.get((one.sku, one.location), (0, 0, 0))
        sums[one.sku, one.location] = (on_hand + one.on_hand, reserved + one.reserved, allocated + one.allocated)
    return sums


def broken(stock: Stock, *, backorder: bool) -> str:
    """The law of stock that a balance breaks, as a sentence; empty when all is well."""
    if min(stock.on_hand, stock.reserved, stock.allocated) < 0:
        return f"{stock.sku} at {stock.location}: {stock} has a negative balance"
    if not backorder and stock.available < 0:
        promised = stock.reserved + stock.allocated
        return f"{stock.sku} at {stock.location}: {promised} promised but {stock.on_hand} on hand"
    return ""
