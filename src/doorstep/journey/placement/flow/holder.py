"""Prices checkouts one after the other, and holds stock for each as the plan says before the next is priced."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.placement.model import offers
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.holding import early_hold, with_hold, without_hold
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.pricing import marked
from doorstep.kernel.ids import order_of
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.holding import Grip
from doorstep.stock.model.sourcing import Want
from doorstep.storage.transaction import Tx


class Holder:
    """Holds stock for checkouts that are no orders yet, inside the caller's transaction."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def held(self, tx: Tx, checkouts: Sequence[Checkout], there: Market, plan: Plan) -> list[Checkout]:
        """Checkouts priced anew, with what the plan says held for each. What one holds is free for it alone.

        `there` is the market, but for what is free.
        """
        grip, at = await self._grip(tx, checkouts, there.items, plan), there.at
        after: list[Checkout] = []
        for checkout in checkouts:
            keys = {order_of(checkout.id), *offers.live_keys(checkout, at)}
            free = grip.free(keys, {wish.sku for wish in checkout.wishes.lines})
            seen = replace(there, free=free, is_endless=plan.stock.backorder)
            after.append(_held(marked(checkout, seen, plan), grip, plan, at))
        await self._shelf.settle(tx, grip)
        return after

    async def _grip(self, tx: Tx, checkouts: Sequence[Checkout], items: Mapping[str, Item], plan: Plan) -> Grip:
        """All that may be touched, alternatives too, is locked at once, so that nobody locks another out."""
        skus = {*items, *offers.substitutes(items.values())}
        everything = Want("", tuple((0, sku, 1) for sku in skus), tuple(place.id for place in plan.locations))
        keys = [order_of(checkout.id) for checkout in checkouts if checkout.held_since]
        return await self._shelf.grip(tx, [everything], [*keys, *(k for c in checkouts for k in offers.keys_of(c))])


def _held(checkout: Checkout, grip: Grip, plan: Plan, at: datetime) -> Checkout:
    """Take over what was kept of alternatives that were chosen; open ones stay held if the cart leaves their goods."""
    key, hold = order_of(checkout.id), early_hold(checkout, plan, at)
    if hold is None:
        grip.drop(key, at)
        return without_hold(checkout)
    kept = {one.key for one in checkout.kept}
    aside = kept | offers.keys_of(checkout)
    for other in sorted(aside):
        grip.drop(other, at)
    short = grip.take_most(hold)
    gone = {other for other in sorted(aside) if other in kept or not grip.restore(other)}
    return with_hold(offers.without(checkout, gone), hold, grip.held(key), short)
