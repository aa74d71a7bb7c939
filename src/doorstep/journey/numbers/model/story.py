"""One order's facts, read for their moments: when it was confirmed, sent, delivered, paid back."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey import units as goods
from doorstep.journey.numbers.model.metrics import WHOLE
from doorstep.journey.order import Counts, Order, added, less
from doorstep.journey.units import Units

FAULTS = frozenset({"damaged", "defective", "faulty", "incomplete", "not as described", "wrong item"})
"""Reasons of a return that say that the order was not perfect."""


class Parcel(Struct):
    """A parcel by its moments."""

    fulfillment_id: str
    location: str
    units: Counts
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    lost_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When its journey was over, one way or the other."""
        return self.delivered_at or self.lost_at


class Work(Struct):
    """A fulfillment order by its moments."""

    location: str
    opened_at: datetime
    closed_at: datetime | None = None


class Refund(Struct, frozen=True):
    """Money that went back, and since when that was due."""

    at: datetime
    amount: int
    due_since: datetime


class Story(Struct):
    """What the numbers need to know of an order."""

    order: Order
    units: Units
    authorized_at: datetime | None = None
    confirmed_at: datetime | None = None
    lapsed_at: datetime | None = None
    sent_all_at: datetime | None = None
    unsupplied_at: datetime | None = None
    parcels: dict[str, Parcel] = {}
    work: dict[str, Work] = {}
    canceled: dict[str, Counts] = {}
    unsupplied: dict[str, Counts] = {}
    short: dict[str, Counts] = {}
    returned: dict[str, Counts] = {}
    faulty: set[str] = set()
    refunds: list[Refund] = []
    short_at: dict[str, str] = {}
    asked_back: dict[str, str] = {}
    causes: dict[str, datetime] = {}

    @property
    def locations(self) -> list[str]:
        """Every location that sends, or was to send, some of it."""
        named = {group.location: None for group in self.order.groups}
        return list(named | dict.fromkeys(work.location for work in self.work.values()))

    def parcels_of(self, location: str) -> list[Parcel]:
        """The parcels of a location, or all."""
        return [parcel for parcel in self.parcels.values() if location in (WHOLE, parcel.location)]

    def done_at(self, location: str) -> datetime | None:
        """When nothing was left to send from a location, or at all; None while something is."""
        if location == WHOLE:
            return self.sent_all_at
        closed = [work.closed_at for work in self.work.values() if work.location == location]
        known = [moment for moment in closed if moment]
        return max(known) if known and len(known) == len(closed) else None


def told(order: Order, facts: Iterable[f.Fact]) -> Story:
    """Read all facts of an order, in the order in which they were told."""
    story = Story(order, goods.start(order))
    for fact in facts:
        goods.apply(story.units, fact)
        _note_money(story, fact)
        _note_goods(story, fact)
    return story


def _note_money(story: Story, fact: f.Fact) -> None:
    match fact:
        case f.PaymentAuthorized():
            story.authorized_at = story.authorized_at or fact.at
        case f.RefundGranted(grant_id=grant):
            story.causes.setdefault(grant, fact.at)
        case f.PaymentRefunded(call_key=key, amount=amount):
            since = story.causes.get(key.partition(":")[2], fact.at)
            story.refunds.append(Refund(fact.at, amount, since))
        case f.QuestionAnswered(question_id=question):
            story.causes[question] = fact.at
        case _:
            return


def _note_goods(story: Story, fact: f.Fact) -> None:
    match fact:
        case f.OrderConfirmed():
            story.confirmed_at = fact.at
            _open(story, fact.promises, fact.at)
        case f.UnitsReallocated():
            _open(story, fact.promises, fact.at)
        case f.ParcelPacked():
            story.parcels[fact.parcel_id] = Parcel(fact.fulfillment_id, fact.location, fact.units)
        case f.ParcelHandedOver():
            story.parcels[fact.parcel_id].sent_at = fact.at
            _close(story, fact.at)
        case f.ParcelDelivered():
            story.parcels[fact.parcel_id].delivered_at = fact.at
        case f.ParcelLost():
            story.parcels[fact.parcel_id].lost_at = fact.at
        case f.UnitsShort():
            story.short_at[fact.pick_id] = fact.location
            _count(story.short, fact.location, fact.units)
            _close(story, fact.at)
        case f.UnitsCanceled() | f.OrderLapsed() | f.OrderRejected() | f.OrderChanged():
            _note_canceled(story, fact)
            _close(story, fact.at)
        case f.ReturnRequested() | f.UnitsReceived() | f.UnitsInspected():
            _note_return(story, fact)
        case _:
            return


