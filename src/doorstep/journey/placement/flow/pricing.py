"""Prices checkouts against what there is, and holds stock for them when the plan says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.goods import mark_of
from doorstep.journey.placement.model.holding import early_hold, holds_early, with_hold, without_hold
from doorstep.journey.placement.model.market import Market, market, market_of
from doorstep.journey.placement.model.pricing import priced
from doorstep.kernel.ids import order_of
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.holding import Grip
from doorstep.stock.model.sourcing import Want
from doorstep.storage.transaction import Tx


class Pricing:
    """What checkouts come to under a plan at a moment; several share what is read."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def priced(self, tx: Tx, checkouts: Sequence[Checkout], plan: Plan, at: datetime) -> list[Checkout]:
        """Checkouts priced anew. What is held for one counts as free for it alone, and stays as it is."""
        items = await self.items(tx, checkouts)
        keys = [order_of(checkout.id) for checkout in checkouts if checkout.held_until]
        if not keys:
            there = market(items, await self._shelf.read(tx, items), plan, at)
            return [_priced(checkout, there, plan) for checkout in checkouts]
        grip = await self._shelf.look(tx, items, keys)
        return [_priced(checkout, _market(checkout, grip, items, plan, at), plan) for checkout in checkouts]

    async def held(self, tx: Tx, checkouts: Sequence[Checkout], plan: Plan, at: datetime) -> list[Checkout]:
        """Checkouts priced anew, one after the other, with stock held for each as the plan says."""
        if not holds_early(plan) and not any(checkout.held_until for checkout in checkouts):
            return await self.priced(tx, checkouts, plan, at)
        items = await self.items(tx, checkouts)
        everything = Want("", tuple((0, sku, 1) for sku in items), tuple(place.id for place in plan.locations))
        keys = [order_of(checkout.id) for checkout in checkouts if checkout.held_since]
        grip = await self._shelf.grip(tx, [everything], keys)
        after: list[Checkout] = []
        for checkout in checkouts:
            there = _market(checkout, grip, items, plan, at)
            after.append(_held(_priced(checkout, there, plan), grip, plan, at))
        await self._shelf.settle(tx, grip)
        return after

    async def items(self, tx: Tx, checkouts: Sequence[Checkout]) -> dict[str, Item]:
        """The items that checkouts ask for, as they are."""
        return await catalog.load(tx, {wish.sku for checkout in checkouts for wish in checkout.wishes.lines})


def _priced(checkout: Checkout, there: Market, plan: Plan) -> Checkout:
    mark = mark_of(checkout.wishes.lines, there.items, plan)
    return replace(priced(checkout, there, plan), priced_by=mark)


def _market(checkout: Checkout, grip: Grip, items: Mapping[str, Item], plan: Plan, at: datetime) -> Market:
    skus = {wish.sku for wish in checkout.wishes.lines}
    return market_of(items, grip.free(order_of(checkout.id), skus), plan, at)


def _held(checkout: Checkout, grip: Grip, plan: Plan, at: datetime) -> Checkout:
    hold = early_hold(checkout, plan, at)
    if hold is None:
        grip.drop(order_of(checkout.id), at)
        return without_hold(checkout)
    short = grip.take_most(hold)
    return with_hold(checkout, hold, grip.held(hold.want.key), short)
