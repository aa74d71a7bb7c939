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
from doorstep.journey.placement.model.canceling import canceled, may_cancel
from doorstep.journey.placement.model.changing import all_moved, changed_by
from doorstep.journey.placement.model.checkout import (
    CHECKOUT,
    TOTAL_CHANGED,
    Cancel,
    Change,
    Checkout,
    Complete,
    Create,
    has_old_prices,
    refusal,
)
from doorstep.journey.placement.model.choosing import answer_of, choose, paid
from doorstep.journey.placement.model.holding import has_left, holds_early, is_overdue, without_hold
from doorstep.journey.placement.model.offers import is_offer, keys_of
from doorstep.journey.placement.model.spending import LOST, Wanting, code_lost, lost_codes, uses_of
from doorstep.journey.placement.store import checkouts as store
from doorstep.journey.standing import Standing
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.ids import CheckoutId, OrderId, order_of
from doorstep.live.teller import Note, checkout_topic, nobody
from doorstep.stock.flow import Shelf
from doorstep.stock.model.holding import ReservationState
from doorstep.storage.transaction import Tx

_SWEEP_MAX = 2000
Answer = Checkout | DoorstepError


class PaymentNews(Struct, frozen=True):
    """What a payment's end means for its checkout."""

    order_id: OrderId
    reason: str = ""


_ASKED_AT_ONCE = 16


