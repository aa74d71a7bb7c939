"""A count of stock: what a file says was found, and the movements that make balances so. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, convert
from msgspec.structs import replace

from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import QUANTITY_MAX, SKU_CHARS_MAX
from doorstep.kernel.sheet import BadLine, Read, closest, cut, read_sheet, whole, words
from doorstep.stock.model.balances import Movement, MovementKind, Place, Stock

COUNT_COLUMNS: Mapping[str, str] = {
    "sku": "An item that has been imported.",
    "location": "A location of the plan, by its id.",
    "on_hand": "How many are on its shelves, those that are promised to orders included.",
}
"""The columns of a file of counted stock and what they hold."""

_STRANGE = "There is no item {}. Import the items first."


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
