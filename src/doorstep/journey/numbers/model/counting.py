"""What one order counts for, by day, location and metric."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from doorstep.journey.facts import Fact
from doorstep.journey.numbers.model.days import day_of
from doorstep.journey.numbers.model.metrics import WHOLE, Metric, Slot, Sums, add, bound_of
from doorstep.journey.numbers.model.promises import is_on_time, is_perfect, outcome_at, places
from doorstep.journey.numbers.model.story import Story, told
from doorstep.journey.order import Counts, Order, total_of
from doorstep.plan.records import Plan

_MINUTE = timedelta(minutes=1)
Happened: TypeAlias = tuple[datetime, str, Metric, int, int]
"""When, where, what, how many, what they come to."""
Took: TypeAlias = tuple[datetime, str, Metric, datetime]
"""When and where a span of time ended, which, and when it had begun."""


class OneOrder(Struct, frozen=True):
    """What an order counts for; `is_open` while something of it is still to be sent."""

    sums: Sums
    is_open: bool


def counted(order: Order, facts: Iterable[Fact], plan: Plan, zone: ZoneInfo) -> OneOrder:
    """Count one order, from all its facts in the order in which they were told, under the plan that it is pinned to."""
    story, sums = told(order, facts), Sums()
    for at, where, metric, count, total in _happened(story, plan, zone):
        if count:
            add(sums, Slot(day_of(at, zone), where, metric), count, total)
    for at, where, metric, since in _took(story):
        minutes = (at - since) // _MINUTE
        add(sums, Slot(day_of(at, zone), where, metric, bound_of(minutes)), 1, minutes)
    kept = {slot: pair for slot, pair in sums.items() if pair != (0, 0)}
    return OneOrder(kept, story.sent_all_at is None)


def _happened(story: Story, plan: Plan, zone: ZoneInfo) -> Iterable[Happened]:
    yield from _ordered(story)
    yield from _changed(story)
    yield from _waited(story)
    yield from _sent(story)
    for place in places(story):
        yield from _kept(story, place, plan, zone)
    for refund in story.refunds:
        yield refund.at, WHOLE, Metric.REFUNDS, 1, refund.amount


def _ordered(story: Story) -> Iterable[Happened]:
    order = story.order
    parts = [(WHOLE, total_of(order.all_units), order.total_minor)]
    taken: dict[int, int] = {}
    for group in order.groups:
        worth = 0
        for position, count in group.units:
            before = taken.get(position, 0)
            worth += order.line(position).value(before, count)
            taken[position] = before + count
        parts.append((group.location, total_of(group.units), worth))
    for place, units, worth in parts:
        yield order.placed_at, place, Metric.ORDERS, 1, worth
        yield order.placed_at, place, Metric.UNITS, units, 0
        if story.lapsed_at:
            yield order.placed_at, place, Metric.LAPSED, 1, units


def _changed(story: Story) -> Iterable[Happened]:
    at = story.order.placed_at
    by_metric: tuple[tuple[Metric, Mapping[str, Counts]], ...] = (
        (Metric.CANCELED, story.canceled),
        (Metric.UNSUPPLIED, story.unsupplied),
        (Metric.SHORT, story.short),
        (Metric.RETURNED, story.returned),
    )
    for metric, by_place in by_metric:
        for place, units in by_place.items():
            yield at, place, metric, total_of(units), 0
    for parcel in story.parcels.values():
        if parcel.delivered_at:
            for place in (WHOLE, parcel.location):
                yield at, place, Metric.ARRIVED, total_of(parcel.units), 0


def _waited(story: Story) -> Iterable[Happened]:
    yield story.order.placed_at, WHOLE, Metric.BACKLOG, 1, 0
    if story.sent_all_at:
        yield story.sent_all_at, WHOLE, Metric.BACKLOG, -1, 0
    for work in story.work.values():
        yield work.opened_at, work.location, Metric.BACKLOG, 1, 0
        if work.closed_at:
            yield work.closed_at, work.location, Metric.BACKLOG, -1, 0


def _sent(story: Story) -> Iterable[Happened]:
    for parcel in story.parcels.values():
        if parcel.sent_at:
            for place in (WHOLE, parcel.location):
                yield parcel.sent_at, place, Metric.PARCELS, 1, total_of(parcel.units)


def _kept(story: Story, place: str, plan: Plan, zone: ZoneInfo) -> Iterable[Happened]:
    parcels, outcome = story.parcels_of(place), outcome_at(story, place)
    if outcome is None:
        return
    yield outcome, place, Metric.PERFECT, 1, int(is_perfect(story, place, plan, zone))
    if parcels:
        last = max(parcel.ended_at for parcel in parcels if parcel.ended_at)
        yield last, place, Metric.ON_TIME, 1, int(is_on_time(story, parcels, plan, zone))


def _took(story: Story) -> Iterable[Took]:
    placed = story.order.placed_at
    if story.confirmed_at:
        yield story.confirmed_at, WHOLE, Metric.CONFIRMED, placed
    for place in places(story):
        parcels = story.parcels_of(place)
        if parcels and story.done_at(place):
            yield max(parcel.sent_at for parcel in parcels if parcel.sent_at), place, Metric.HANDED_OVER, placed
            arrived = [parcel.delivered_at for parcel in parcels if parcel.delivered_at]
            if len(arrived) == len(parcels):
                yield max(arrived), place, Metric.DELIVERED, placed
    for refund in story.refunds:
        yield refund.at, WHOLE, Metric.REFUND_TIME, refund.due_since
