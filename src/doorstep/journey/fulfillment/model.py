"""Fulfillment orders, their states, and what a picker's or packer's report means. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Order, common, counted, groups_of, less, total_of
from doorstep.journey.standing import Standing
from doorstep.journey.units import PromiseUnits, freed_codes
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId, child
from doorstep.kernel.states import StateTable
from doorstep.plan.records import Plan, ShortAction
from doorstep.plan.working_time import working_moment
from doorstep.stock.model.sourcing import Source, Taken, Want


class FulfillmentState(StrEnum):
    """The states of a fulfillment order: the work that one location has with an order."""

    OPEN = "open"
    RELEASED = "released"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"
    INCOMPLETE = "incomplete"
    CANCELED = "canceled"


_F = FulfillmentState
FULFILLMENT_ORDER = StateTable(
    "FulfillmentOrder",
    start=_F.OPEN,
    ends=(_F.CLOSED, _F.INCOMPLETE, _F.CANCELED),
    rows=(
        (_F.OPEN, "release", _F.RELEASED),
        (_F.OPEN, "cancel", _F.CANCELED),
        (_F.RELEASED, "pick", _F.IN_PROGRESS),
        (_F.RELEASED, "find_nothing", _F.INCOMPLETE),
        (_F.RELEASED, "cancel", _F.CANCELED),
        (_F.IN_PROGRESS, "pack", _F.CLOSED),
    ),
)


class FulfillmentOrder(Struct, frozen=True):
    """What a location is asked to send; which units, the ledger knows."""

    id: str
    order_id: OrderId
    location: str
    state: FulfillmentState
    released_at: datetime


class ReleaseSlip(Struct, frozen=True):
    """What a confirmation or a reallocation says is to be released."""

    order_id: OrderId
    promises: tuple[f.Promise, ...]


class ShortSlip(Struct, frozen=True):
    """What a picker could not find, and where."""

    order_id: OrderId
    pick_id: str
    location: str
    units: Counts


class PickReport(Struct, frozen=True):
    """A picker's report: everything was picked but `missing`."""

    order_id: OrderId
    fulfillment_id: str
    at: datetime
    missing: Counts = ()
    reason: str = "not on the shelf"


class PackReport(Struct, frozen=True):
    """A packer's report: all that was picked for a fulfillment order is in one sealed parcel."""

    order_id: OrderId
    fulfillment_id: str
    at: datetime


def release_fact(order: Order, promise: f.Promise, standing: Standing, at: datetime, plan: Plan) -> f.Fact | None:
    """A fulfillment order goes to its location, with what was not canceled meanwhile; None when nothing is left."""
    left = standing.units.promises[promise.fulfillment_id].to_pick
    if not left:
        return None
    opens = working_moment(plan.location(promise.location), plan.store.time_zone, at)
    return f.FulfillmentReleased(
        order_id=order.id,
        at=at,
        fulfillment_id=promise.fulfillment_id,
        location=promise.location,
        units=left,
        pick_at=opens + timedelta(minutes=plan.fulfillment.pick_minutes),
    )


def judge_pick(report: PickReport, fulfillment: FulfillmentOrder | None, standing: Standing) -> DoorstepError | Counts:
    """What is short according to a report, or why the report cannot be taken."""
    if fulfillment is None:
        return Missing("no_such_fulfillment", f"There is no fulfillment order {report.fulfillment_id}.")
    if not FULFILLMENT_ORDER.allows(fulfillment.state, "pick"):
        return Conflict("already_picked", f"{report.fulfillment_id} is {fulfillment.state}; it cannot be picked again.")
    to_pick = standing.units.promises[report.fulfillment_id].to_pick
    if common(report.missing, to_pick) != counted(report.missing):
        return Refused(
            "missing_more_than_asked", f"{report.fulfillment_id}: more is reported missing than was to be picked."
        )
    return counted(report.missing)


