"""Shipping's use cases."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.jobs.model import Called, NewJob, Task
from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Ledger, Page, in_turns
from doorstep.journey.order import Order
from doorstep.journey.shipping import store
from doorstep.journey.shipping.model import (
    SHIPMENT,
    HandOver,
    PackedSlip,
    TrackSlip,
    ask_again_at,
    buy_again_at,
    end_event,
    hand_over_fact,
    judge_hand_over,
    label_fact,
    label_request,
    planned,
    question,
    tracking_facts,
    unanswered_fact,
)
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Plan
from doorstep.plug.carrier import LabelOutcome, LabelRequest, LabelVerdict, TrackingEvent, TrackingQuestion
from doorstep.plug.loader import Providers
from doorstep.storage.transaction import Tx

LABEL = "shipping.label"
TRACK = "shipping.track"
_encode = msgspec.json.Encoder().encode


class LabelCall(Struct, frozen=True):
    """A purchase and the carrier that it goes to."""

    carrier: str
    request: LabelRequest


class TrackCall(Struct, frozen=True):
    """A question and the carrier that it goes to."""

    carrier: str
    request: TrackingQuestion


class Shipping:
    """Sends parcels and watches them until they arrive."""

    def __init__(self, ledger: Ledger, providers: Providers) -> None:
        self._ledger = ledger
        self._providers = providers

    async def open_labels(self, tx: Tx, tasks: Sequence[Task[PackedSlip]]) -> list[LabelCall | None]:
        """Record the shipment of each sealed parcel; its label is bought under the parcel's own key."""
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        await store.insert(tx, [planned(task.body, o := orders[task.body.order_id], self._plan(o)) for task in tasks])
        shipments = await store.load(tx, [task.body.parcel_id for task in tasks])
        calls: list[LabelCall | None] = []
        for task in tasks:
            shipment, order = shipments[task.body.parcel_id], orders[task.body.order_id]
            request = label_request(shipment, order, self._plan(order))
            calls.append(LabelCall(shipment.carrier, request) if SHIPMENT.allows(shipment.state, "bought") else None)
        return calls

    async def buy_label(self, call: LabelCall) -> LabelOutcome:
        """Ask the carrier, with nothing locked."""
        return await self._providers.carrier(call.carrier).buy_label(call.request)

    @staticmethod
    def lost_label(call: LabelCall) -> LabelOutcome:
        """A purchase that ran out of time may have been made."""
        return LabelOutcome(verdict=LabelVerdict.UNKNOWN, reason=f"{call.carrier} did not answer in time")

    async def settle_labels(self, tx: Tx, ended: Sequence[Called[PackedSlip, LabelCall, LabelOutcome]]) -> None:
        """Judge the carriers' answers."""
        page, orders = await self._locked(tx, [one.task.body.order_id for one in ended])
        shipments = await store.load(tx, [one.task.body.parcel_id for one in ended])
        facts: list[f.Fact] = []
        jobs: list[NewJob] = []
        for one in ended:
            shipment, outcome, at = shipments[one.task.body.parcel_id], one.outcome, one.task.at
            shipments[shipment.parcel_id] = replace(
                shipment,
                state=SHIPMENT.next(shipment.state, outcome.verdict.value),
                tracking_number=outcome.tracking_number,
                label_reference=outcome.label_reference,
                cost_minor=outcome.cost_minor,
            )
            if fact := label_fact(shipment, outcome, at, self._plan(orders[shipment.order_id])):
                facts.append(fact)
            else:
                unanswered = unanswered_fact(one.task.body, at)
                facts += [unanswered] if unanswered else []
                jobs.append(_buy_again(one.task))
        await store.update(tx, shipments.values())
        await page.append(facts, jobs)

    async def hand_over(self, tx: Tx, reports: Sequence[HandOver]) -> list[f.ParcelHandedOver | DoorstepError]:
        """Take reports that the courier took parcels; answers each with its fact, or why it was not taken."""
        page, orders = await self._locked(tx, [report.order_id for report in reports])
        shipments = await store.load(tx, [report.parcel_id for report in reports])
        answers: dict[HandOver, f.ParcelHandedOver | DoorstepError] = {}
        for turn in in_turns(reports):
            for report in turn:
                shipment = judge_hand_over(report, shipments.get(report.parcel_id))
                if isinstance(shipment, DoorstepError):
                    answers[report] = shipment
                    continue
                order = orders[report.order_id]
                answers[report] = hand_over_fact(report, shipment, order, page[order.id], self._plan(order))
                state = SHIPMENT.next(shipment.state, "hand_over")
                shipments[report.parcel_id] = replace(shipment, state=state, handed_over_at_ms=to_ms(report.at))
            await page.append([fact for report in turn if isinstance(fact := answers[report], f.Fact)])
        await store.update(tx, shipments.values())
        return [answers[report] for report in reports]

    async def open_tracking(self, tx: Tx, tasks: Sequence[Task[TrackSlip]]) -> list[TrackCall | None]:
        """Ask about parcels that are on their way."""
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        shipments = await store.load(tx, [task.body.parcel_id for task in tasks])
        calls: list[TrackCall | None] = []
        for task in tasks:
            shipment, order = shipments[task.body.parcel_id], orders[task.body.order_id]
            asked = question(shipment, order, self._plan(order), from_ms(shipment.handed_over_at_ms), task.at)
            calls.append(TrackCall(shipment.carrier, asked) if SHIPMENT.allows(shipment.state, "delivered") else None)
        return calls

    async def track(self, call: TrackCall) -> tuple[TrackingEvent, ...]:
        """Ask the carrier, with nothing locked."""
        return await self._providers.carrier(call.carrier).track(call.request)

    @staticmethod
    def lost_tracking(_call: TrackCall) -> tuple[TrackingEvent, ...]:
        """No answer is no news."""
        return ()

    async def settle_tracking(
        self, tx: Tx, ended: Sequence[Called[TrackSlip, TrackCall, tuple[TrackingEvent, ...]]]
    ) -> None:
        """Write what carriers saw, and what it comes to."""
        page = await self._ledger.open(tx, [one.task.body.order_id for one in ended])
        shipments = await store.load(tx, [one.task.body.parcel_id for one in ended])
        facts: list[f.Fact] = []
        jobs: list[NewJob] = []
        for one in ended:
            shipment, events = shipments[one.task.body.parcel_id], one.outcome
            if not SHIPMENT.allows(shipment.state, "delivered"):
                continue
            facts += tracking_facts(shipment, events)
            if event := end_event(events):
                shipments[shipment.parcel_id] = replace(shipment, state=SHIPMENT.next(shipment.state, event))
            else:
                jobs.append(_track_again(one.task))
        await store.see(tx, [(one.task.body.parcel_id, event) for one in ended for event in one.outcome])
        await store.update(tx, shipments.values())
        await page.append(facts, jobs)

    async def _locked(self, tx: Tx, ids: Sequence[OrderId]) -> tuple[Page, dict[OrderId, Order]]:
        return await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)

    def _plan(self, order: Order) -> Plan:
        return self._ledger.plans[order.plan_version]


def _buy_again(task: Task[PackedSlip]) -> NewJob:
    slip = replace(task.body, tries=task.body.tries + 1)
    due = to_ms(buy_again_at(task.body, task.at))
    return NewJob(LABEL, f"{LABEL}:{slip.parcel_id}:{slip.tries}", _encode(slip).decode(), due, slip.order_id)


def _track_again(task: Task[TrackSlip]) -> NewJob:
    slip = replace(task.body, tries=task.body.tries + 1)
    key = f"{TRACK}:{slip.parcel_id}:{slip.tries}"
    return NewJob(TRACK, key, _encode(slip).decode(), to_ms(ask_again_at(task.at)), slip.order_id)
