"""The law of units: a fold over facts that counts, line by line, what happened to every unit ordered.

    returned ≤ delivered + lost ≤ shipped ≤ packed ≤ picked ≤ allocated ≤ ordered − canceled

What was returned ends as restocked, written off or sent back, and no unit ends twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from operator import add, le
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Order, added, common, less, total_of
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import LawBroken


class LineUnits(Struct, array_like=True):
    """The quantities of one line."""

    ordered: int
    canceled: int = 0
    allocated: int = 0
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    delivered: int = 0
    lost: int = 0
    return_requested: int = 0
    returned: int = 0
    restocked: int = 0
    written_off: int = 0
    sent_back: int = 0


class PromiseUnits(Struct, array_like=True):
    """What a fulfillment order still has to pick, and what is picked but not packed."""

    location: str
    to_pick: Counts
    picked: Counts = ()
    released: bool = False


class ParcelUnits(Struct, array_like=True):
    """A parcel's contents and how far it is: packed, shipped, delivered or lost."""

    location: str
    units: Counts
    progress: str = "packed"
    delivered_at_ms: int = 0


class Units(Struct, array_like=True):
    """All counts of one order."""

    lines: list[LineUnits]
    promises: dict[str, PromiseUnits] = {}
    parcels: dict[str, ParcelUnits] = {}
    returns: dict[str, Counts] = {}

    def each(self, name: str) -> Counts:
        """One quantity of every line, such as `each("shipped")`."""
        return tuple(
            (position, getattr(line, name)) for position, line in enumerate(self.lines, 1) if getattr(line, name)
        )

    def total(self, name: str) -> int:
        """One quantity over all lines."""
        return sum(getattr(line, name) for line in self.lines)

    def totals(self) -> LineUnits:
        """Every quantity over all lines."""
        return LineUnits(*map(sum, zip(*map(astuple, self.lines), strict=True)))

    def open(self) -> Counts:
        """Ordered, not canceled and not yet shipped."""
        return _pairs(line.ordered - line.canceled - line.shipped for line in self.lines)

    def cancelable(self) -> Counts:
        """Not canceled and not yet picked: what can still be stopped."""
        return _pairs(line.ordered - line.canceled - line.picked for line in self.lines)

    def unallocated(self) -> Counts:
        """Not canceled and promised from nowhere."""
        return _pairs(line.ordered - line.canceled - line.allocated for line in self.lines)

    def kept(self) -> Counts:
        """Ordered and not canceled."""
        return _pairs(line.ordered - line.canceled for line in self.lines)

    def releases(self, canceled: Counts) -> tuple[f.Promise, ...]:
        """The promises that canceling units frees: units that are promised from nowhere go first."""
        left = less(canceled, self.unallocated())
        freed: list[f.Promise] = []
        for fulfillment_id, promise in reversed(self.promises.items()):
            if part := common(left, promise.to_pick):
                freed.append(f.Promise(fulfillment_id, promise.location, part))
                left = less(left, part)
        return tuple(freed)

    def value_from_end(self, order: Order, units: Counts) -> int:
        """What units that will not be sent would have cost: they are counted from the end of each line."""
        return sum(
            order.line(position).value(order.line(position).quantity - self.lines[position - 1].canceled - count, count)
            for position, count in units
        )

    def value_shipped_next(self, order: Order, units: Counts) -> int:
        """What units that are handed over now cost: they are counted from the start of each line."""
        return sum(order.line(position).value(self.lines[position - 1].shipped, count) for position, count in units)

    def value_returned_next(self, order: Order, units: Counts) -> int:
        """What units that come back and are accepted now cost: they are counted from the start of each line, after
        those that came back or were lost before.
        """
        return sum(order.line(position).value(self._given_up(position), count) for position, count in units)

    def value_lost(self, order: Order, units: Counts) -> int:
        """What units that were just lost cost: they come right after those that were given up before them."""
        return sum(order.line(position).value(self._given_up(position) - count, count) for position, count in units)

    def _given_up(self, position: int) -> int:
        line = self.lines[position - 1]
        return line.restocked + line.written_off + line.lost

    def returnable(self) -> Counts:
        """Delivered and not on their way back."""
        return _pairs(line.delivered - line.return_requested for line in self.lines)