def _note_canceled(story: Story, fact: f.UnitsCanceled | f.OrderLapsed | f.OrderRejected | f.OrderChanged) -> None:
    match fact:
        case f.OrderChanged():
            _note_changed(story, fact)
        case f.OrderLapsed():
            story.lapsed_at = fact.at
        case f.OrderRejected():
            story.unsupplied_at = fact.at
            for group in story.order.groups:
                _count(story.unsupplied, group.location, group.units)
        case f.UnitsCanceled(request_id=pick) if pick in story.short_at:
            story.unsupplied_at, story.causes[pick] = fact.at, fact.at
            _count(story.unsupplied, story.short_at[pick], fact.units)
        case f.UnitsCanceled(request_id=request):
            story.causes[request] = fact.at
            story.canceled[WHOLE] = added(story.canceled.get(WHOLE, ()), fact.units)
            for promise in fact.released:
                story.canceled[promise.location] = added(story.canceled.get(promise.location, ()), promise.units)


def _note_changed(story: Story, fact: f.OrderChanged) -> None:
    _open(story, fact.promises, fact.at)
    story.causes[fact.change_id] = fact.at
    if fact.canceled:
        story.canceled[WHOLE] = added(story.canceled.get(WHOLE, ()), fact.canceled)


def _note_return(story: Story, fact: f.ReturnRequested | f.UnitsReceived | f.UnitsInspected) -> None:
    match fact:
        case f.ReturnRequested():
            story.asked_back[fact.return_id] = _plain(fact.reason)
        case f.UnitsReceived():
            story.causes[fact.return_id] = fact.at
            senders = dict(_senders(story, fact.units))
            for location, units in senders.items():
                _count(story.returned, location, units)
            if story.asked_back.get(fact.return_id) in FAULTS:
                story.faulty.update((WHOLE, *senders))
        case f.UnitsInspected() if fact.written_off:
            story.faulty.update((WHOLE, *dict(_senders(story, fact.written_off, again=True))))


def _plain(reason: str) -> str:
    return reason.strip().lower().replace("_", " ").replace("-", " ")


def _senders(story: Story, units: Counts, *, again: bool = False) -> Iterator[tuple[str, Counts]]:
    """Which locations had sent units that came back: of each line, what was delivered first counts as returned first.

    With `again`, of units that were counted as returned already.
    """
    left = units
    for location in dict.fromkeys(p.location for p in story.parcels.values() if p.delivered_at):
        sent = added(*(p.units for p in story.parcels_of(location) if p.delivered_at))
        here = sent if again else less(sent, story.returned.get(location, ()))
        gone = less(left, here)
        if part := less(left, gone):
            yield location, part
        left = gone


def _count(counts: dict[str, Counts], location: str, units: Counts) -> None:
    for place in (WHOLE, location):
        counts[place] = added(counts.get(place, ()), units)


def _open(story: Story, promises: Iterable[f.Promise], at: datetime) -> None:
    for promise in promises:
        story.work.setdefault(promise.fulfillment_id, Work(promise.location, at))


def _close(story: Story, at: datetime) -> None:
    """Note what there is nothing left to send of."""
    if story.sent_all_at is None and not story.units.open():
        story.sent_all_at = at
    waiting = {p.fulfillment_id for p in story.parcels.values() if p.sent_at is None}
    for name, work in story.work.items():
        promise = story.units.promises[name]
        if work.closed_at is None and not (promise.to_pick or promise.picked or name in waiting):
            work.closed_at = at
