"""Stories of an order, likely and unlikely: facts in any order, whose counts and amounts may break every law."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from doorstep.journey import facts as f
from doorstep.journey.order import Address, Buyer, Counts, Order, OrderLine, counted
from doorstep.kernel.ids import CheckoutId, OrderId

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


def an_order(*quantities: int, order_id: str = "ord_0A", number: str = "1001", plan: str = "1") -> Order:
    """A placed order with a line for each quantity, 10.00 a unit, delivery 5.00."""
    lines = tuple(
        OrderLine(position, f"SKU{position}", "A thing", count, 1000, 1000 * count, 200 * count, 100)
        for position, count in enumerate(quantities or (3, 2), 1)
    )
    return Order(
        id=OrderId(order_id),
        checkout_id=CheckoutId("chk_0A"),
        number=number,
        reference="",
        placed_at=NOON,
        plan_version=plan,
        currency="EUR",
        locale="en",
        buyer=Buyer("ada@example.org", "Ada"),
        address=Address("GB"),
        lines=lines,
        groups=(),
        deliveries_max=2,
        service="standard",
        delivery_minor=500,
        delivery_tax_minor=100,
        total_minor=sum(line.total_minor for line in lines) + 500,
        method="card",
    )


def tell(kind: type[f.Fact], order: Order, minutes: int = 0, **told: Any) -> Any:
    """A fact about an order, some minutes after noon."""
    return kind(order_id=order.id, at=NOON + timedelta(minutes=minutes), **told)


@dataclass
class Teller:
    """Invents the next fact of a story: it may be unlawful, but names only what the story has spoken of."""

    order: Order
    draw: Any
    told: list[f.Fact] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    received: set[str] = field(default_factory=set)

    def go_on(self) -> f.Fact:
        """Tell one more fact."""
        ways = [self._promise, self._money, self._cancel, self._ask_back]
        ways += [self._pick, self._short, self._pack] if self.promises else []
        ways += [self._move] if self.packed else []
        ways += [self._come_back] if self.asked else []
        fact: f.Fact = self.draw(st.sampled_from(ways))()
        self.told.append(fact)
        return fact

    def _tell(self, kind: type[f.Fact], **told: Any) -> f.Fact:
        fact: f.Fact = tell(kind, self.order, len(self.told), **told)
        return fact

    def _units(self) -> Counts:
        return counted((line.position, self.draw(st.integers(0, 3))) for line in self.order.lines)

    def _amount(self) -> int:
        return self.draw(st.sampled_from([-1, 0, 1, 1000, 2500, self.order.total_minor]))  # type: ignore[no-any-return]

    def _named(self, prefix: str) -> str:
        return f"{prefix}{len(self.told)}"

    def _one(self, names: list[str]) -> str:
        return self.draw(st.sampled_from(names))  # type: ignore[no-any-return]

    def _promise(self) -> f.Fact:
        name = self._named("F")
        self.promises.append(name)
        promises = (f.Promise(name, "main", self._units()),)
        if len(self.promises) == 1:
            capture = self._amount()
            return self._tell(f.OrderConfirmed, payment_id="P", capture=capture, promises=promises, release_at=NOON)
        return self._tell(f.UnitsReallocated, pick_id=name, promises=promises, release_at=NOON)

    def _pick(self) -> f.Fact:
        fulfillment, name = self._one(self.promises), self._named("K")
        units = self._units()
        return self._tell(f.UnitsPicked, pick_id=name, fulfillment_id=fulfillment, units=units, pack_at=NOON)

    def _short(self) -> f.Fact:
        told = {"pick_id": self._named("K"), "fulfillment_id": self._one(self.promises), "units": self._units()}
        return self._tell(f.UnitsShort, location="main", reason="gone", **told)

    def _pack(self) -> f.Fact:
        name = self._named("B")
        self.packed.append(name)
        told = {"parcel_id": name, "fulfillment_id": self._one(self.promises), "units": self._units()}
        return self._tell(f.ParcelPacked, location="main", weight_grams=1, **told)

    def _move(self) -> f.Fact:
        parcel = self._one(self.packed)
        kind = self.draw(st.sampled_from([f.ParcelHandedOver, f.ParcelDelivered, f.ParcelLost]))
        if kind is f.ParcelDelivered:
            return self._tell(kind, parcel_id=parcel)
        if kind is f.ParcelLost:
            return self._tell(kind, parcel_id=parcel, reason="gone")
        told = {"payment_id": "P", "value": self._amount(), "capture": self._amount()}
        return self._tell(kind, parcel_id=parcel, tracking_number="T", track_at=NOON, **told)

    def _cancel(self) -> f.Fact:
        units = self._units()
        freed = tuple(f.Promise(name, "main", units) for name in self.promises[:1])
        told = {"request_id": self._named("C"), "units": units, "released": freed, "value": self._amount()}
        return self._tell(f.UnitsCanceled, payment_id="P", reason="changed mind", **told)

    def _ask_back(self) -> f.Fact:
        name = self._named("R")
        self.asked.append(name)
        return self._tell(f.ReturnRequested, return_id=name, units=self._units(), reason="too big")

    def _come_back(self) -> f.Fact:
        name = self._one(self.asked)
        kind = self.draw(st.sampled_from([f.ReturnDeclined, f.UnitsReceived, f.UnitsInspected]))
        if kind is f.ReturnDeclined:
            self.asked.remove(name)
            return self._tell(kind, return_id=name, reason="too late")
        if kind is f.UnitsReceived and name not in self.received:
            self.received.add(name)
            return self._tell(kind, return_id=name, location="main", units=self._units(), inspect_at=NOON)
        ends = {"restocked": self._units(), "written_off": self._units(), "rejected": self._units()}
        return self._tell(
            f.UnitsInspected, return_id=name, location="main", payment_id="P", value=self._amount(), **ends
        )

    def _money(self) -> f.Fact:
        kind = self.draw(st.sampled_from([f.PaymentAuthorized, f.PaymentVoided, f.PaymentCaptured, f.PaymentRefunded]))
        if self.draw(st.booleans()):
            granted = {"grant_id": self._named("G"), "amount": self._amount(), "goods": self._amount()}
            return self._tell(f.RefundGranted, payment_id="P", reason="", **granted)
        key = {"call_key": self._named("M")} if kind in (f.PaymentCaptured, f.PaymentRefunded) else {}
        return self._tell(kind, payment_id="P", amount=self._amount(), **key)


@st.composite
def stories(draw: Any) -> tuple[Order, list[f.Fact]]:
    """An order and what is told of it."""
    teller = Teller(an_order(draw(st.integers(1, 6)), draw(st.integers(1, 6))), draw)
    for _ in range(draw(st.integers(0, 25))):
        teller.go_on()
    return teller.order, teller.told
