"""What is counted, and in which units. Each is kept as (count, total) by day and location."""

from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

WHOLE = ""
"""The location of what is counted for the whole order."""


class Metric(StrEnum):
    """What `count` and `total` are. The first group is filed under the day on which the order was placed, so that a
    share of it never exceeds the whole; the second under the day on which it happened. An order has a part at each
    location that sends some of it: what is said of an order here is said at a location of its part there.
    """

    ORDERS = "orders"
    """Orders placed; their worth. The whole order's is what the customer pays, a part's that of its goods."""
    UNITS = "units"
    """Units ordered."""
    LAPSED = "lapsed"
    """Orders that were never paid; their units."""
    CANCELED = "canceled"
    """Units that the customer canceled."""
    UNSUPPLIED = "unsupplied"
    """Units that the store canceled: nowhere to be found, or the order was rejected."""
    SHORT = "short"
    """Units that a picker did not find, whether they were found elsewhere afterwards or not."""
    ARRIVED = "arrived"
    """Units delivered."""
    RETURNED = "returned"
    """Units received back; at a location, those that it had sent."""

    BACKLOG = "backlog"
    """What is still to be sent: by how many orders (at a location, fulfillment orders) it grew or shrank."""
    PARCELS = "parcels"
    """Parcels handed over; their units."""
    CONFIRMED = "confirmed"
    """Orders confirmed; minutes since they were placed."""
    HANDED_OVER = "handed_over"
    """Orders of which nothing is left to send; minutes from placed to the hand-over of the last parcel."""
    DELIVERED = "delivered"
    """Orders that arrived, all of what was sent; minutes from placed to the last delivery."""
    ON_TIME = "on_time"
    """Orders whose last parcel was delivered or lost; how many of them kept every promise: see `is_on_time`."""
    PERFECT = "perfect"
    """Orders whose outcome is known; how many of them were perfect (SCOR RL.1.1): see `is_perfect`."""
    REFUNDS = "refunds"
    """Refunds paid; their amount."""
    REFUND_TIME = "refund_time"
    """Refunds paid; minutes since the goods came back, or since whatever else the refund is for."""


LEADS = frozenset({Metric.CONFIRMED, Metric.HANDED_OVER, Metric.DELIVERED, Metric.REFUND_TIME})
"""Spans of time. These are kept by how long they were, so that a median can be told."""

BOUNDS = (10, 60, 240, 720, 1440, 2880, 4320, 7200, 10_080, 20_160)
"""The upper bounds of spans, in minutes: 10 minutes; 1, 4 and 12 hours; 1, 2, 3, 5, 7 and 14 days."""
LONGER = 1_000_000_000
"""The bound of what is longer than that."""


class Slot(Struct, frozen=True, array_like=True):
    """What a sum is of. Days are counted from 1970; `up_to` is the upper bound of a span in minutes, else 0."""

    day: int
    location: str
    metric: Metric
    up_to: int = 0


Pair: TypeAlias = tuple[int, int]
"""How many, and what they come to."""
Sums: TypeAlias = dict[Slot, Pair]


class Span(Struct, frozen=True, array_like=True):
    """Spans of time up to a bound: how many, and how many minutes they come to."""

    up_to: int
    count: int
    minutes: int


def add(sums: Sums, slot: Slot, count: int, total: int = 0) -> None:
    """Add to a sum."""
    before = sums.get(slot)
    sums[slot] = (before[0] + count, before[1] + total) if before else (count, total)


def bound_of(minutes: int) -> int:
    """The bound under which a span is kept."""
    place = bisect_left(BOUNDS, minutes)
    return BOUNDS[place] if place < len(BOUNDS) else LONGER


def mean_minutes(spans: Sequence[Span]) -> float | None:
    """How long spans are on average."""
    return sum(span.minutes for span in spans) / sum(span.count for span in spans) if spans else None


def quantile_minutes(spans: Sequence[Span], share: float) -> float | None:
    """How long the shortest `share` of spans are at most, estimated: within its bounds a span is anywhere alike.

    The spans are in the order of their bounds. The estimate is between the right ones; of the longest spans, which
    have no bound, it is their mean.
    """
    rank, below = share * sum(span.count for span in spans), 0
    for span in spans:
        if below + span.count >= rank:
            return _within(span, (rank - below) / span.count)
        below += span.count
    return None


def _within(span: Span, part: float) -> float:
    if span.up_to == LONGER:
        return span.minutes / span.count
    place = bisect_left(BOUNDS, span.up_to)
    low = BOUNDS[place - 1] if place else 0
    return low + (span.up_to - low) * part
