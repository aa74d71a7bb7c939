"""Twelve orders that together pass through every flow, told as steps that a process takes at given moments.

A step may be taken again from its beginning: what was done already is recognized, or refused as done. So a process that
was cut in the middle of one is followed by another that takes the same step.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.placement.model.checkout import Complete
from doorstep.journey.returns.model import ReviewDecision
from doorstep.journey.shipping.model import HandOver
from doorstep.kernel.ids import child
from tests.an_order import OPENING, AnOrder, Store, a_plan, an_order

_REVIEWED = a_plan(review_over=10_000)
PLAN = replace(_REVIEWED, returns=replace(_REVIEWED.returns, approve_without_person=False))
Act = Callable[[Store], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """What is done at a moment, before the worker does what is due then."""

    at: datetime
    act: Act

    async def take(self, store: Store) -> None:
        store.clock.advance_to(self.at)
        await self.act(store)
        await store.drain()


TOKENS = {
    "plain": "approve",
    "short": "twice",
    "late": "timeout",
    "lapsed": "challenge",
    "again": "decline",
    "held": "capture-timeout",
    "turned": "approve",
    "back": "refund-timeout-lost",
    "slow": "capture-timeout-lost",
    "bad": "refund-fails",
    "unsent": "approve",
    "gone": "approve",
}
CARTS = {"held": {"POT": 4}, "turned": {"POT": 5}, "gone": {"CUP": 1}}
SERVICES = {"held": "return", "unsent": "refuse"}


def the(store: Store, name: str) -> AnOrder:
    """One of the twelve."""
    order = an_order(store, name, service=SERVICES.get(name, "standard"), **CARTS.get(name, {"TEA": 3}))
    order.token = TOKENS[name]
    return order


async def place(store: Store) -> None:
    orders = [the(store, name) for name in TOKENS]
    checkouts = await store.ask(store.app.stages.placement.create, *(order.wished() for order in orders))
    wishes = [
        Complete(checkout.id, store.now, "first", checkout.totals.total, order.token)
        for order, checkout in zip(orders, checkouts, strict=True)
    ]
    await store.ask(store.app.stages.placement.complete, *wishes)


async def pay_again(store: Store) -> None:
    await the(store, "again").completed("timeout", key="second")


async def decide(store: Store) -> None:
    for name, accept in (("held", True), ("turned", False)):
        decision = HoldDecision(the(store, name).id, store.now, "Grace", accept)
        await store.ask(store.app.stages.confirmation.decide, decision)


async def cancel(store: Store) -> None:
    requests = [the(store, "late").cancel_request(TEA=1), the(store, "again").cancel_request()]
    await store.ask(store.app.stages.returns.cancel, *requests)


async def wait(_store: Store) -> None:
    """Nothing is done by people."""


async def pass_challenge(store: Store) -> None:
    store.bank.complete_challenge(child("pay", the(store, "lapsed").id, 1), approved=True)


async def pick(store: Store) -> None:
    """What was released before; what is released because of this very pick waits for the next."""
    reports = [
        PickReport(order.id, released.fulfillment_id, store.now, ((1, 1),) if is_short(order, released) else ())
        for order in (the(store, name) for name in TOKENS)
        for released in await order.facts(f.FulfillmentReleased)
        if released.at < store.now
    ]
    await store.ask(store.app.stages.fulfillment.report_picks, *reports)


def is_short(order: AnOrder, released: f.FulfillmentReleased) -> bool:
    return (order.name, released.location) in {("short", "north"), ("gone", "south")}


async def pack(store: Store) -> None:
    reports = [
        PackReport(order.id, fulfillment_id, store.now)
        for order in (the(store, name) for name in TOKENS)
        for fulfillment_id, promise in (await order.standing()).units.promises.items()
        if promise.picked
    ]
    await store.ask(store.app.stages.fulfillment.report_packed, *reports)


async def hand_over(store: Store) -> None:
    reports = [
        HandOver(order.id, parcel_id, store.now)
        for order in (the(store, name) for name in TOKENS)
        for parcel_id in await order.parcels("packed")
    ]
    await store.ask(store.app.stages.shipping.hand_over, *reports)


async def ask_back(store: Store) -> None:
    for name in ("plain", "back", "bad", "late"):
        order = the(store, name)
        await order.ask_back(order.return_id(), order.units(TEA=2) if name == "late" else order.units())


async def review(store: Store) -> None:
    asked = [(the(store, name), name != "late") for name in ("plain", "back", "bad", "late")]
    decisions = [ReviewDecision(one.id, one.return_id(), store.now, approve) for one, approve in asked]
    await store.ask(store.app.stages.returns.review, *decisions)


async def receive(store: Store) -> None:
    for name, units in (("plain", ((1, 2),)), ("back", None), ("bad", None)):
        order = the(store, name)
        await order.receive(order.return_id(), units)


async def inspect(store: Store) -> None:
    for name, written_off in (("plain", ((1, 1),)), ("back", ()), ("bad", ())):
        order = the(store, name)
        await order.inspect(order.return_id(), written_off)


def _at(act: Act, *, minutes: int = 0, days: int = 0) -> Step:
    return Step(OPENING + timedelta(days=days, minutes=minutes), act)


MONEY = (
    _at(place),
    _at(pay_again, minutes=2),
    _at(wait, minutes=5),
    _at(decide, minutes=10),
    _at(cancel, minutes=20),
    _at(wait, minutes=33),
    _at(pass_challenge, minutes=35),
)
GOODS = (
    _at(wait, minutes=60),
    _at(pick, minutes=90),
    _at(pick, minutes=95),
    _at(pack, minutes=100),
    _at(hand_over, minutes=110),
    _at(wait, minutes=120),
    _at(wait, minutes=150),
)
WAY_BACK = (
    _at(wait, days=3),
    _at(wait, days=12),
    _at(ask_back, days=12, minutes=1),
    _at(review, days=12, minutes=2),
    _at(receive, days=12, minutes=3),
    _at(inspect, days=12, minutes=4),
    _at(wait, days=12, minutes=9),
    _at(wait, days=12, minutes=30),
)
STORY = (*MONEY, *GOODS, *WAY_BACK)
"""Every step of all twelve, in turn."""