class Placement:
    """From a cart to a placed order."""

    def __init__(self, ledger: Ledger, shelf: Shelf, codes: Codes, note: Note = nobody) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._codes = codes
        self._note = note
        self._quotes = Quotes(ledger, shelf, codes)

    async def create(self, tx: Tx, requests: Sequence[Create]) -> list[Answer]:
        """Open checkouts under the plan in force; one whose id is there already stays as it is."""
        plan = self._ledger.plans.in_force
        lapses = timedelta(minutes=plan.placement.checkout_lapses_minutes)
        known = await store.lock(tx, [request.id for request in requests]) if holds_early(plan) else {}
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
            if request.id not in known
        ]
        checkouts = await self._quotes.price(tx, opened, _now(requests), are_new=True)
        await store.insert(tx, checkouts)
        known |= {checkout.id: checkout for checkout in checkouts}
        return [known[request.id] for request in requests]

    async def change(self, tx: Tx, requests: Sequence[Change]) -> list[Answer]:
        """Change what was wished and price everything again."""
        locked = await store.lock(tx, [request.id for request in requests])
        answers: dict[int, Answer] = {}
        for index, request in enumerate(requests):
            answers[index] = answer = changed_by(locked.get(request.id), request)
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
        going = {c.id: c for c in checkouts.values() if may_cancel(c, may)}
        times = {request.id: request.at for request in requests}
        ended = [c.order_id for c in going.values() if c.order_id]
        held = {key: times[c.id] for c in going.values() for key in (order_of(c.id), *keys_of(c))}
        await self._shelf.let_go(tx, held)
        orders = await self._ledger.orders(tx, ended)
        await page.append([placing.lapsed(orders[key], held[key], "given up by the shopper") for key in ended])
        checkouts |= {c.id: c for c in all_moved(going.values(), "cancel")}
        await self._save(tx, [checkouts[checkout_id] for checkout_id in going])
        return [canceled(checkouts.get(request.id), request) for request in requests]

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
        await self._renew(tx, requests, checkouts)
        chosen, refused = choose(checkouts, requests)
        chosen, refused = paid(chosen, refused, checkouts, self._ledger.plans.in_force)
        again = [request for request in chosen if checkouts[request.id].order_id]
        first = [request for request in chosen if not checkouts[request.id].order_id]
        refused |= await self._retry(tx, again, checkouts)
        refused |= await self._price_again(tx, first, checkouts)
        refused |= await self._place(tx, [request for request in first if request not in refused], checkouts)
        await self._explain(tx, refused, checkouts)
        leads = {request.id: request for request in chosen}
        return [answer_of(request, leads, refused) or checkouts[request.id] for request in requests]

    async def _renew(self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]) -> None:
        """Price those anew whose delivery price does not hold any longer; what was agreed is then held against that."""
        times = {request.id: request.at for request in requests}
        old = [one for one in checkouts.values() if has_old_prices(one, times[one.id])]
        if old:
            later = [replace(one, version=one.version + 1) for one in old]
            fresh = await self._quotes.price(tx, later, _now(requests))
            await self._save(tx, fresh)
            checkouts.update({one.id: one for one in fresh})

    async def close(self, tx: Tx, tasks: Sequence[Task[PaymentNews]]) -> None:
        """The payment is authorized: the checkout is completed."""
        await self._move(tx, tasks, "authorized")

    async def reopen(self, tx: Tx, tasks: Sequence[Task[PaymentNews]]) -> None:
        """The payment was declined: another method can be tried while the stock is held."""
        await self._move(tx, tasks, "declined")

    async def lapse(self, tx: Tx, tasks: Sequence[Task[None]]) -> None:
        """Let orders lapse whose hold has passed unpaid, and checkouts that were left lying; free what was held long
        enough for checkouts, which then come to what is left.
        """
        for task in tasks:
            over = await self._shelf.expired(tx, task.at, _SWEEP_MAX)
            offered = [key for key in over if is_offer(key)]
            unpaid = [OrderId(key) for key in over if not is_offer(key)]
            found = await store.expired(tx, to_ms(task.at), _SWEEP_MAX)
            found += await store.overdue(tx, to_ms(task.at), _SWEEP_MAX)
            orders = await self._ledger.orders(tx, unpaid)
            checkouts = await store.lock(tx, [*found, *(order.checkout_id for order in orders.values())])
            page = await self._ledger.open(tx, unpaid)
            due = [order_id for order_id, standing in page.standings.items() if placing.may_lapse(standing)]
            unpaid_of = {orders[order_id].checkout_id for order_id in due}
            gone = [c for c in checkouts.values() if c.id in unpaid_of or has_left(c, task.at)]
            held = [c for c in checkouts.values() if c not in gone and is_overdue(c, task.at)]
            loose: list[str] = [order_of(c.id) for c in (*gone, *held) if c.held and not c.order_id]
            loose += [key for c in gone for key in keys_of(c)]
            await self._shelf.let_go(tx, dict.fromkeys([*due, *loose, *offered], task.at), ReservationState.EXPIRED)
            await page.append([placing.lapsed(orders[order_id], task.at) for order_id in due])
            left = [replace(without_hold(c), version=c.version + 1) for c in held]
            freed = await self._quotes.price(tx, left, task.at, may_hold=False)
            await self._save(tx, [*all_moved(gone, "lapsed"), *freed])

    async def _move(self, tx: Tx, tasks: Sequence[Task[PaymentNews]], event: str) -> None:
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        checkouts = await store.lock(tx, [order.checkout_id for order in orders.values()])
        await self._save(tx, all_moved(checkouts.values(), event))

    async def _save(self, tx: Tx, changed: Collection[Checkout]) -> None:
        """Write checkouts that changed, for whoever watches them too."""
        await store.update_all(tx, changed)
        if changed:
            self._note(tx, [checkout_topic(checkout.id) for checkout in changed])

    async def _price_again(
        self, tx: Tx, requests: Sequence[Complete], checkouts: dict[CheckoutId, Checkout]
    ) -> dict[Complete, DoorstepError]:
        """Price those anew of which the plan or an item is not what it was; refuse what then is not what was agreed."""
        current = await self._quotes.marks(tx, [checkouts[request.id] for request in requests])
        stale = [request for request in requests if current[request.id] != checkouts[request.id].priced_by]
        if not stale:
            return {}
        before = [replace(checkouts[r.id], version=checkouts[r.id].version + 1) for r in stale]
        fresh = await self._quotes.price(tx, before, _now(stale))
        await self._save(tx, fresh)
        checkouts.update({checkout.id: checkout for checkout in fresh})
        judged = {request: refusal(checkouts[request.id], request) for request in stale}
        return {request: error for request, error in judged.items() if error}

    async def _explain(
        self, tx: Tx, refused: Mapping[Complete, DoorstepError], checkouts: Mapping[CheckoutId, Checkout]
    ) -> None:
        """Leave with the checkout what its shopper is to be asked before it can be completed.

        When very many are refused at once, as when a sale ends, all but a few are told first and asked in a moment.
        """
        gone = [checkouts[one.id] for one, error in refused.items() if error.code in (placing.SHORT, LOST)]
        asked = {one.id: one for one, error in refused.items() if error.code == TOTAL_CHANGED}
        if not gone and not asked:
            return
        gone, later = gone[:_ASKED_AT_ONCE], gone[_ASKED_AT_ONCE:]
        await self._quotes.look_later(tx, later, _now(list(refused)))
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
        for (request, sources), hold in zip(pairs, holds, strict=True):
            if placing.is_held(sources):
                checkouts[request.id] = placing.held(checkouts[request.id], hold)
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
