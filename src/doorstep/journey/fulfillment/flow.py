"""Fulfillment's use cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from msgspec.structs import replace

from doorstep.jobs.model import Task
from doorstep.journey import facts as f
from doorstep.journey.fulfillment import store
from doorstep.journey.fulfillment.model import (
    FULFILLMENT_ORDER,
    FulfillmentOrder,
    PackReport,
    PickReport,
    ReleaseSlip,
    ShortSlip,
    canceled_fact,
    judge_pack,
    judge_pick,
    pack_fact,
    pick_event,
    pick_facts,
    reallocated_fact,
    release_fact,
    taken_sources,
    ways_elsewhere,
)
from doorstep.journey.ledger.book import Ledger, Page, in_turns
from doorstep.journey.order import Counts, Order, less, sources_of
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Moved, Source, Want
from doorstep.storage.transaction import Tx


class Fulfillment:
    """Gives orders to warehouses and takes their reports."""

    def __init__(self, ledger: Ledger, shelf: Shelf) -> None:
        self._ledger = ledger
        self._shelf = shelf

    async def release(self, tx: Tx, tasks: Sequence[Task[ReleaseSlip]]) -> None:
        """Give fulfillment orders to their locations, once the customer's edit window has passed."""
        page, orders = await self._locked(tx, [task.body.order_id for task in tasks])
        facts: list[f.Fact] = []
        new: list[FulfillmentOrder] = []
        for task in tasks:
            order, standing = orders[task.body.order_id], page[task.body.order_id]
            for promise in task.body.promises:
                fact = release_fact(order, promise, standing, task.at, self._plan(order))
                state = FULFILLMENT_ORDER.next(FULFILLMENT_ORDER.start, "release" if fact else "cancel")
                new.append(FulfillmentOrder(promise.fulfillment_id, order.id, promise.location, state, task.at))
                facts += [fact] if fact else []
        await store.insert(tx, new)
        await page.append(facts)

    async def report_picks(self, tx: Tx, reports: Sequence[PickReport]) -> list[Counts | DoorstepError]:
        """Take pickers' reports; answers what was short, or why a report was not taken."""
        page, orders = await self._locked(tx, [report.order_id for report in reports])
        known = await store.load(tx, [report.fulfillment_id for report in reports])
        answers: list[Counts | DoorstepError] = []
        facts: list[f.Fact] = []
        picked: list[Moved] = []
        missed: list[Moved] = []
        for report in reports:
            fulfillment = known.get(report.fulfillment_id)
            answer = judge_pick(report, fulfillment, page[report.order_id])
            answers.append(answer)
            if fulfillment is None or isinstance(answer, DoorstepError):
                continue
            order, promise = orders[report.order_id], page[report.order_id].units.promises[report.fulfillment_id]
            taken = less(promise.to_pick, answer)
            facts += pick_facts(report, promise, answer, self._plan(order))
            picked.append(Moved(report.fulfillment_id, report.at, sources_of(order, promise.location, taken)))
            missed.append(Moved(report.fulfillment_id, report.at, sources_of(order, promise.location, answer)))
            state = FULFILLMENT_ORDER.next(fulfillment.state, pick_event(taken, answer))
            known[report.fulfillment_id] = replace(fulfillment, state=state)
        await page.append(facts)
        await self._shelf.pick(tx, picked)
        await self._shelf.miss(tx, missed)
        await store.set_states(tx, [(one.id, one.state) for one in known.values()])
        return answers

    async def report_packed(self, tx: Tx, reports: Sequence[PackReport]) -> list[f.ParcelPacked | DoorstepError]:
        """Take packers' reports; answers the parcels, or why a report was not taken."""
        page, orders = await self._locked(tx, [report.order_id for report in reports])
        known = await store.load(tx, [report.fulfillment_id for report in reports])
        answers: list[f.ParcelPacked | DoorstepError] = []
        for report in reports:
            packed = judge_pack(report, known.get(report.fulfillment_id))
            if isinstance(packed, DoorstepError):
                answers.append(packed)
                continue
            known[packed.id] = packed
            promise = page[report.order_id].units.promises[report.fulfillment_id]
            answers.append(pack_fact(report, orders[report.order_id], promise))
        await page.append([answer for answer in answers if isinstance(answer, f.ParcelPacked)])
        await store.set_states(tx, [(one.id, one.state) for one in known.values()])
        return answers

    async def resource(self, tx: Tx, tasks: Sequence[Task[ShortSlip]]) -> None:
        """Promise short units from other locations; those that are nowhere are canceled."""
        page, orders = await self._locked(tx, [task.body.order_id for task in tasks])
        at = {task.body: task.at for task in tasks}
        for turn in in_turns(list(at)):
            ways = {slip: self._elsewhere(slip, orders, page) for slip in turn}
            elsewhere = await self._found(tx, [(ways[slip], at[slip]) for slip in turn])
            facts: list[f.Fact] = []
            for slip in turn:
                if sources := elsewhere.get(slip.pick_id):
                    facts.append(reallocated_fact(slip, sources, page[slip.order_id], at[slip]))
                elif fact := canceled_fact(slip, orders[slip.order_id], page[slip.order_id], at[slip]):
                    facts.append(fact)
            await page.append(facts)

    async def to_do(self, tx: Tx, location: str, most: int = 100) -> list[FulfillmentOrder]:
        """What a location has to pick or pack, oldest first."""
        return await store.to_do(tx, location, most)

    async def _found(self, tx: Tx, wanted: Sequence[tuple[Sequence[Want], datetime]]) -> dict[str, tuple[Source, ...]]:
        """Allocate in the first way that can be had for each; what was found, by the keys of the wants."""
        found: dict[str, tuple[Source, ...]] = {}
        for turn in zip_longest(*([(way, at) for way in ways] for ways, at in wanted)):
            asked = [one for one in turn if one and not found.get(one[0].key)]
            taken = await self._shelf.allocate(tx, asked)
            found |= {want.key: taken_sources(one) for (want, _), one in zip(asked, taken, strict=True)}
        return found

    def _elsewhere(self, slip: ShortSlip, orders: Mapping[OrderId, Order], page: Page) -> Sequence[Want]:
        order = orders[slip.order_id]
        return ways_elsewhere(slip, order, page[order.id], self._plan(order))

    async def _locked(self, tx: Tx, ids: Sequence[OrderId]) -> tuple[Page, dict[OrderId, Order]]:
        return await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)

    def _plan(self, order: Order) -> Plan:
        return self._ledger.plans[order.plan_version]
