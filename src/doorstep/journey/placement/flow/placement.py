"""Placement's use cases. Each takes a batch of requests and answers each with a checkout or an expected error."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from doorstep.jobs.model import Task
from doorstep.journey.codes.flow import Codes
from doorstep.journey.facts import PaymentRetried
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Order
from doorstep.journey.placement.flow.quotes import Quotes
from doorstep.journey.placement.model import placing
from doorstep.journey.placement.model.checkout import (
    CHECKOUT,
    TOTAL_CHANGED,
    Cancel,
    Change,
    Checkout,
    CheckoutState,
    Complete,
    Create,
    clash,
    is_misused_key,
    is_repeat,
    refusal,
)
from doorstep.journey.placement.model.offers import is_offer
from doorstep.journey.placement.model.spending import LOST, Wanting, code_lost, lost_codes, uses_of
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.journey.placement.store import checkouts as store
from doorstep.journey.standing import Standing
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import CheckoutId, OrderId, order_of
from doorstep.live.teller import Note, checkout_topic, nobody
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.storage.transaction import Tx

_SWEEP_MAX = 500
Answer = Checkout | DoorstepError


class PaymentNews(Struct, frozen=True):
    """What a payment's end means for its checkout."""

    order_id: OrderId
    reason: str = ""


class Placement:
    """From a cart to a placed order."""

    def __init__(self, ledger: Ledger, shelf: Shelf, codes: Codes, note: Note = nobody) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._codes = codes
        self._note = note
        self._quotes = Quotes(ledger, shelf, codes)

    async def create(self, tx: Tx, requests: Sequence[Create]) -> list[Answer]:
        """Open checkouts under the plan in force."""
        plan = self._ledger.plans.in_force
        lapses = timedelta(minutes=plan.placement.checkout_lapses_minutes)
        opened = [
            Checkout(
                id=request.id,
                state=CHECKOUT.start,
                version=1,
                created_at=request.at,
                expires_at=request.at + lapses,
                currency=plan.store.currency,
                wishes=request.wishes,
            )
            for request in requests
        ]
        checkouts = await self._quotes.price(tx, opened, _now(requests), are_new=True)
        await store.insert(tx, checkouts)
        return list(checkouts)

    async def change(self, tx: Tx, requests: Sequence[Change]) -> list[Answer]:
        """Change what was wished and price everything again."""
        locked = await store.lock(tx, [request.id for request in requests])
        answers: dict[int, Answer] = {}
        for index, request in enumerate(requests):
            answers[index] = answer = _changed(locked.get(request.id), request)
            if isinstance(answer, Checkout):
                locked[request.id] = answer
        changed = {answer.id for answer in answers.values() if isinstance(answer, Checkout)}
        wished = [locked[checkout_id] for checkout_id in sorted(changed)]
        after = {c.id: c for c in await self._quotes.price(tx, wished, _now(requests))}
        await self._save(tx, after.values())
        return [after[a.id] if isinstance(a, Checkout) else a for _, a in sorted(answers.items())]

    async def cancel(self, tx: Tx, requests: Sequence[Cancel]) -> list[Answer]:
        """Give checkouts up, and with them the orders that a decline left unpaid; what they hold is free at once.

        Asked again the answer is the same.
        """
        checkouts = await store.lock(tx, [request.id for request in requests])
        unpaid = [checkout.order_id for checkout in checkouts.values() if checkout.order_id]
        page = await self._ledger.open(tx, unpaid)
        may = {order_id for order_id in unpaid if _may_retry(page[order_id])}
        going = {c.id: c for c in checkouts.values() if _may_cancel(c, may)}
        times = {request.id: request.at for request in requests}
        ended = {c.order_id: times[c.id] for c in going.values() if c.order_id}
        await self._shelf.let_go(tx, dict[str, datetime](ended.items()))
        await self._quotes.free(tx, going.values(), max(times.values()))
        orders = await self._ledger.orders(tx, ended)
        said = "given up by the shopper"
        await page.append([placing.lapsed(orders[key], at, said) for key, at in ended.items()])
        checkouts |= {c.id: c for c in _all_moved(going.values(), "cancel")}
        await self._save(tx, [checkouts[checkout_id] for checkout_id in going])
        return [_canceled(checkouts.get(request.id), request) for request in requests]

    async def read(self, tx: Tx, ids: Iterable[CheckoutId]) -> dict[CheckoutId, Checkout]:
        """Checkouts as they stand."""
        return await store.read(tx, ids)

    async def of_order(self, tx: Tx, order_id: OrderId) -> Checkout | None:
        """The checkout that can become an order, or did; None when there is none."""
        return await store.of_order(tx, order_id)

    async def complete(self, tx: Tx, requests: Sequence[Complete]) -> list[Answer]:
        """Place orders: the agreed total, the stock and the payment attempt, in one transaction.

        Asked again with the same key and body the answer is the same; one checkout becomes one order at most.
        """
        checkouts = await store.lock(tx, [request.id for request in requests])
        chosen, refused = _choose(checkouts, requests)
        chosen, refused = _paid(chosen, refused, checkouts, self._ledger.plans.in_force)
        again = [request for request in chosen if checkouts[request.id].order_id]
        first = [request for request in chosen if not checkouts[request.id].order_id]
        refused |= await self._retry(tx, again, checkouts)
        refused |= await self._place(tx, first, checkouts)
        await self._explain(tx, refused, checkouts)
        leads = {request.id: request for request in chosen}
        return [_answer(request, leads, refused) or checkouts[request.id] for request in requests]

    async def close(self, tx: Tx, tasks: Sequence[Task[PaymentNews]]) -> None:
        """The payment is authorized: the checkout is completed."""
        await self._move(tx, tasks, "authorized")

    async def reopen(self, tx: Tx, tasks: Sequence[Task[PaymentNews]]) -> None:
        """The payment was declined: another method can be tried while the stock is held."""
        await self._move(tx, tasks, "declined")

    async def lapse(self, tx: Tx, tasks: Sequence[Task[None]]) -> None:
        """Let orders lapse whose hold has passed unpaid, and checkouts that were left lying."""
        for task in tasks:
            over = await self._shelf.expired(tx, task.at, _SWEEP_MAX)
            await self._shelf.let_go(tx, {key: task.at for key in over if is_offer(key)}, "expired")
            unpaid = [OrderId(key) for key in over if not is_offer(key)]
            left = await store.expired(tx, to_ms(task.at), _SWEEP_MAX)
            orders = await self._ledger.orders(tx, unpaid)
            checkouts = await store.lock(tx, [*left, *(order.checkout_id for order in orders.values())])
            page = await self._ledger.open(tx, unpaid)
            due = [order_id for order_id, standing in page.standings.items() if placing.may_lapse(standing)]
            await self._shelf.let_go(tx, dict.fromkeys(due, task.at), "expired")
            await page.append([placing.lapsed(orders[order_id], task.at) for order_id in due])
            gone = {*left, *(orders[order_id].checkout_id for order_id in due)}
            lapsed = _all_moved([c for c in checkouts.values() if c.id in gone], "lapsed")
            await self._quotes.free(tx, lapsed, task.at)
            await self._save(tx, lapsed)

    async def _move(self, tx: Tx, tasks: Sequence[Task[PaymentNews]], event: str) -> None:
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        checkouts = await store.lock(tx, [order.checkout_id for order in orders.values()])
        await self._save(tx, _all_moved(checkouts.values(), event))

    async def _save(self, tx: Tx, changed: Collection[Checkout]) -> None:
        """Write checkouts that changed, for whoever watches them too."""
        await store.update_all(tx, changed)
        if changed:
            self._note(tx, [checkout_topic(checkout.id) for checkout in changed])

    async def _explain(
        self, tx: Tx, refused: Mapping[Complete, DoorstepError], checkouts: Mapping[CheckoutId, Checkout]
    ) -> None:
        """Leave with the checkout what its shopper is to be asked before it can be completed."""
        gone = [checkouts[one.id] for one, error in refused.items() if error.code in (placing.SHORT, LOST)]
        asked = {one.id: one for one, error in refused.items() if error.code == TOTAL_CHANGED}
        if not gone and not asked:
            return
        priced = await self._quotes.price(tx, gone, _now(list(refused)))
        unsure = [replace(checkouts[one.id], unconfirmed_minor=one.total_minor) for one in asked.values()]
        changed = [one for one in (*priced, *unsure) if one != checkouts[one.id] or one in gone]
        await self._save(tx, [replace(one, version=one.version + 1) for one in changed])

    async def _place(
        self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]
    ) -> dict[Complete, DoorstepError]:
        """Place what can be. Codes are locked before stock; who cannot have one any more is told so."""
        lost = await self._lost_codes(tx, [(one, checkouts[one.id]) for one in requests if checkouts[one.id].discounts])
        refused = await self._place_held(tx, [one for one in requests if one not in lost], checkouts)
        return refused | {request: code_lost(checkouts[request.id], code) for request, code in lost.items()}

    async def _lost_codes(self, tx: Tx, wanting: Sequence[Wanting]) -> dict[Complete, str]:
        if not wanting:
            return {}
        counts = await self._codes.lock(tx, [use for _, checkout in wanting for use in uses_of(checkout)])
        return lost_codes(wanting, counts, self._ledger.plans.in_force)

    async def _place_held(
        self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]
    ) -> dict[Complete, DoorstepError]:
        plan = self._ledger.plans.in_force
        requests = sorted(requests, key=lambda request: not checkouts[request.id].kept)
        await self._hand_over(tx, requests, checkouts)
        holds = [placing.hold(checkouts[request.id], request, plan) for request in requests]
        taken = await self._shelf.hold(tx, holds)
        pairs = list(zip(requests, taken, strict=True))
        refused: dict[Complete, DoorstepError] = {
            request: placing.short(sources) for request, sources in pairs if not placing.is_held(sources)
        }
        held = [(request, sources) for request, sources in pairs if placing.is_held(sources)]
        numbers = await store.next_numbers(tx, len(held))
        placed = [
            placing.order(checkouts[request.id], request, placing.sources(taken), number, plan)
            for (request, taken), number in zip(held, numbers, strict=True)
        ]
        won = [request for request, _ in held]
        facts = [placing.placed(order, request.token) for order, request in zip(placed, won, strict=True)]
        await self._ledger.record(tx, list(zip(placed, facts, strict=True)))
        await self._codes.spend(tx, [use for request in won for use in uses_of(checkouts[request.id])])
        await self._in_progress(tx, won, checkouts, placed)
        return refused

    async def _hand_over(self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]) -> None:
        """Free what was kept for shoppers just before their orders take it; they are the first to take."""
        kept = [checkouts[request.id] for request in requests if checkouts[request.id].kept]
        if kept:
            await self._quotes.free(tx, kept, _now(requests))
            checkouts.update({checkout.id: replace(checkout, kept=()) for checkout in kept})

    async def _in_progress(
        self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout], orders: Sequence[Order]
    ) -> None:
        for request, order in zip(requests, orders, strict=True):
            checkouts[request.id] = placing.in_progress(checkouts[request.id], request, order)
        await self._save(tx, [checkouts[request.id] for request in requests])

    async def _retry(
        self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]
    ) -> dict[Complete, DoorstepError]:
        """A further payment attempt for an order whose first was declined and whose stock is still held."""
        ids = [order_of(request.id) for request in requests]
        page, orders = await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)
        refused: dict[Complete, DoorstepError] = {}
        facts: list[PaymentRetried] = []
        for request in requests:
            order_id = order_of(request.id)
            if not _may_retry(page[order_id]):
                refused[request] = Refused("order_lapsed", "The time to pay this order has passed. Please start again.")
                continue
            facts.append(placing.retried(orders[order_id], checkouts[request.id], request))
            checkouts[request.id] = placing.in_progress(checkouts[request.id], request, orders[order_id])
        await page.append(facts)
        await self._save(tx, [checkouts[request.id] for request in requests if request not in refused])
        return refused


