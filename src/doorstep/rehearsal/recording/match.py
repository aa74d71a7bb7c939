"""Cancellations to the order lines they cancel.

The recording does not say which order a cancellation is about. It is taken to be an earlier order of the same customer
for the same item: at the same unit price if there is one, the newest that has enough units left if there is one, and
else as many orders as it takes, newest first. A unit is canceled at most once. Where no customer is named, a
cancellation is matched only if exactly one earlier order without a customer, of the same country, has the item at the
same price with enough units left.

Time is walked once, so that only earlier orders are ever looked at. A search costs as much as one customer has open
lines of one item (at most 64 in the recorded year); spent lines are dropped.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.rehearsal.recording.invoices import Invoice, OrderedLine, begun_at, by_invoice, moment
from doorstep.rehearsal.recording.read import Line

NEVER_ORDERED = "no earlier order of this customer has the item"
MORE_THAN_ORDERED = "more units than were ordered"
NO_CUSTOMER = "no customer is named"


class CanceledPart(Struct, frozen=True):
    """Units that one recorded line cancels of the order line at `position` (from 0) of an earlier invoice."""

    order_invoice: str
    position: int
    quantity: int
    line_number: int


class Unmatched(Struct, frozen=True):
    """Canceled units of which no earlier order is known. `quantity` is what is left over, above zero."""

    line_number: int
    sku: str
    quantity: int
    reason: str


class Cancellation(Struct, frozen=True):
    """One cancellation invoice. `customer` is empty where none is named."""

    number: str
    at: datetime
    customer: str
    parts: tuple[CanceledPart, ...]
    unmatched: tuple[Unmatched, ...]


def match_cancellations(invoices: Sequence[Invoice], canceled: Iterable[Line]) -> tuple[Cancellation, ...]:
    """Each cancellation in time order, its lines (quantities below zero) matched to `invoices`, in time order too."""
    cancellations = sorted(by_invoice(canceled), key=_moment_of)
    ahead = iter(invoices)
    upcoming = next(ahead, None)
    orders = _OpenOrders()
    matched = []
    for lines in cancellations:
        while upcoming and moment(upcoming.at, upcoming.number) < _moment_of(lines):
            orders.add(upcoming)
            upcoming = next(ahead, None)
        matched.append(_cancellation(lines, orders))
    return tuple(matched)


class _Open:
    """An order line and how many of its units are not canceled."""

    __slots__ = ("invoice", "left", "position", "unit_price_minor")

    def __init__(self, invoice: str, position: int, line: OrderedLine) -> None:
        self.invoice = invoice
        self.position = position
        self.unit_price_minor = line.unit_price_minor
        self.left = line.quantity


class _OpenOrders:
    """The open order lines of the past, oldest first, by who bought what."""

    def __init__(self) -> None:
        self._lines: defaultdict[tuple[tuple[str, str], str], list[_Open]] = defaultdict(list)

    def add(self, invoice: Invoice) -> None:
        buyer = _buyer("" if invoice.is_guest else invoice.customer, invoice.country_name)
        for position, line in enumerate(invoice.lines):
            self._lines[buyer, line.sku].append(_Open(invoice.number, position, line))

    def take(self, line: Line) -> tuple[list[CanceledPart], str]:
        """Units taken for a canceled line, and why they are fewer than it says, if they are."""
        buyer = _buyer(line.customer, line.country)
        past = self._lines.get((buyer, line.sku))
        if past is None:
            return [], NEVER_ORDERED if line.customer else NO_CUSTOMER
        newest_first = [order for order in reversed(past) if order.left]
        self._lines[buyer, line.sku] = newest_first[::-1]
        if line.customer:
            return _taken(newest_first, line)
        return _taken_if_only(newest_first, line)


def _buyer(customer: str, country: str) -> tuple[str, str]:
    return (customer, "") if customer else ("", country)


def _taken(newest_first: Sequence[_Open], line: Line) -> tuple[list[CanceledPart], str]:
    same_price = [order for order in newest_first if order.unit_price_minor == line.unit_price_minor]
    other_price = [order for order in newest_first if order.unit_price_minor != line.unit_price_minor]
    wanted = -line.quantity
    parts = []
    for group in (same_price, other_price):
        enough = next((order for order in group if order.left >= wanted), None)
        for order in [enough] if enough else group:
            if wanted:
                parts.append(_part(order, wanted, line))
                wanted -= parts[-1].quantity
    return parts, MORE_THAN_ORDERED if wanted else ""


def _taken_if_only(newest_first: Sequence[_Open], line: Line) -> tuple[list[CanceledPart], str]:
    wanted = -line.quantity
    fitting = [o for o in newest_first if o.unit_price_minor == line.unit_price_minor and o.left >= wanted]
    if len(fitting) != 1:
        return [], NO_CUSTOMER
    return [_part(fitting[0], wanted, line)], ""


def _part(order: _Open, wanted: int, line: Line) -> CanceledPart:
    quantity = min(order.left, wanted)
    order.left -= quantity
    return CanceledPart(order.invoice, order.position, quantity, line.line_number)


def _cancellation(lines: Sequence[Line], orders: _OpenOrders) -> Cancellation:
    parts: list[CanceledPart] = []
    unmatched = []
    for line in lines:
        taken, reason = orders.take(line)
        parts.extend(taken)
        if reason:
            left = -line.quantity - sum(part.quantity for part in taken)
            unmatched.append(Unmatched(line.line_number, line.sku, left, reason))
    first = lines[0]
    return Cancellation(first.invoice, begun_at(lines), first.customer, tuple(parts), tuple(unmatched))


def _moment_of(lines: Sequence[Line]) -> tuple[datetime, int, str]:
    return moment(begun_at(lines), lines[0].invoice)
