"""What each recorded line is. Every line ends in exactly one bucket, with a reason and its line number.

The order of the questions matters: the code first (a fee is a fee on any invoice), then the invoice, then quantity,
price and customer. In the recorded year a zero price without a customer means two things, told apart by company: alone
on its invoice it is a note about stock ("damaged", "found", "check" or nothing for a description); among other lines
it is an item that went out without a price.
"""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from doorstep.rehearsal.recording.codes import NOT_GOODS, is_goods
from doorstep.rehearsal.recording.read import Line

_ORDER_NUMBER = re.compile(r"\d+", re.ASCII)
_CANCELLATION_NUMBER = re.compile(r"C\d+", re.ASCII)


class Bucket(StrEnum):
    """Where a line goes. Only goods become order lines, only canceled goods cancel them."""

    GOODS = "goods"
    CANCELED = "canceled"
    NOT_GOODS = "not_goods"
    STOCK_LESS = "stock_less"
    STOCK_MORE = "stock_more"
    UNPRICED = "unpriced"
    UNUSABLE = "unusable"


class Sorted(Struct, frozen=True):
    """A line, its bucket and why it is there."""

    line: Line
    bucket: Bucket
    reason: str


def sort_lines(lines: Sequence[Line]) -> list[Sorted]:
    """Every line with its bucket, in the order given. Needs all lines of an invoice at once, in any order."""
    lines_of = Counter(line.invoice for line in lines)
    return [Sorted(line, *sort_line(line, lines_of[line.invoice])) for line in lines]


def sort_line(line: Line, lines_on_invoice: int) -> tuple[Bucket, str]:
    """The bucket of one line and the reason, given how many lines its invoice has."""
    if (code := NOT_GOODS.get(line.sku)) is not None:
        return Bucket.NOT_GOODS, f"{code.name}: {code.reason}"
    if not is_goods(line.sku):
        return Bucket.UNUSABLE, "the stock code is neither an item's nor a known other one"
    if _CANCELLATION_NUMBER.fullmatch(line.invoice):
        return _sort_canceled(line)
    if _ORDER_NUMBER.fullmatch(line.invoice):
        return _sort_ordered(line, lines_on_invoice)
    return Bucket.UNUSABLE, "the invoice is neither an order's (digits) nor a cancellation's (C and digits)"


def _sort_canceled(line: Line) -> tuple[Bucket, str]:
    if line.quantity >= 0:
        return Bucket.UNUSABLE, "a cancellation that takes nothing back: its quantity is not negative"
    if line.unit_price_minor <= 0:
        return Bucket.UNPRICED, "a cancellation without a price"
    return Bucket.CANCELED, "goods on a cancellation"


def _sort_ordered(line: Line, lines_on_invoice: int) -> tuple[Bucket, str]:
    if line.quantity == 0 or line.unit_price_minor < 0:
        return Bucket.UNUSABLE, "the quantity is zero or the price below zero"
    if line.quantity < 0:
        return _sort_negative(line)
    if line.unit_price_minor > 0:
        return Bucket.GOODS, "goods"
    if line.customer:
        return Bucket.UNPRICED, "given to a customer free, or for less than half a penny"
    if lines_on_invoice > 1:
        return Bucket.UNPRICED, "sent without a price among other lines, to nobody who is named"
    return Bucket.STOCK_MORE, "a stock correction upwards: alone, without price and customer"


def _sort_negative(line: Line) -> tuple[Bucket, str]:
    if line.unit_price_minor or line.customer:
        return Bucket.UNUSABLE, "a negative quantity that is neither a cancellation nor a stock correction"
    return Bucket.STOCK_LESS, "a stock correction downwards or a write-off: no price, no customer"