def _now(requests: Sequence[Create | Change | Complete]) -> datetime:
    """When a batch happens: at the latest of its requests."""
    return max(request.at for request in requests)


def _may_retry(standing: Standing) -> bool:
    return not standing.ended and standing.balance.state == "declined"


def _choose(
    checkouts: dict[CheckoutId, Checkout], requests: Sequence[Complete]
) -> tuple[list[Complete], dict[Complete, DoorstepError]]:
    """Which requests are to be carried out, and which are refused; repeats of earlier ones are neither."""
    chosen: dict[CheckoutId, Complete] = {}
    refused: dict[Complete, DoorstepError] = {}
    for request in requests:
        checkout = checkouts.get(request.id)
        if checkout is None:
            refused[request] = Missing("no_such_checkout", f"There is no checkout {request.id}.")
        elif is_misused_key(checkout, request):
            refused[request] = Conflict("key_reused", "This Idempotency-Key was used with another body before.")
        elif is_repeat(checkout, request):
            continue
        elif error := refusal(checkout, request):
            refused[request] = error
        elif earlier := chosen.get(request.id):
            if error := clash(earlier, request):
                refused[request] = error
        else:
            chosen[request.id] = request
    return list(chosen.values()), refused


def _paid(
    chosen: list[Complete],
    refused: dict[Complete, DoorstepError],
    checkouts: dict[CheckoutId, Checkout],
    plan: Plan,
) -> tuple[list[Complete], dict[Complete, DoorstepError]]:
    """Those that name a way to pay have it from here on, unless it cannot be chosen."""
    able = []
    for request in chosen:
        try:
            checkouts[request.id] = placing.paid_by(checkouts[request.id], request, plan)
            able.append(request)
        except DoorstepError as error:
            refused[request] = error
    return able, refused


