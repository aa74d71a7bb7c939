"""What is on hand at a place is put right by a person. Pure."""

from datetime import datetime

from msgspec import Struct

from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.limits import QUANTITY_MAX
from doorstep.stock.model.balances import Stock


class Adjustment(Struct, frozen=True):
    """What is on hand at a place changes by a number, or becomes what was counted. The cause is done once.

    `seen` is what was on hand when somebody looked: when it is something else by then, nothing changes.
    """

    cause: str
    sku: str
    location: str
    at: datetime
    change: int | None = None
    count: int | None = None
    seen: int | None = None


class Adjusted(Struct, frozen=True):
    """What was on hand, and by how many that changed."""

    on_hand: int
    difference: int


def judge_adjustment(wish: Adjustment, stock: Stock, *, backorder: bool) -> Adjusted | DoorstepError:
    """What an adjustment comes to, or why it cannot be: what is promised must be there, or be backordered."""
    if wish.seen not in (None, stock.on_hand):
        said = f"{stock.on_hand} are on hand; it was {wish.seen} when you looked. Look again, and say it again."
        return Conflict("stock_changed", said, {"on_hand": str(stock.on_hand)})
    difference = wish.change if wish.change is not None else (wish.count or 0) - stock.on_hand
    on_hand, promised = stock.on_hand + difference, stock.reserved + stock.allocated
    if on_hand < 0:
        return Refused("below_nothing", f"{stock.on_hand} are on hand; fewer than none cannot be left.")
    if on_hand > QUANTITY_MAX:
        return Refused("too_many", f"At most {QUANTITY_MAX} of an item can be on hand at a place.")
    if difference < 0 and on_hand < promised and not backorder:
        return Refused("promised", f"{promised} are promised to orders, so it cannot be {on_hand}.")
    return Adjusted(stock.on_hand, difference)
