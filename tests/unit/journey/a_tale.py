"""An order of three and two units, sent from two locations, whose story is told with hand-made facts."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.numbers.model.counting import OneOrder, counted
from doorstep.journey.numbers.model.days import day_of
from doorstep.journey.numbers.model.metrics import WHOLE, Metric, Pair
from doorstep.journey.order import Counts, Group, Order
from doorstep.plan.load import load_plan
from tests.laws.stories import NOON, an_order
from tests.unit.plan.plans import PLAN as TEXT

PLAN = load_plan(TEXT, "plan.toml")
UTC = ZoneInfo("UTC")
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
NORTH, SOUTH = ((1, 3),), ((2, 2),)
ORDER = replace(an_order(3, 2), groups=(Group("north", NORTH), Group("south", SOUTH)))
PLACED = day_of(NOON, UTC)


class Tale:
    """Tells an order's facts one after the other; the moments are spans since it was placed."""

    def __init__(self, order: Order = ORDER) -> None:
        self.order = order
        self.facts: list[f.Fact] = []

    def tell(self, kind: type[f.Fact], after: timedelta, **told: Any) -> "Tale":
        self.facts.append(kind(order_id=self.order.id, at=self.order.placed_at + after, **told))
        return self

    def paid(self) -> "Tale":
        money = {"payment_id": "P", "amount": self.order.total_minor, "currency": "GBP", "method": "card"}
        self.tell(f.OrderPlaced, 0 * HOURS, number="1001", **money)
        return self.tell(f.PaymentAuthorized, 0 * HOURS, payment_id="P", amount=self.order.total_minor)

    def confirmed(self, after: timedelta = HOURS) -> "Tale":
        self.paid()
        promises = tuple(f.Promise(group.location, group.location, group.units) for group in self.order.groups)
        return self.tell(f.OrderConfirmed, after, payment_id="P", capture=0, promises=promises, release_at=NOON)

    def packed(self, location: str, units: Counts, after: timedelta, work: str = "") -> "Tale":
        work = work or location
        self.tell(f.UnitsPicked, after, pick_id=f"K{work}", fulfillment_id=work, units=units, pack_at=NOON)
        told = {"fulfillment_id": work, "location": location, "units": units, "weight_grams": 1}
        return self.tell(f.ParcelPacked, after, parcel_id=work, **told)

    def sent(self, parcel: str, after: timedelta) -> "Tale":
        told = {"payment_id": "P", "value": 0, "capture": 0, "tracking_number": "T", "track_at": NOON}
        return self.tell(f.ParcelHandedOver, after, parcel_id=parcel, **told)

    def delivered(self, parcel: str, after: timedelta) -> "Tale":
        return self.tell(f.ParcelDelivered, after, parcel_id=parcel)

    def shipped(self, north: timedelta = 5 * HOURS, south: timedelta = 29 * HOURS) -> "Tale":
        """The north sends on the first day, the south on the second."""
        self.confirmed().packed("north", NORTH, 2 * HOURS).packed("south", SOUTH, 3 * HOURS)
        return self.sent("north", north).sent("south", south)

    def arrived(self, north: timedelta = 2 * DAYS, south: timedelta = 3 * DAYS) -> "Tale":
        return self.shipped().delivered("north", north).delivered("south", south)

    def short(self, units: Counts) -> "Tale":
        """The south does not find what it was to send, and nobody else has it."""
        told = {"pick_id": "K", "fulfillment_id": "south", "location": "south", "units": units}
        self.tell(f.UnitsShort, 3 * HOURS, reason="not on the shelf", **told)
        return self.canceled("K", units)

    def canceled(self, request: str, units: Counts, freed: tuple[f.Promise, ...] = ()) -> "Tale":
        told = {"units": units, "released": freed, "payment_id": "P", "value": 0, "reason": "changed mind"}
        return self.tell(f.UnitsCanceled, 4 * HOURS, request_id=request, **told)

    def returned(self, units: Counts, reason: str = "too big", written_off: Counts = ()) -> "Tale":
        """Units come back on the tenth day and are looked at."""
        self.tell(f.ReturnRequested, 8 * DAYS, return_id="R", units=units, reason=reason)
        goods = {"return_id": "R", "location": "north"}
        self.tell(f.UnitsReceived, 9 * DAYS, units=units, inspect_at=NOON, **goods)
        ends = {"restocked": () if written_off else units, "written_off": written_off, "rejected": ()}
        return self.tell(f.UnitsInspected, 9 * DAYS + HOURS, payment_id="P", value=0, **goods, **ends)

    def count(self, zone: ZoneInfo = UTC) -> OneOrder:
        return counted(self.order, self.facts, PLAN, zone)

    def days(self, metric: Metric, location: str = WHOLE) -> dict[int, Pair]:
        """What is counted of a metric, by days since the order was placed."""
        sums = self.count().sums
        return {s.day - PLACED: pair for s, pair in sums.items() if (s.metric, s.location) == (metric, location)}


def at(moment: str, zone: str) -> datetime:
    """A local moment, in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
