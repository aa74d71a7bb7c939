"""The contract of a carrier: buy a label, void it, read where a parcel is. Keys work as they do for payments."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class LabelRequest(Struct, frozen=True, kw_only=True):
    """A label for one parcel. `key` is kept for the life of the purchase; weights are grams.

    `address` has its lines as the country writes them, `instructions` what the shopper tells the courier,
    one thing a line: where to leave it, and the code of the door.
    """

    key: str
    order_number: str
    service: str
    country: str
    postcode: str
    weight_grams: int
    from_country: str
    transit_days: int
    instructions: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""


class LabelVerdict(StrEnum):
    """How a purchase ended. `UNKNOWN`: it may have been bought; ask again with the same key."""

    BOUGHT = "bought"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class LabelOutcome(Struct, frozen=True, kw_only=True):
    """A carrier's answer: the cost in minor units of the store's currency, the number that tracks the parcel."""

    verdict: LabelVerdict
    tracking_number: str = ""
    label_reference: str = ""
    cost_minor: int = 0
    reason: str = ""


class TrackingStatus(StrEnum):
    """Where a parcel is, in the words that carriers share."""

    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED_TO_SENDER = "returned_to_sender"


class TrackingEvent(Struct, frozen=True, kw_only=True):
    """Something a carrier saw; `event_id` is the carrier's name for it, so that it counts once."""

    event_id: str
    tracking_number: str
    status: TrackingStatus
    at: datetime
    place: str = ""


class TrackingQuestion(Struct, frozen=True, kw_only=True):
    """Asks where a parcel is, as things stand at `at`; `handed_over_at` is when the carrier took it."""

    tracking_number: str
    service: str
    country: str
    transit_days: int
    handed_over_at: datetime
    at: datetime


class Carrier(Protocol):
    """What a carrier plug-in offers. It raises nothing expected: a time-out is the outcome `UNKNOWN`."""

    name: str

    async def buy_label(self, request: LabelRequest) -> LabelOutcome:
        """Buy a label, or answer as the first time when the key is known."""
        ...

    async def track(self, question: TrackingQuestion) -> tuple[TrackingEvent, ...]:
        """All that is known of a parcel, oldest first."""
        ...
