"""The lines of a checkout: what each comes to before discounts, and what is wrong with it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import msgspec

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.kernel.limits import LINES_MAX, QUANTITY_MAX
from doorstep.kernel.phrase import phrase
from doorstep.plan.records import Plan

_encode = msgspec.json.Encoder().encode


def line_problems(wishes: Sequence[LineWish], market: Market, locations: Sequence[str]) -> Iterable[Problem]:
    """What is wrong with the lines, given the locations that may send them."""
    if not wishes:
        yield Problem("lines_missing", "lines", Severity.RECOVERABLE, phrase("The cart is empty."))
    if len(wishes) > LINES_MAX:
        yield Problem(
            "too_many_lines", "lines", Severity.RECOVERABLE, phrase("A cart has at most {most} lines.", most=LINES_MAX)
        )
    taken = dict[str, int]()
    for index, wish in enumerate(wishes):
        yield from _wish_problems(f"lines[{index}]", wish, market, locations, taken)


def _wish_problems(
    path: str, wish: LineWish, market: Market, locations: Sequence[str], taken: dict[str, int]
) -> Iterable[Problem]:
    """What is wrong with a line, when the lines before it have `taken` some of its item."""
    if not 1 <= wish.quantity <= QUANTITY_MAX:
        message = phrase("The quantity must be from 1 to {most}, not {given}.", most=QUANTITY_MAX, given=wish.quantity)
        yield Problem("bad_quantity", f"{path}.quantity", Severity.RECOVERABLE, message)
    if wish.sku not in market.items:
        yield Problem(
            "unknown_item", f"{path}.sku", Severity.RECOVERABLE, phrase("There is no item {sku}.", sku=wish.sku)
        )
        return
    left = max(0, market.available(wish.sku, locations) - taken.get(wish.sku, 0))
    taken[wish.sku] = taken.get(wish.sku, 0) + wish.quantity
    if left < wish.quantity:
        yield too_few(path, wish.sku, left)


def mark_of(wishes: Iterable[LineWish], items: Mapping[str, Item], plan: Plan) -> str:
    """A mark of all that lines are priced by: the plan's text and the items as they are, gone ones too."""
    wanted = [items.get(wish.sku) for wish in wishes]
    return f"{plan.version}:{crc32(_encode(wanted)):08x}"


def too_few(path: str, sku: str, left: int) -> Problem:
    """Of the item of a line, by its path, there are fewer than it asks for."""
    message = phrase("Of {sku} only {left} are available.", sku=sku, left=left)
    return Problem("insufficient_stock", f"{path}.quantity", Severity.RECOVERABLE, message)