def _answer(
    request: Complete, leads: dict[CheckoutId, Complete], refused: dict[Complete, DoorstepError]
) -> DoorstepError | None:
    """Why a request was refused: for reasons of its own, or because the one that it repeats was."""
    lead = leads.get(request.id)
    return refused.get(request) or (refused.get(lead) if lead else None)


def _changed(checkout: Checkout | None, request: Change) -> Answer:
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {request.id}.")
    if checkout.state is CheckoutState.EXPIRED or checkout.expires_at <= request.at:
        return Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
    if not CHECKOUT.allows(checkout.state, "found_ready") or checkout.order_id:
        return Conflict("checkout_closed", f"This checkout is {checkout.state} and cannot be changed any more.")
    if request.expected not in (None, checkout.version):
        said = f"This checkout has changed since: it has version {checkout.version} by now. Read it and decide again."
        return Conflict("checkout_changed", said, {"version": str(checkout.version)})
    wishes: Wishes = replace(checkout.wishes, **{name: getattr(request.wishes, name) for name in request.fields})
    return replace(checkout, wishes=wishes, version=checkout.version + 1, waiting=(), unconfirmed_minor=None)


def _may_cancel(checkout: Checkout, unpaid: Collection[OrderId]) -> bool:
    """Whether it is undecided, and an order that it became is still to be paid."""
    return CHECKOUT.allows(checkout.state, "cancel") and (not checkout.order_id or checkout.order_id in unpaid)


def _canceled(checkout: Checkout | None, request: Cancel) -> Answer:
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {request.id}.")
    if checkout.state is not CheckoutState.CANCELED:
        return Conflict("checkout_closed", f"This checkout is {checkout.state} and cannot be canceled any more.")
    return checkout


def _all_moved(checkouts: Iterable[Checkout], event: str) -> list[Checkout]:
    """Those of the checkouts that the event concerns, after it."""
    return [_moved(checkout, event) for checkout in checkouts if CHECKOUT.allows(checkout.state, event)]


def _moved(checkout: Checkout, event: str) -> Checkout:
    return replace(checkout, state=CHECKOUT.next(checkout.state, event), version=checkout.version + 1)
