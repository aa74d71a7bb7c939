"""Shipments, their states, and what a carrier's answers mean. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey.addresses.lines import formatted
from doorstep.journey.order import Address, Order
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict, DoorstepError, Missing
from doorstep.kernel.ids import OrderId
from doorstep.kernel.states import StateTable
from doorstep.plan.places import zone_of
from doorstep.plan.records import CaptureWhen, Plan, Rate
from doorstep.plan.working_time import collection_moment
from doorstep.plug.carrier import (
    LabelOutcome,
    LabelRequest,
    LabelVerdict,
    TrackingEvent,
    TrackingQuestion,
    TrackingStatus,
)


class ShipmentState(StrEnum):
    """The states of a shipment: one parcel on its way."""

    PLANNED = "planned"
    READY = "ready"
    REFUSED = "refused"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED_TO_SENDER = "returned_to_sender"


_H = ShipmentState
SHIPMENT = StateTable(
    "Shipment",
    start=_H.PLANNED,
    ends=(_H.REFUSED, _H.DELIVERED, _H.LOST, _H.RETURNED_TO_SENDER),
    rows=(
        (_H.PLANNED, "bought", _H.READY),
        (_H.PLANNED, "refused", _H.REFUSED),
        (_H.PLANNED, "unknown", _H.PLANNED),
        (_H.READY, "hand_over", _H.SHIPPED),
        (_H.SHIPPED, "delivered", _H.DELIVERED),
        (_H.SHIPPED, "lost", _H.LOST),
        (_H.SHIPPED, "returned_to_sender", _H.RETURNED_TO_SENDER),
    ),
)

_ENDINGS = {TrackingStatus.DELIVERED, TrackingStatus.LOST, TrackingStatus.RETURNED_TO_SENDER}
_ASK_AGAIN = timedelta(hours=12)
_BUY_AGAIN = timedelta(minutes=5)
_TRIES_BEFORE_TROUBLE = 6


class Shipment(Struct, frozen=True):
    """A parcel, who carries it, and how it is known there."""

    parcel_id: str
    order_id: OrderId
    location: str
    state: ShipmentState
    carrier: str
    service: str
    tracking_number: str
    label_reference: str
    cost_minor: int
    weight_grams: int
    handed_over_at_ms: int = 0


class PackedSlip(Struct, frozen=True):
    """What a sealed parcel says. `tries` counts the purchases that were left unanswered."""

    order_id: OrderId
    parcel_id: str
    location: str
    weight_grams: int
    tries: int = 0


class TrackSlip(Struct, frozen=True):
    """Which parcel is to be asked about. `tries` counts the questions so far."""

    order_id: OrderId
    parcel_id: str
    tries: int = 0


class HandOver(Struct, frozen=True):
    """A report that the courier took a parcel."""

    order_id: OrderId
    parcel_id: str
    at: datetime


def planned(slip: PackedSlip, order: Order, plan: Plan) -> Shipment:
    """The shipment of a sealed parcel, by the carrier of the service that was agreed for its location."""
    agreed = order.service_from(slip.location)
    service = plan.service(agreed)
    carrier = service.carrier if service else ""
    return Shipment(
        slip.parcel_id, order.id, slip.location, SHIPMENT.start, carrier, agreed, "", "", 0, slip.weight_grams
    )


def label_request(shipment: Shipment, order: Order, plan: Plan) -> LabelRequest:
    """What the carrier is asked for. The parcel is the key: it has one label."""
    return LabelRequest(
        key=shipment.parcel_id,
        order_number=order.number,
        service=shipment.service,
        country=order.address.country,
        postcode=order.address.postcode,
        weight_grams=shipment.weight_grams,
        from_country=plan.location(shipment.location).country,
        transit_days=transit_days(order, plan, shipment.service),
        instructions=for_courier(order.address),
        address=formatted(order.address, order.buyer.name),
        phone=order.address.phone or order.buyer.phone,
    )


def for_courier(address: Address) -> str:
    """What the shopper tells the courier, and the code of the door, one thing a line."""
    code = f"Access code: {address.access_code}" if address.access_code else ""
    return "\n".join(filter(None, (address.instructions, code)))


def transit_days(order: Order, plan: Plan, service_id: str) -> int:
    """How many days a service takes to where the order goes, as the plan says."""
    rate = _rate(order, plan, service_id)
    return rate.transit_days if rate else _unsaid(plan, service_id)


def transit_days_max(order: Order, plan: Plan, service_id: str) -> int:
    """How many days a service takes at the most."""
    rate = _rate(order, plan, service_id)
    return (rate.transit_days_max or rate.transit_days) if rate else _unsaid(plan, service_id)


def _rate(order: Order, plan: Plan, service_id: str) -> Rate | None:
    service, zone = plan.service(service_id), zone_of(plan, order.address.place)
    return next((rate for rate in (service.rates if service else ()) if zone and rate.zone == zone.id), None)


def _unsaid(plan: Plan, service_id: str) -> int:
    """What is collected is where it is to be; of anything else that has no rate, what a person is to look after."""
    service = plan.service(service_id)
    return 0 if service and service.pickup else plan.promises.deliver_days


def label_fact(shipment: Shipment, outcome: LabelOutcome, at: datetime, plan: Plan) -> f.Fact | None:
    """What the carrier's answer tells; nothing while it is unknown."""
    if outcome.verdict is LabelVerdict.BOUGHT:
        collect_at = collection_moment(plan.location(shipment.location), plan.store.time_zone, at)
        return f.LabelBought(
            order_id=shipment.order_id,
            at=at,
            parcel_id=shipment.parcel_id,
            tracking_number=outcome.tracking_number,
            collect_at=collect_at,
        )
    if outcome.verdict is LabelVerdict.REFUSED:
        reason = outcome.reason or "no reason given"
        return f.LabelRefused(order_id=shipment.order_id, at=at, parcel_id=shipment.parcel_id, reason=reason)
    return None


