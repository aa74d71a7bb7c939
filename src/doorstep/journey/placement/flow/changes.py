"""Changing orders that were placed: asked for, paid where it costs more, made or dropped."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.catalog import store as catalog
from doorstep.jobs.model import Task
from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Ledger, Page, in_turns
from doorstep.journey.order import Order
from doorstep.journey.placement.flow.changed_goods import Goods, When
from doorstep.journey.placement.model.amending import concluding, deciding
from doorstep.journey.placement.model.amending.deciding import Scene
from doorstep.journey.placement.model.amending.records import ChangeRequest, ChangeState, Draft, OrderChange
from doorstep.journey.placement.model.market import market
from doorstep.journey.placement.store import changes as store
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Source
from doorstep.storage.transaction import Tx

Answer = OrderChange | DoorstepError
Paid = tuple[str, str]


class ChangeNews(Struct, frozen=True):
    """What the end of its payment, or of the wait for it, means for a change."""

    order_id: OrderId
    change_id: str
    payment_id: str
    reason: str = ""


class Changes:
    """Lets customers think again, until their order is given to its locations."""

    def __init__(self, ledger: Ledger, shelf: Shelf) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._goods = Goods(shelf)

    async def request(self, tx: Tx, requests: Sequence[ChangeRequest]) -> list[Answer]:
        """Make changes, or those that cost more once they are paid: until then what they need is held.

        Asked again with the same id and wish the answer is the same; with another wish it is refused.
        """
        page, orders = await self._locked(tx, [request.order_id for request in requests])
        known = await store.load(tx, [request.change_id for request in requests])
        answers: dict[ChangeRequest, Answer] = {}
        for turn in in_turns(requests):
            facts: list[f.Fact] = []
            for request in turn:
                if told := known.get(request.change_id):
                    answers[request] = _again(told, request)
                    continue
                answers[request], more = await self._change(tx, request, orders, page)
                facts += more
            await page.append(facts)
            done = {one.id: one for one in map(answers.get, turn) if isinstance(one, OrderChange)}
            known |= done
            orders |= {one.order_id: one.order for one in done.values() if one.state is ChangeState.CONFIRMED}
        return [answers[request] for request in requests]

    async def make(self, tx: Tx, tasks: Sequence[Task[ChangeNews]]) -> None:
        """What changes cost is authorized: they are made, if they still can be; else the money is given back."""
        page, _ = await self._locked(tx, [task.body.order_id for task in tasks])
        facts: list[f.Fact] = []
        for change, task in await self._waiting(tx, tasks):
            standing = page[change.order_id]
            if reason := concluding.why_not(change, standing, task.at):
                after, fact = concluding.dropped(change, task.at, "cancel", (reason, task.body.payment_id))
                await self._goods.let_go(tx, change, task.at)
                facts.append(fact)
            else:
                sources = await self._goods.keep(tx, change, standing, task.at)
                after, more = await self._made(tx, change, page, (task.at, sources))
                facts += more
            await store.update(tx, [after])
        await page.append(facts)

    async def drop(self, tx: Tx, tasks: Sequence[Task[ChangeNews]]) -> None:
        """What changes cost was declined, or not paid in time: the orders stay as they were."""
        page, _ = await self._locked(tx, [task.body.order_id for task in tasks])
        facts: list[f.Fact] = []
        for change, task in await self._waiting(tx, tasks):
            declined = task.body.reason
            if not declined and page[change.order_id].balance.purses[change.payment_id].left:
                continue  # it was paid at the last moment, and is made next
            event = "decline" if declined else "cancel"
            after, fact = concluding.dropped(change, task.at, event, (declined or concluding.LAPSED, ""))
            await self._goods.let_go(tx, change, task.at)
            await store.update(tx, [after])
            facts.append(fact)
        await page.append(facts)

    async def _waiting(self, tx: Tx, tasks: Sequence[Task[ChangeNews]]) -> list[tuple[OrderChange, Task[ChangeNews]]]:
        """The changes of some news that still wait, each once."""
        known = await store.load(tx, [task.body.change_id for task in tasks])
        by_change = {task.body.change_id: task for task in tasks}
        return [(known[i], task) for i, task in by_change.items() if i in known and concluding.is_waiting(known[i])]

    async def _change(
        self, tx: Tx, request: ChangeRequest, orders: dict[OrderId, Order], page: Page
    ) -> tuple[Answer, list[f.Fact]]:
        order = orders.get(request.order_id)
        if order is None:
            return Missing("no_such_order", f"There is no order {request.order_id}."), []
        scene = await self._scene(tx, order, page, request.at)
        draft = deciding.draft(request, scene)
        if isinstance(draft, DoorstepError):
            return draft, []
        paid: Paid | DoorstepError = ("", "")
        if draft.change.money.pay_minor:
            paid = await self._paid(request, draft, scene, page)
        if isinstance(paid, DoorstepError):
            return paid, []
        if refusal := deciding.disagreed(request, draft):
            return refusal, []
        return await self._taken(tx, draft, (scene, page), paid)

    async def _taken(self, tx: Tx, draft: Draft, where: tuple[Scene, Page], paid: Paid) -> tuple[Answer, list[f.Fact]]:
        (scene, page), at = where, draft.change.at
        until = concluding.wait_until(scene.standing, scene.plan, at) if draft.change.money.pay_minor else None
        taken = await self._goods.take(tx, draft, (scene.order, scene.standing, scene.plan), When(at, until))
        if isinstance(taken, Refused):
            return taken, []
        change = concluding.with_sources(draft, taken, scene.plan)
        facts: list[f.Fact] = []
        if until:
            change, fact = concluding.requested(change, paid, until)
            facts.append(fact)
        else:
            change, facts = await self._made(tx, change, page, (at, taken))
        await store.insert(tx, [change])
        return change, facts

    async def _made(
        self, tx: Tx, change: OrderChange, page: Page, found: tuple[datetime, tuple[Source, ...]]
    ) -> tuple[OrderChange, list[f.Fact]]:
        standing, plan = page[change.order_id], self._plan(change.order)
        after, fact = concluding.made(change, standing, *found)
        await self._ledger.amend(tx, [(after.order, after.id, standing.seq + 1)])
        return after, [fact, *concluding.reviewed(after, standing, plan, found[0])]

    async def _scene(self, tx: Tx, order: Order, page: Page, at: datetime) -> Scene:
        skus = {line.sku for line in order.lines}
        items, plan = await catalog.load(tx, skus), self._plan(order)
        there = market(items, await self._shelf.read(tx, skus), plan, at)
        return Scene(order, page[order.id], there, plan)

    async def _paid(self, request: ChangeRequest, draft: Draft, scene: Scene, page: Page) -> Paid | DoorstepError:
        """By which method and with which token the difference is paid: as said, or as the order was."""
        if request.method:
            return deciding.payable(request, draft, scene.plan) or (request.method, request.token)
        order_id, payment_id = scene.order.id, scene.standing.balance.payment_id
        placed = await page.earlier(f.OrderPlaced, [(order_id, "")])
        retried = await page.earlier(f.PaymentRetried, [(order_id, payment_id)])
        tried = [(one.method, one.token) for one in placed.values()]
        tried += [(one.method, one.token) for one in retried.values()]
        method, token = tried[-1]
        return method, request.token or token

    async def _locked(self, tx: Tx, ids: Sequence[OrderId]) -> tuple[Page, dict[OrderId, Order]]:
        return await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)

    def _plan(self, order: Order) -> Plan:
        return self._ledger.plans[order.plan_version]


def _again(told: OrderChange, request: ChangeRequest) -> Answer:
    """The answer to a request whose id came before."""
    if told.wish == request.wish and told.order_id == request.order_id:
        return told
    return Conflict("key_reused", "This Idempotency-Key was used for another change before.")
