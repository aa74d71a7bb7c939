"""The use cases of canceling and returning."""

from collections.abc import Sequence

from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Ledger, Page, in_turns
from doorstep.journey.order import Order, sources_of
from doorstep.journey.returns import store
from doorstep.journey.returns.model import (
    RETURN,
    CancelRequest,
    InspectionReport,
    Reception,
    Return,
    ReturnRequest,
    ReviewDecision,
    ask_return,
    authorized,
    cancel,
    inspect,
    receive,
    review,
)
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Moved
from doorstep.storage.transaction import Tx


class Returns:
    """Stops what has not left, and takes back what has."""

    def __init__(self, ledger: Ledger, shelf: Shelf) -> None:
        self._ledger = ledger
        self._shelf = shelf

    async def cancel(self, tx: Tx, requests: Sequence[CancelRequest]) -> list[f.UnitsCanceled | DoorstepError]:
        """Cancel units that were not picked yet; their stock is free at once."""
        page, orders = await self._locked(tx, [request.order_id for request in requests])
        before = await page.earlier(f.UnitsCanceled, [(request.order_id, request.request_id) for request in requests])
        answers: dict[CancelRequest, f.UnitsCanceled | DoorstepError] = {}
        for turn in in_turns(requests):
            for request in turn:
                told = before.get(request.request_id)
                answers[request] = told or cancel(request, orders[request.order_id], page[request.order_id])
            said = [fact for request in turn if isinstance(fact := answers[request], f.UnitsCanceled)]
            await page.append(said)
            before |= {fact.request_id: fact for fact in said}
        done = [answer for answer in answers.values() if isinstance(answer, f.UnitsCanceled)]
        await self._shelf.release(tx, [_freed(fact, orders[fact.order_id]) for fact in done])
        return [answers[request] for request in requests]

    async def request(self, tx: Tx, requests: Sequence[ReturnRequest]) -> list[f.ReturnRequested | DoorstepError]:
        """Open returns; those that need no person are approved at once."""
        page, orders = await self._locked(tx, [request.order_id for request in requests])
        before = await page.earlier(f.ReturnRequested, [(request.order_id, request.return_id) for request in requests])
        answers: dict[ReturnRequest, f.ReturnRequested | DoorstepError] = {}
        new: list[Return] = []
        for turn in in_turns(requests):
            facts: list[f.Fact] = []
            for request in turn:
                if told := before.get(request.return_id):
                    answers[request] = told
                    continue
                order, plan = orders[request.order_id], self._plan(orders[request.order_id])
                answer = answers[request] = ask_return(request, order, page[order.id], plan)
                if isinstance(answer, DoorstepError):
                    continue
                facts.append(answer)
                event = "approve" if plan.returns.approve_without_person else "review"
                state, place = RETURN.next(RETURN.start, event), plan.locations[0].id
                new.append(Return(request.return_id, order.id, state, place, answer.units, request.at))
                facts += [authorized(order, request.return_id, request.at, plan)] if event == "approve" else []
            await page.append(facts)
            before |= {fact.return_id: fact for fact in facts if isinstance(fact, f.ReturnRequested)}
        await store.insert(tx, new)
        return [answers[request] for request in requests]

    async def review(self, tx: Tx, decisions: Sequence[ReviewDecision]) -> list[f.Fact | DoorstepError]:
        """A person approves or declines returns."""
        page, orders = await self._locked(tx, [decision.order_id for decision in decisions])
        known = await store.load(tx, [decision.return_id for decision in decisions])
        answers: list[f.Fact | DoorstepError] = []
        for decision in decisions:
            order = orders[decision.order_id]
            answer = review(decision, known.get(decision.return_id), order, self._plan(order))
            answers.append(answer)
            if isinstance(answer, f.Fact):
                _move(known, decision.return_id, "approve" if decision.approve else "decline")
        await store.update(tx, known.values())
        await page.append([answer for answer in answers if isinstance(answer, f.Fact)])
        return answers

    async def receive(self, tx: Tx, reports: Sequence[Reception]) -> list[f.UnitsReceived | DoorstepError]:
        """Goods arrived."""
        page, orders = await self._locked(tx, [report.order_id for report in reports])
        known = await store.load(tx, [report.return_id for report in reports])
        answers: list[f.UnitsReceived | DoorstepError] = []
        for report in reports:
            answer = receive(report, known.get(report.return_id), self._plan(orders[report.order_id]))
            answers.append(answer)
            if isinstance(answer, f.Fact):
                _move(known, report.return_id, "receive")
                known[report.return_id] = replace(known[report.return_id], units=answer.units)
        await store.update(tx, known.values())
        await page.append([answer for answer in answers if isinstance(answer, f.Fact)])
        return answers

    async def inspect(self, tx: Tx, reports: Sequence[InspectionReport]) -> list[f.UnitsInspected | DoorstepError]:
        """Goods were looked at: what is good goes back on the shelf, once."""
        page, orders = await self._locked(tx, [report.order_id for report in reports])
        known = await store.load(tx, [report.return_id for report in reports])
        answers: dict[InspectionReport, f.UnitsInspected | DoorstepError] = {}
        for turn in in_turns(reports):
            for report in turn:
                one, order = known.get(report.return_id), orders[report.order_id]
                answers[report] = answer = inspect(report, one, order, page[order.id])
                if isinstance(answer, f.Fact):
                    _move(known, report.return_id, "inspect")
            await page.append([fact for report in turn if isinstance(fact := answers[report], f.Fact)])
        await store.update(tx, known.values())
        done = [answer for answer in answers.values() if isinstance(answer, f.UnitsInspected)]
        await self._shelf.put_back(tx, [_restocked(fact, orders[fact.order_id]) for fact in done if fact.restocked])
        return [answers[report] for report in reports]

    async def _locked(self, tx: Tx, ids: Sequence[OrderId]) -> tuple[Page, dict[OrderId, Order]]:
        return await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)

    def _plan(self, order: Order) -> Plan:
        return self._ledger.plans[order.plan_version]


def _move(known: dict[str, Return], return_id: str, event: str) -> None:
    one = known[return_id]
    known[return_id] = replace(one, state=RETURN.next(one.state, event))


def _freed(fact: f.UnitsCanceled, order: Order) -> Moved:
    sources = [source for p in fact.released for source in sources_of(order, p.location, p.units)]
    return Moved(fact.request_id, fact.at, tuple(sources))


def _restocked(fact: f.UnitsInspected, order: Order) -> Moved:
    return Moved(fact.return_id, fact.at, sources_of(order, fact.location, fact.restocked))