def unanswered_fact(slip: PackedSlip, at: datetime) -> f.LabelRefused | None:
    """A purchase that stays unanswered is shown to a person, once; it is repeated all the same."""
    if slip.tries != _TRIES_BEFORE_TROUBLE:
        return None
    reason = f"the carrier did not answer {_TRIES_BEFORE_TROUBLE + 1} times"
    return f.LabelRefused(order_id=slip.order_id, at=at, parcel_id=slip.parcel_id, reason=reason)


def buy_again_at(slip: PackedSlip, at: datetime) -> datetime:
    """When an unanswered purchase is repeated, with the same key: the wait doubles up to a day."""
    wait: timedelta = min(_BUY_AGAIN * 2**slip.tries, timedelta(days=1))
    return at + wait


def judge_hand_over(report: HandOver, shipment: Shipment | None) -> Shipment | DoorstepError:
    """The shipment that goes, or why it cannot."""
    if shipment is None:
        return Missing("no_such_parcel", f"There is no parcel {report.parcel_id}.")
    if not SHIPMENT.allows(shipment.state, "hand_over"):
        return Conflict("not_ready", f"Parcel {report.parcel_id} is {shipment.state}; it cannot be handed over.")
    return shipment


def hand_over_fact(
    report: HandOver, shipment: Shipment, order: Order, standing: Standing, plan: Plan
) -> f.ParcelHandedOver:
    """The carrier has the parcel: what the customer owes for it, and when to ask where it is."""
    units = standing.units
    goods = units.value_shipped_next(order, units.parcels[report.parcel_id].units)
    value = goods + (0 if units.total("shipped") else order.delivery_minor)
    now = plan.payment.capture is CaptureWhen.HAND_OVER
    return f.ParcelHandedOver(
        order_id=order.id,
        at=report.at,
        parcel_id=report.parcel_id,
        payment_id=standing.balance.payment_id,
        value=value,
        capture=value if now else 0,
        shares=standing.balance.shares(value) if now else (),
        tracking_number=shipment.tracking_number,
        track_at=report.at + timedelta(days=transit_days(order, plan, shipment.service)),
    )


def question(shipment: Shipment, order: Order, plan: Plan, handed_over_at: datetime, at: datetime) -> TrackingQuestion:
    """What the carrier is asked about a parcel."""
    return TrackingQuestion(
        tracking_number=shipment.tracking_number,
        service=shipment.service,
        country=order.address.country,
        transit_days=transit_days(order, plan, shipment.service),
        handed_over_at=handed_over_at,
        at=at,
    )


def tracking_facts(shipment: Shipment, events: Sequence[TrackingEvent]) -> list[f.Fact]:
    """What tracking tells: the end of the journey once it is known, else that the parcel is seen on its way."""
    ending = next((event for event in events if event.status in _ENDINGS), None)
    if ending is None:
        return [
            f.ParcelTracked(
                order_id=shipment.order_id,
                at=event.at,
                event_id=event.event_id,
                parcel_id=shipment.parcel_id,
                status=event.status.value,
            )
            for event in events
        ]
    if ending.status is TrackingStatus.DELIVERED:
        return [f.ParcelDelivered(order_id=shipment.order_id, at=ending.at, parcel_id=shipment.parcel_id)]
    reason = "lost by the carrier" if ending.status is TrackingStatus.LOST else "brought back by the carrier"
    return [f.ParcelLost(order_id=shipment.order_id, at=ending.at, parcel_id=shipment.parcel_id, reason=reason)]


def end_event(events: Sequence[TrackingEvent]) -> str | None:
    """The event of the shipment's state table that the tracking comes to, if it came to an end."""
    return next((event.status.value for event in events if event.status in _ENDINGS), None)


def ask_again_at(at: datetime) -> datetime:
    """When a parcel that is still on its way is asked about again."""
    return at + _ASK_AGAIN
