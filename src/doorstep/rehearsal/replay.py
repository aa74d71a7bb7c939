"""Replay: a recorded year runs through the real engine under a simulated clock, to the doorstep and back.

A day is placed and worked through in batches. A cancellation of an order that is still on its way needs the moment as
it was: the day is run up to it first. Whatever was done already is recognized by its keys, so a replay that was
interrupted is continued by starting it again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from doorstep.app import App
from doorstep.catalog import store as catalog
from doorstep.journey import facts as f
from doorstep.journey.ledger import store as ledger
from doorstep.journey.order import less
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.journey.returns.model import CancelRequest
from doorstep.journey.standing import ENDS
from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId, child
from doorstep.rehearsal.actors import SendBack, later
from doorstep.rehearsal.recording.invoices import Invoice
from doorstep.rehearsal.script import Change, Script, create_request

_DAY = timedelta(days=1)
_ASKED_AT_ONCE = 1024
_ENDING_DAYS = 120


class Replay:
    """One replay of a script in an app that was opened with a simulated clock."""

    def __init__(self, app: App, clock: SimulatedClock, progress: Callable[[int], None]) -> None:
        self.refused: Counter[str] = Counter()
        self.refused_invoices: list[tuple[str, str]] = []
        self.jobs = 0
        self._app = app
        self._clock = clock
        self._progress = progress
        self._end: datetime | None = None
        self._tokens: Mapping[str, str] = {}

    async def run(self, script: Script, until: datetime | None = None) -> None:
        """Run every day of the script, then the days until nothing is under way any more.

        With `until`, a moment not before anything that the script asks for, the clock stops there instead.
        """
        self._end, self._tokens = until, script.tokens
        await self._stock_catalog(script)
        for day in script.days:
            await self._day(day, script)
        if until:
            return
        last = script.days[-1] if script.days else datetime(2000, 1, 1, tzinfo=UTC)
        for number in range(1, _ENDING_DAYS):
            await self._until(last + number * _DAY)

    async def _stock_catalog(self, script: Script) -> None:
        async with self._app.database.begin() as tx:
            await catalog.put(tx, script.items)

    async def _day(self, day: datetime, script: Script) -> None:
        if received := script.goods.get(day):
            async with self._app.database.begin() as tx:
                await self._app.shelf.receive(tx, received)
        await self._until(day)
        changes, orders = script.changes.get(day, ()), script.orders.get(day, ())
        settled, under_way = await self._sorted(changes)
        await self._change(settled)
        placed = 0
        for change in under_way:
            due = [invoice for invoice in orders[placed:] if invoice.at <= change.at]
            placed += len(due)
            await self._place(due)
            await self._until(change.at)
            await self._change([change])
        await self._place(orders[placed:])
        await self._until(day + _DAY - timedelta(milliseconds=1))

    async def _until(self, moment: datetime) -> None:
        self._clock.advance_to(min(moment, self._end) if self._end else moment)
        self.jobs += await self._app.worker.drain()

    async def _sorted(self, changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
        """Changes of orders that are at rest, and those for which the moment of the day matters."""
        async with self._app.database.read() as tx:
            standings = await ledger.standings(tx, {change.order_id for change in changes})
        rest = {order_id for order_id, standing in standings.items() if standing.stage in ENDS}
        return (
            [change for change in changes if change.order_id in rest],
            [change for change in changes if change.order_id not in rest],
        )

    async def _place(self, invoices: Sequence[Invoice]) -> None:
        for start in range(0, len(invoices), _ASKED_AT_ONCE):
            part = invoices[start : start + _ASKED_AT_ONCE]
            if new := await self._new(part):
                await asyncio.gather(*(self._order(invoice, self._tokens.get(invoice.number, "")) for invoice in new))
            self._progress(len(part))

    async def _new(self, invoices: Sequence[Invoice]) -> list[Invoice]:
        async with self._app.database.read() as tx:
            there = await ledger.ids_by_reference(tx, [invoice.number for invoice in invoices])
        return [invoice for invoice in invoices if invoice.number not in there]

    async def _order(self, invoice: Invoice, token: str) -> None:
        """What a storefront does: open the checkout, show its total, complete it with that total and a key."""
        lanes = self._app.lanes
        try:
            checkout = await lanes.create.ask(create_request(invoice, self._app.plans.in_force))
            if checkout.problems:
                return self._refuse(invoice, checkout.problems[0].kind)
            await lanes.complete.ask(_completion(invoice, checkout, token))
        except DoorstepError as error:
            self._refuse(invoice, error.code)

    def _refuse(self, invoice: Invoice, reason: str) -> None:
        self.refused[reason] += 1
        self.refused_invoices.append((invoice.number, reason))

    async def _change(self, changes: Sequence[Change]) -> None:
        """Cancel what can still be stopped; the rest comes back as a return, once it has arrived."""
        if not changes:
            return
        returns = self._app.stages.returns
        async with self._app.database.begin() as tx:
            placed = await self._app.ledger.orders(tx, {change.order_id for change in changes})
            known = [change for change in changes if change.order_id in placed]
            answers = await returns.cancel(tx, [_cancel_request(change) for change in known])
            left = _left(zip(known, answers, strict=True))
            await self._app.queue.enqueue(tx, [later(wish, at) for wish, at in left])


def _completion(invoice: Invoice, checkout: Checkout, token: str) -> Complete:
    return Complete(checkout.id, invoice.at, f"replay-{invoice.number}", checkout.totals.total, token)


def _cancel_request(change: Change) -> CancelRequest:
    request_id = child("can", change.order_id, change.name)
    return CancelRequest(change.order_id, request_id, change.units, change.at, "canceled by the customer", partly=True)


def _left(
    answered: Iterable[tuple[Change, f.UnitsCanceled | DoorstepError]],
) -> Iterable[tuple[SendBack, datetime]]:
    for change, answer in answered:
        units = less(change.units, answer.units) if isinstance(answer, f.UnitsCanceled) else change.units
        if units:
            return_id = child("ret", change.order_id, change.name)
            yield SendBack(OrderId(change.order_id), return_id, units, "canceled after it had left"), change.at
