"""Stock of an item at a location, the movements that make it, and where an order's units are taken from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from msgspec import Struct, convert
from msgspec.structs import replace

from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.limits import QUANTITY_MAX, SKU_CHARS_MAX
from doorstep.kernel.sheet import BadLine, Read, closest, cut, read_sheet, whole, words

COUNT_COLUMNS: Mapping[str, str] = {
    "sku": "An item that has been imported.",
    "location": "A location of the plan, by its id.",
    "on_hand": "How many are on its shelves, those that are promised to orders included.",
}
"""The columns of a file of counted stock and what they hold."""

_STRANGE = "There is no item {}. Import the items first."
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


class Adjustment(Struct, frozen=True):
    """What is on hand at a place changes by a number, or becomes what was counted. The cause is done once.

    `seen` is what was on hand when somebody looked: when it is something else by then, nothing changes.
    """

    cause: str
    sku: str
    location: str
    at: datetime
    change: int | None = None
    count: int | None = None
    seen: int | None = None


class Adjusted(Struct, frozen=True):
    """What was on hand, and by how many that changed."""

    on_hand: int
    difference: int


def judge_adjustment(wish: Adjustment, stock: Stock, *, backorder: bool) -> Adjusted | DoorstepError:
    """What an adjustment comes to, or why it cannot be: what is promised must be there, or be backordered."""
    if wish.seen not in (None, stock.on_hand):
        said = f"{stock.on_hand} are on hand; it was {wish.seen} when you looked. Look again, and say it again."
        return Conflict("stock_changed", said, {"on_hand": str(stock.on_hand)})
    difference = wish.change if wish.change is not None else (wish.count or 0) - stock.on_hand
    on_hand, promised = stock.on_hand + difference, stock.reserved + stock.allocated
    if on_hand < 0:
        return Refused("below_nothing", f"{stock.on_hand} are on hand; fewer than none cannot be left.")
    if on_hand > QUANTITY_MAX:
        return Refused("too_many", f"At most {QUANTITY_MAX} of an item can be on hand at a place.")
    if difference < 0 and on_hand < promised and not backorder:
        return Refused("promised", f"{promised} are promised to orders, so it cannot be {on_hand}.")
    return Adjusted(stock.on_hand, difference)


class Counted(Struct, frozen=True):
    """How many of an item somebody found at a location, and on which line of a file it says so."""

    line: int
    sku: str
    location: str
    on_hand: int

    @property
    def place(self) -> Place:
        """What was counted."""
        return self.sku, self.location


class Tally(Struct, frozen=True, kw_only=True):
    """A count of stock: under which name and when, what was found, and which lines cannot be used.

    With `skip_bad` the good lines count even if there are bad ones.
    """

    name: str
    at: datetime
    counts: tuple[Counted, ...]
    bad: tuple[BadLine, ...] = ()
    skip_bad: bool = False

    def knowing(self, skus: Collection[str]) -> "Tally":
        """The same count when these are the items that exist: lines about others are bad."""
        known = tuple(one for one in self.counts if one.sku in skus)
        strange = [one for one in self.counts if one.sku not in skus]
        bad = [BadLine(one.line, "sku", _STRANGE.format(cut(one.sku))) for one in strange]
        return replace(self, counts=known, bad=(*self.bad, *bad))


class Tallied(Struct, frozen=True):
    """What a count comes to: the movements that make it so, what each line means, what is wrong with the others.

    `earlier` lines were taken in before under the same name and mean nothing any more.
    """

    movements: tuple[Movement, ...]
    new: int
    changed: tuple[tuple[Counted, int], ...]
    unchanged: int
    earlier: int
    bad: tuple[BadLine, ...]


class Found(Struct, frozen=True, kw_only=True):
    """What there is where something was counted: balances, the places never stocked before, those counted before."""

    stocks: Mapping[Place, Stock]
    new: Collection[Place]
    earlier: Collection[Place]


def read_counts(raw: bytes, locations: Sequence[str]) -> tuple[tuple[Counted, ...], tuple[BadLine, ...]]:
    """What a file says was counted, and what is wrong with its other lines. Refused when it is no such file at all."""
    sheet = read_sheet(raw, _count_columns(locations), {})
    counts: dict[Place, Counted] = {}
    bad = list(sheet.bad)
    for row in sheet.rows:
        one = convert({"line": row.line, **row.values}, Counted)
        first = counts.setdefault(one.place, one).line
        if first != one.line:
            bad.append(BadLine(one.line, "sku", f"{cut(one.sku)} at {one.location} stands on line {first} already."))
    return tuple(counts.values()), tuple(sorted(bad, key=lambda one: one.line))


def tallied(tally: Tally, found: Found, *, backorder: bool) -> Tallied:
    """The movements that make balances what was counted; none when a line is bad and bad ones are not skipped."""
    fresh = [one for one in tally.counts if one.place not in found.earlier]
    below = {} if backorder else _too_few(fresh, found.stocks)
    bad = (*tally.bad, *below.values())
    good = [one for one in fresh if one.place not in below] if tally.skip_bad or not bad else []
    before = [(one, found.stocks[one.place].on_hand) for one in good]
    changed = tuple((one, count) for one, count in before if one.on_hand != count and one.place not in found.new)
    new = sum(one.place in found.new for one in good)
    return Tallied(
        movements=tuple(_adjusted(tally, one, count) for one, count in before),
        new=new,
        changed=changed,
        unchanged=len(good) - new - len(changed),
        earlier=len(tally.counts) - len(fresh),
        bad=tuple(sorted(bad, key=lambda one: one.line)),
    )


def _too_few(counts: Iterable[Counted], stocks: Mapping[Place, Stock]) -> dict[Place, BadLine]:
    """Counts below what is promised to orders."""
    promised = [(one, stocks[one.place].reserved + stocks[one.place].allocated) for one in counts]
    return {
        one.place: BadLine(one.line, "on_hand", f"{count} are promised to orders, so it cannot be {one.on_hand}.")
        for one, count in promised
        if one.on_hand < count
    }


def _adjusted(tally: Tally, one: Counted, before: int) -> Movement:
    difference = one.on_hand - before
    return Movement(tally.name, MovementKind.ADJUSTED, one.sku, one.location, tally.at, on_hand=difference)


def _count_columns(locations: Sequence[str]) -> Mapping[str, Read]:
    def location(cell: str) -> str:
        if cell not in locations:
            hint = closest(cell, locations) or f" It has {', '.join(locations)}."
            raise Refused("bad_cell", f"The plan has no location {cut(cell)}.{hint}")
        return cell

    return {"sku": words(SKU_CHARS_MAX), "location": location, "on_hand": whole(QUANTITY_MAX, "units")}
