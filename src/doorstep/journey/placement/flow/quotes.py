"""Prices checkouts; offers alternatives for what cannot be had, holds their goods, frees what is not wanted."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.catalog import store as catalog
from doorstep.jobs.model import NewJob
from doorstep.journey.codes.flow import Codes
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.placement.flow.holder import Holder
from doorstep.journey.placement.model import offers
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.discounting import counters_for
from doorstep.journey.placement.model.goods import mark_of
from doorstep.journey.placement.model.holding import holds_early
from doorstep.journey.placement.model.market import Market, market
from doorstep.journey.placement.model.offered import Offering
from doorstep.journey.placement.model.pricing import marked
from doorstep.journey.placement.model.unavailable import with_problems
from doorstep.journey.placement.store import checkouts as store
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import CheckoutId, order_of
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Taken
from doorstep.storage.transaction import Tx

DEFAULT = "placement.default_offer"
LOOK_AGAIN = "placement.look_again"
_LOOK_AFTER = timedelta(seconds=2)


class OfferSlip(Struct, frozen=True):
    """An offering whose deadline has passed."""

    checkout_id: CheckoutId
    number: int


class LookSlip(Struct, frozen=True):
    """A checkout of which something is gone that its shopper was not asked about yet."""

    checkout_id: CheckoutId


class Quotes:
    """Prices checkouts, and offers what there is instead of what there is not.

    All inside the caller's transaction: what is held is held with the checkout that says so.
    """

    def __init__(self, ledger: Ledger, shelf: Shelf, codes: Codes) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self._codes = codes
        self._holder = Holder(shelf)

    async def price(
        self, tx: Tx, checkouts: Sequence[Checkout], at: datetime, *, are_new: bool = False, may_hold: bool = True
    ) -> list[Checkout]:
        """Price checkouts as they are wished, hold stock for them if the plan says so, and offer alternatives for what
        lacks.

        Unless it `may_hold`, what is held for them stays as it is. `are_new`: one that turns out to be there already
        stays as it is, so nothing is offered for it.
        """
        plan = self._ledger.plans.in_force
        counters = {counter for checkout in checkouts for counter in counters_for(checkout.wishes)}
        uses = await self._codes.counts(tx, counters) if counters else {}
        items = await catalog.load(tx, _skus(checkouts))
        if may_hold and (holds_early(plan) or any(checkout.held for checkout in checkouts)):
            found = await self._holder.held(tx, checkouts, Market(items=items, free={}, at=at, uses=uses), plan)
        else:
            there = replace(market(items, await self._shelf.read(tx, items), plan, at), uses=uses)
            found = [marked(checkout, _seen(there, checkout, at), plan) for checkout in checkouts]
        if all(map(offers.is_simple, found)):
            return found
        more = _skus(checkouts) | offers.substitutes(items.values())
        wide = replace(await self._market(tx, more, plan, at), uses=uses)
        known = await store.read(tx, [checkout.id for checkout in found]) if are_new else {}
        offered = await self._offer(tx, [checkout for checkout in found if checkout.id not in known], wide, at)
        told = {checkout.id: checkout for checkout in offered}
        return [told.get(checkout.id, checkout) for checkout in found]

    async def marks(self, tx: Tx, checkouts: Sequence[Checkout]) -> dict[CheckoutId, str]:
        """What the amounts of each checkout would come from by now."""
        items = await catalog.load(tx, _skus(checkouts))
        plan = self._ledger.plans.in_force
        return {checkout.id: mark_of(checkout.wishes.lines, items, plan) for checkout in checkouts}

    async def look_later(self, tx: Tx, checkouts: Iterable[Checkout], at: datetime) -> None:
        """Have checkouts looked at again in a moment, when those who wait for an answer have it."""
        due = to_ms(at + _LOOK_AFTER)
        await self._ledger.enqueue(tx, [], [_looking(checkout, due) for checkout in checkouts])

    async def free(self, tx: Tx, checkouts: Iterable[Checkout], at: datetime) -> None:
        """Free everything that is held for what was offered and chosen."""
        keys = {key for checkout in checkouts for key in offers.keys_of(checkout)}
        if keys:
            await self._shelf.let_go(tx, dict.fromkeys(keys, at))

    async def _market(self, tx: Tx, skus: Iterable[str], plan: Plan, at: datetime) -> Market:
        items = await catalog.load(tx, skus)
        return market(items, await self._shelf.read(tx, items), plan, at)

    async def _offer(self, tx: Tx, checkouts: Sequence[Checkout], there: Market, at: datetime) -> list[Checkout]:
        plan = self._ledger.plans.in_force
        seen = [_seen(there, checkout, at) for checkout in checkouts]
        lacks = [offers.lacks(checkout, view, plan) for checkout, view in zip(checkouts, seen, strict=True)]
        after = [offers.taken_back(checkout, some, at, plan) for checkout, some in zip(checkouts, lacks, strict=True)]
        every = zip(after, lacks, seen, strict=True)
        after = [offers.with_new(checkout, some, view, plan) for checkout, some, view in every]
        await self.release(tx, checkouts, after, at)
        taken = await self._hold(tx, after, at)
        after = [offers.with_held(checkout, taken) for checkout in after]
        await self._end_later(tx, checkouts, after)
        return [
            with_problems(offers.with_prices(checkout, view, plan)) for checkout, view in zip(after, seen, strict=True)
        ]

    async def release(self, tx: Tx, before: Iterable[Checkout], after: Iterable[Checkout], at: datetime) -> None:
        """Free what was held before and is not kept after."""
        kept = {key for checkout in after for key in offers.keys_of(checkout)}
        gone = {key for checkout in before for key in offers.keys_of(checkout)} - kept
        if gone:
            await self._shelf.let_go(tx, dict.fromkeys(gone, at))

    async def _hold(self, tx: Tx, checkouts: Sequence[Checkout], at: datetime) -> dict[str, Taken]:
        """Hold what new offers are for; what became of each, by its key."""
        plan = self._ledger.plans.in_force
        wanted = [hold for checkout in checkouts for hold in offers.holds(checkout, at, plan)]
        taken = await self._shelf.hold(tx, wanted) if wanted else []
        return {hold.want.key: one for hold, one in zip(wanted, taken, strict=True)}

    async def _end_later(self, tx: Tx, before: Iterable[Checkout], after: Iterable[Checkout]) -> None:
        """See that each new offering ends at its deadline."""
        known = {(checkout.id, one.number) for checkout in before for one in checkout.offerings}
        new = [(c, one) for c in after for one in c.offerings if (c.id, one.number) not in known]
        await self._ledger.enqueue(tx, [], [_ending(checkout, one) for checkout, one in new])


def _skus(checkouts: Iterable[Checkout]) -> set[str]:
    return {wish.sku for checkout in checkouts for wish in checkout.wishes.lines}


def _seen(there: Market, checkout: Checkout, at: datetime) -> Market:
    """The market as a shopper sees it: what is held for them is free for them."""
    own = offers.own(checkout, at)
    return there.counting(own) if own else there


def _looking(checkout: Checkout, due_ms: int) -> NewJob:
    body = msgspec.json.encode(LookSlip(checkout.id)).decode()
    key = f"{LOOK_AGAIN}:{order_of(checkout.id)}:{checkout.version}"
    return NewJob(LOOK_AGAIN, key, body, due_ms)


def _ending(checkout: Checkout, offering: Offering) -> NewJob:
    """The job that takes the default. Keys are logged, so that it has not the checkout's own id, which opens it."""
    body = msgspec.json.encode(OfferSlip(checkout.id, offering.number)).decode()
    key = f"{DEFAULT}:{order_of(checkout.id)}:{offering.number}"
    return NewJob(DEFAULT, key, body, to_ms(offering.deadline))