def start(order: Order) -> Units:
    """The counts of an order that was just placed. Lines that were added since count nothing yet."""
    placed = order.placed_lines
    return Units([LineUnits(line.quantity if line.position <= placed else 0) for line in order.lines])


def freed_codes(order: Order, units: Units, canceled: Counts) -> tuple[str, ...]:
    """The discount codes that can be used again when units are canceled: all of them once nothing is left."""
    left = units.total("ordered") - units.total("canceled") - total_of(canceled)
    return () if left else order.codes


def apply(units: Units, fact: f.Fact) -> None:
    """Count one fact. `units` is the caller's own copy and is changed in place.

    Raises LawBroken when the fact is about a promise, a parcel, a return or a line that the order does not have.
    """
    effect = _EFFECTS.get(type(fact))
    if effect:
        try:
            effect(units, fact)
        except KeyError as unknown:
            said = f"{fact.order_id}: {fact.kind} is about {unknown}, which the order does not have."
            raise LawBroken("law_broken", said, {"order": fact.order_id}) from unknown


def concerns(fact: f.Fact) -> bool:
    """Whether a fact changes counts at all."""
    return type(fact) in _EFFECTS


def broken(units: Units) -> list[str]:
    """The laws that do not hold, as sentences; empty when all is well."""
    if not units.lines or _all_hold(units.lines):
        return []
    return [f"line {position}: {said}" for position, line in enumerate(units.lines, 1) for said in _sentences(line)]


def _all_hold(lines: Sequence[LineUnits]) -> bool:
    """Whether every line keeps the law: compared column by column, because this is asked after every fact."""
    columns = tuple(zip(*map(astuple, lines), strict=True))
    ordered, canceled, allocated, picked, packed, shipped, delivered, lost, *back = columns
    requested, returned, restocked, written_off, sent_back = back
    return (
        min(map(min, columns)) >= 0
        and all(map(le, map(add, map(add, restocked, written_off), sent_back), returned))
        and all(map(le, returned, requested))
        and all(map(le, requested, map(add, delivered, lost)))
        and all(map(le, map(add, delivered, lost), shipped))
        and all(map(le, shipped, packed))
        and all(map(le, packed, picked))
        and all(map(le, picked, allocated))
        and all(map(le, map(add, allocated, canceled), ordered))
    )


def _sentences(line: LineUnits) -> list[str]:
    chain = (
        ("restocked, written off or sent back", line.restocked + line.written_off + line.sent_back),
        ("returned", line.returned),
        ("requested to return", line.return_requested),
        ("delivered or lost", line.delivered + line.lost),
        ("shipped", line.shipped),
        ("packed", line.packed),
        ("picked", line.picked),
        ("allocated", line.allocated),
        ("ordered and not canceled", line.ordered - line.canceled),
    )
    said = [f"{a} {small} but {b} {large}" for (small, a), (large, b) in pairwise(chain) if a > b]
    return [*said, "a quantity is negative"] if min(astuple(line)) < 0 else said


def _pairs(counts: Iterable[int]) -> Counts:
    return tuple((position, count) for position, count in enumerate(counts, 1) if count > 0)


def _add(units: Units, name: str, counts: Counts, sign: int = 1) -> None:
    for position, count in counts:
        if not 1 <= position <= len(units.lines):
            raise KeyError(f"line {position}")
        line = units.lines[position - 1]
        setattr(line, name, getattr(line, name) + sign * count)


def _promised(units: Units, promises: Sequence[f.Promise]) -> None:
    for promise in promises:
        _add(units, "allocated", promise.units)
        known = units.promises.setdefault(promise.fulfillment_id, PromiseUnits(promise.location, ()))
        known.to_pick = added(known.to_pick, promise.units)


def _unpromised(units: Units, fulfillment_id: str, counts: Counts) -> None:
    _add(units, "allocated", counts, -1)
    promise = units.promises[fulfillment_id]
    promise.to_pick = less(promise.to_pick, counts)


def _confirmed(units: Units, fact: f.OrderConfirmed) -> None:
    _promised(units, fact.promises)


def _reallocated(units: Units, fact: f.UnitsReallocated) -> None:
    _promised(units, fact.promises)


def _released(units: Units, fact: f.FulfillmentReleased) -> None:
    units.promises[fact.fulfillment_id].released = True