def pick_facts(report: PickReport, promise: PromiseUnits, missing: Counts, plan: Plan) -> list[f.Fact]:
    """Units picked and units short, as two facts that name the same pick."""
    picked, pick_id = less(promise.to_pick, missing), child("pick", report.fulfillment_id, 1)
    facts: list[f.Fact] = []
    if picked:
        facts.append(
            f.UnitsPicked(
                order_id=report.order_id,
                at=report.at,
                pick_id=pick_id,
                fulfillment_id=report.fulfillment_id,
                units=picked,
                pack_at=report.at + timedelta(minutes=plan.fulfillment.pack_minutes),
            )
        )
    if missing:
        facts.append(
            f.UnitsShort(
                order_id=report.order_id,
                at=report.at,
                pick_id=pick_id,
                fulfillment_id=report.fulfillment_id,
                location=promise.location,
                units=missing,
                reason=report.reason,
            )
        )
    return facts


def pick_event(picked: Counts, missing: Counts) -> str:
    """What a pick does to its fulfillment order."""
    if picked:
        return "pick"
    return "find_nothing" if missing else "cancel"


def judge_pack(report: PackReport, fulfillment: FulfillmentOrder | None) -> FulfillmentOrder | DoorstepError:
    """The fulfillment order after a packing report, or why the report cannot be taken."""
    if fulfillment is None:
        return Missing("no_such_fulfillment", f"There is no fulfillment order {report.fulfillment_id}.")
    if not FULFILLMENT_ORDER.allows(fulfillment.state, "pack"):
        return Conflict("not_picked", f"{report.fulfillment_id} is {fulfillment.state}; there is nothing to pack.")
    return replace(fulfillment, state=FULFILLMENT_ORDER.next(fulfillment.state, "pack"))


def pack_fact(report: PackReport, order: Order, promise: PromiseUnits) -> f.ParcelPacked:
    """A parcel with all that was picked for a fulfillment order."""
    return f.ParcelPacked(
        order_id=order.id,
        at=report.at,
        parcel_id=child("par", report.fulfillment_id, 1),
        fulfillment_id=report.fulfillment_id,
        location=promise.location,
        units=promise.picked,
        weight_grams=order.weight_grams(promise.picked),
    )


def want_elsewhere(slip: ShortSlip, order: Order, standing: Standing, plan: Plan) -> Want | None:
    """What short units would need from other locations, within the deliveries that the customer agreed to.

    None when the plan does not look elsewhere or no further delivery was agreed to: then the units are canceled.
    """
    if plan.fulfillment.when_short is not ShortAction.OTHER_LOCATION:
        return None
    more = order.deliveries_max - deliveries(standing)
    units = common(slip.units, standing.units.unallocated())
    places = tuple(
        place.id
        for place in plan.locations
        if place.id != slip.location and (not place.ships_to or order.address.country in place.ships_to)
    )
    if more <= 0 or not units or not places:
        return None
    lines = tuple((position, order.line(position).sku, count) for position, count in units)
    return Want(slip.pick_id, lines, places, more)


def deliveries(standing: Standing) -> int:
    """How many deliveries an order has or will have."""
    units = standing.units
    return len(units.parcels) + sum(1 for promise in units.promises.values() if promise.to_pick or promise.picked)


def reallocated_fact(slip: ShortSlip, sources: Iterable[Source], at: datetime) -> f.UnitsReallocated:
    """Short units are promised from other locations."""
    promises = f.promises_of(slip.pick_id, groups_of(sources))
    return f.UnitsReallocated(order_id=slip.order_id, at=at, pick_id=slip.pick_id, promises=promises, release_at=at)


def canceled_fact(slip: ShortSlip, order: Order, standing: Standing, at: datetime) -> f.UnitsCanceled | None:
    """Short units that are nowhere will not be sent; None when they were canceled already."""
    units = common(slip.units, standing.units.unallocated())
    if not total_of(units):
        return None
    return f.UnitsCanceled(
        order_id=slip.order_id,
        at=at,
        request_id=slip.pick_id,
        units=units,
        released=(),
        payment_id=standing.balance.payment_id,
        value=standing.units.value_from_end(order, units),
        reason="not in stock",
        codes=freed_codes(order, standing.units, units),
    )


def taken_sources(taken: Taken) -> tuple[Source, ...]:
    """What was found elsewhere; empty when not all of it was."""
    return tuple(one for one in taken if isinstance(one, Source))
