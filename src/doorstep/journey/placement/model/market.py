"""What a checkout is priced against: the items there are, what is free of them and where, at a moment. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.codes.model import Counts
from doorstep.plan.records import Plan
from doorstep.stock.model.balances import Place, Stock
from doorstep.stock.model.sourcing import Source

PLENTY = 10**9
"""How many are to be had of an item that may be sold without being there."""


class Market(Struct, frozen=True, kw_only=True):
    """Items by SKU, and how many of each are free at each location: safety stock and what others hold are off.

    `uses` says how often the codes were used that its checkouts have.
    """

    items: Mapping[str, Item]
    free: Mapping[Place, int]
    at: datetime
    is_endless: bool = False
    uses: Counts = {}

    def available(self, sku: str, locations: Iterable[str]) -> int:
        """How many of an item are to be had at some locations together."""
        if self.is_endless and sku in self.items:
            return PLENTY
        return sum(self.free.get((sku, location), 0) for location in locations)

    def counting(self, own: Iterable[Source]) -> "Market":
        """The same market for a shopper for whom some units are held: those are free for them."""
        free = dict(self.free)
        for source in own:
            place = (source.sku, source.location)
            free[place] = free.get(place, 0) + source.quantity
        return replace(self, free=free)


def market(items: Mapping[str, Item], stocks: Iterable[Stock], plan: Plan, at: datetime) -> Market:
    """The market of a moment under a plan."""
    free = {(one.sku, one.location): max(0, one.available - plan.stock.safety_stock) for one in stocks}
    return Market(items=items, free=free, at=at, is_endless=plan.stock.backorder)
