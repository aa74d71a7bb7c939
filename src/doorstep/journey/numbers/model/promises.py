"""Whether an order, or a location's part of it, kept what the plan promises."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from doorstep.journey.numbers.model.days import day_of
from doorstep.journey.numbers.model.metrics import WHOLE
from doorstep.journey.numbers.model.story import Parcel, Story
from doorstep.journey.order import Order
from doorstep.journey.shipping.model import transit_days_max
from doorstep.plan.records import Plan


def hand_over_by(order: Order, authorized_at: datetime | None, plan: Plan) -> datetime:
    """By when all parcels are to be handed over: the plan's promises to confirm, to pick and to hand over, one after
    the other, from when the payment was authorized. Until then the order waits for its customer.
    """
    promises = plan.promises
    allowed = timedelta(minutes=promises.confirm_minutes, hours=promises.pick_hours + promises.hand_over_hours)
    return (authorized_at or order.placed_at) + allowed


def is_on_time(story: Story, parcels: Iterable[Parcel], plan: Plan, zone: ZoneInfo) -> bool:
    """Whether every parcel was handed over by then, and delivered within the service's transit days.

    Those are days of the calendar in the store's time zone, counted from the day of the hand-over; at what time of the
    last day the parcel comes does not matter. A lost parcel is not on time.
    """
    order, by = story.order, hand_over_by(story.order, story.authorized_at, plan)
    return all(
        parcel.sent_at is not None
        and parcel.sent_at <= by
        and parcel.delivered_at is not None
        and day_of(parcel.delivered_at, zone)
        <= day_of(parcel.sent_at, zone) + transit_days_max(order, plan, order.service_from(parcel.location))
        for parcel in parcels
    )


def outcome_at(story: Story, location: str) -> datetime | None:
    """When the outcome of an order, or of a location's part, was known: everything was delivered or lost, or would not
    be sent. None while it is not, and where the customer, or nobody, wanted nothing any more.
    """
    done, parcels = story.done_at(location), story.parcels_of(location)
    refused = story.unsupplied_at if story.unsupplied.get(location) else None
    ends = [parcel.ended_at for parcel in parcels]
    known = [moment for moment in (*ends, refused) if moment]
    is_rejected = refused is not None and not story.work
    is_done = (done is not None or is_rejected) and None not in ends and story.lapsed_at is None
    return max(known) if known and is_done else None


def is_perfect(story: Story, location: str, plan: Plan, zone: ZoneInfo) -> bool:
    """Whether an order was perfect, after SCOR RL.1.1 (complete, on time, in perfect condition, rightly documented).

    Complete: all that the customer did not cancel was delivered, nothing was canceled by the store, nothing lost. On
    time: see `is_on_time`. In perfect condition: nothing came back for a fault (`FAULTS`), or was written off when it
    did. Of documents nothing is known here.
    """
    return (
        not story.unsupplied.get(location)
        and location not in story.faulty
        and is_on_time(story, story.parcels_of(location), plan, zone)
    )


def places(story: Story) -> tuple[str, ...]:
    """The order as a whole, and each location that has a part in it."""
    return (WHOLE, *story.locations)
