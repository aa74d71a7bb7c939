"""A ledger over a test's database, with a route of its own, and an order whose story is told on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from doorstep.jobs.queue import Queue
from doorstep.journey import facts as f
from doorstep.journey import standing as fold
from doorstep.journey.ledger import store
from doorstep.journey.ledger.book import Follow, Follows, Ledger
from doorstep.journey.order import Order
from doorstep.journey.plans.book import PlanBook
from doorstep.kernel.clock import SimulatedClock
from doorstep.plan.load import load_plan
from doorstep.storage.database import Database
from tests.laws.stories import NOON, an_order, tell
from tests.unit.plan.plans import PLAN

IN_FORCE = load_plan(PLAN, "plan.toml")
FOLLOWS: Follows = {
    f.OrderPlaced: (Follow("authorize"),),
    f.OrderConfirmed: (Follow("release", due="release_at"), Follow("capture", when="capture")),
}


def a_ledger() -> Ledger:
    """A ledger that nobody works for: every job stays free."""
    return Ledger(Queue(SimulatedClock(NOON)), FOLLOWS, PlanBook(IN_FORCE))


def placed(order: Order) -> f.Fact:
    """How every story begins."""
    told: dict[str, Any] = {"number": order.number, "payment_id": "P", "amount": order.total_minor}
    return f.OrderPlaced(order_id=order.id, at=NOON, currency=order.currency, method=order.method, **told)


@dataclass
class Story:
    """One order in a database, and everything told of it."""

    database: Database
    order: Order = field(default_factory=lambda: an_order(3, 2, plan=IN_FORCE.version))
    ledger: Ledger = field(default_factory=a_ledger)

    async def begin(self) -> set[Any]:
        async with self.database.begin() as tx:
            await self.ledger.plans.store(tx)
            return set(await self.ledger.record(tx, [(self.order, placed(self.order))]))

    async def tell(self, *facts: f.Fact) -> Sequence[f.Fact]:
        async with self.database.begin() as tx:
            page = await self.ledger.open(tx, [self.order.id])
            return await page.append(facts)

    def fact(self, kind: type[f.Fact], minutes: int = 0, **told: Any) -> Any:
        return tell(kind, self.order, minutes, **told)

    async def told(self) -> list[tuple[int, f.Fact]]:
        """The facts as they are stored, with their numbers."""
        async with self.database.read() as tx:
            return (await store.load_facts(tx, [self.order.id])).get(self.order.id, [])

    async def headline(self) -> tuple[object, ...]:
        """The headline as it is stored."""
        async with self.database.read() as tx:
            return (await store.headline_rows(tx, [self.order.id]))[self.order.id]

    async def rebuilt(self) -> tuple[object, ...]:
        """The headline as it follows from all facts."""
        standing = fold.start(self.order)
        for seq, fact in await self.told():
            fold.apply(standing, fact, seq)
        return (*store.derived(standing, fold.due_ms(standing, IN_FORCE)), IN_FORCE.version)

    def authorized(self) -> Any:
        return self.fact(f.PaymentAuthorized, 1, payment_id="P", amount=self.order.total_minor)

    def confirmed(self, *, capture: int = 0) -> Any:
        promises = (f.Promise("F1", "main", self.order.all_units),)
        return self.fact(f.OrderConfirmed, 2, payment_id="P", capture=capture, promises=promises, release_at=LATER)

    def journey(self) -> list[f.Fact]:
        """From authorized to delivered, refunded in part."""
        units, box = self.order.all_units, {"parcel_id": "B1"}
        goods = {"fulfillment_id": "F1", "units": units}
        money = {"payment_id": "P", "amount": 1000}
        hand_over = {"value": self.order.total_minor, "capture": 1000, "tracking_number": "T", "track_at": LATER}
        return [
            self.authorized(),
            self.confirmed(),
            self.fact(f.FulfillmentReleased, 3, location="main", pick_at=LATER, **goods),
            self.fact(f.UnitsPicked, 4, pick_id="K1", pack_at=LATER, **goods),
            self.fact(f.ParcelPacked, 5, location="main", weight_grams=500, **goods, **box),
            self.fact(f.LabelBought, 6, tracking_number="T", collect_at=LATER, **box),
            self.fact(f.ParcelHandedOver, 7, payment_id="P", **hand_over, **box),
            self.fact(f.PaymentCaptured, 8, call_key="M1", **money),
            self.fact(f.ParcelDelivered, 9, **box),
            self.fact(f.RefundGranted, 10, grant_id="G1", goods=0, reason="goodwill", **money),
            self.fact(f.PaymentRefunded, 11, call_key="M2", **money),
        ]


LATER = NOON.replace(hour=18)