def _picked(units: Units, fact: f.UnitsPicked) -> None:
    _add(units, "picked", fact.units)
    promise = units.promises[fact.fulfillment_id]
    promise.to_pick = less(promise.to_pick, fact.units)
    promise.picked = added(promise.picked, fact.units)


def _short(units: Units, fact: f.UnitsShort) -> None:
    _unpromised(units, fact.fulfillment_id, fact.units)


def _packed(units: Units, fact: f.ParcelPacked) -> None:
    _add(units, "packed", fact.units)
    promise = units.promises[fact.fulfillment_id]
    promise.picked = less(promise.picked, fact.units)
    units.parcels[fact.parcel_id] = ParcelUnits(fact.location, fact.units)


def _shipped(units: Units, fact: f.ParcelHandedOver) -> None:
    parcel = units.parcels[fact.parcel_id]
    parcel.progress = "shipped"
    _add(units, "shipped", parcel.units)


def _delivered(units: Units, fact: f.ParcelDelivered) -> None:
    parcel = units.parcels[fact.parcel_id]
    parcel.progress = "delivered"
    parcel.delivered_at_ms = to_ms(fact.at)
    _add(units, "delivered", parcel.units)


def _lost(units: Units, fact: f.ParcelLost) -> None:
    parcel = units.parcels[fact.parcel_id]
    parcel.progress = "lost"
    _add(units, "lost", parcel.units)


def _canceled(units: Units, fact: f.UnitsCanceled) -> None:
    for promise in fact.released:
        _unpromised(units, promise.fulfillment_id, promise.units)
    _add(units, "canceled", fact.units)


def _changed(units: Units, fact: f.OrderChanged) -> None:
    for promise in fact.released:
        _unpromised(units, promise.fulfillment_id, promise.units)
    _add(units, "canceled", fact.canceled)
    last = max((position for position, _ in fact.added), default=0)
    units.lines += [LineUnits(0) for _ in range(last - len(units.lines))]
    _add(units, "ordered", fact.added)
    _promised(units, fact.promises)


def _rejected(units: Units, _fact: f.OrderRejected | f.OrderLapsed) -> None:
    for line in units.lines:
        line.canceled = line.ordered


def _return_requested(units: Units, fact: f.ReturnRequested) -> None:
    _add(units, "return_requested", fact.units)
    units.returns[fact.return_id] = fact.units


def _return_declined(units: Units, fact: f.ReturnDeclined) -> None:
    _add(units, "return_requested", units.returns.pop(fact.return_id), -1)


def _received(units: Units, fact: f.UnitsReceived) -> None:
    announced = units.returns[fact.return_id]
    _add(units, "return_requested", less(announced, fact.units), -1)
    _add(units, "returned", fact.units)


def _inspected(units: Units, fact: f.UnitsInspected) -> None:
    _add(units, "restocked", fact.restocked)
    _add(units, "written_off", fact.written_off)
    _add(units, "sent_back", fact.rejected)


_EFFECTS: Mapping[type[f.Fact], Callable[[Units, Any], None]] = {
    f.OrderConfirmed: _confirmed,
    f.OrderRejected: _rejected,
    f.OrderLapsed: _rejected,
    f.FulfillmentReleased: _released,
    f.UnitsReallocated: _reallocated,
    f.UnitsPicked: _picked,
    f.UnitsShort: _short,
    f.ParcelPacked: _packed,
    f.ParcelHandedOver: _shipped,
    f.ParcelDelivered: _delivered,
    f.ParcelLost: _lost,
    f.UnitsCanceled: _canceled,
    f.OrderChanged: _changed,
    f.ReturnRequested: _return_requested,
    f.ReturnDeclined: _return_declined,
    f.UnitsReceived: _received,
    f.UnitsInspected: _inspected,
}


def settled(units: Units) -> bool:
    """Whether nothing is on its way any more: every unit is canceled, delivered or lost, and no return is open."""
    return not units.open() and all(
        line.delivered + line.lost == line.shipped
        and line.return_requested == line.returned == line.restocked + line.written_off + line.sent_back
        for line in units.lines
    )


def all_gone_back(units: Units) -> bool:
    """Whether every unit that was not canceled has come back."""
    kept = [line.ordered - line.canceled - line.returned + line.sent_back for line in units.lines]
    return total_of(units.each("returned")) > 0 and not any(kept)
