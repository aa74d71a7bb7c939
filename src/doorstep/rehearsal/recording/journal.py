"""A whole recording as one record: what can be replayed, and everything that cannot, with reasons.

Each line that was read is accounted for once: in a line of an invoice, in a cancellation (matched or not), in the
amounts that are not goods, among the unusable lines, or in the count of lines after the last order that was asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from doorstep.kernel.errors import Refused
from doorstep.rehearsal.recording.codes import NOT_GOODS
from doorstep.rehearsal.recording.countries import ASSUMED
from doorstep.rehearsal.recording.invoices import Invoice, group_invoices, moment
from doorstep.rehearsal.recording.items import RecordedItem, recorded_items
from doorstep.rehearsal.recording.match import Cancellation, match_cancellations
from doorstep.rehearsal.recording.read import Line, Unreadable, read_lines
from doorstep.rehearsal.recording.sort import Bucket, Sorted, sort_lines

_ACCOUNTED = (Bucket.GOODS, Bucket.CANCELED, Bucket.NOT_GOODS)


class NotGoods(Struct, frozen=True):
    """All lines of one code that is not goods: how many, and the sums of their quantities and money (both signed)."""

    code: str
    name: str
    lines: int
    quantity: int
    money_minor: int
    line_numbers: tuple[int, ...]


class Unusable(Struct, frozen=True):
    """A line that is no part of any order, cancellation or fee. `invoice` is empty where the line cannot be read."""

    line_number: int
    invoice: str
    reason: str


class WithoutGoods(Struct, frozen=True):
    """An invoice or cancellation of which nothing can be replayed, and the different reasons of its lines."""

    number: str
    at: datetime
    reasons: tuple[str, ...]


class Recording(Struct, frozen=True):
    """What was recorded, in time order.

    `countries_assumed` counts the invoices of each name that is no country and is read as the store's own;
    `lines_after` counts the lines, of any kind, after the last order that was asked for.
    """

    invoices: tuple[Invoice, ...]
    cancellations: tuple[Cancellation, ...]
    not_goods: tuple[NotGoods, ...]
    unusable: tuple[Unusable, ...]
    without_goods: tuple[WithoutGoods, ...]
    items: tuple[RecordedItem, ...]
    countries_assumed: tuple[tuple[str, int], ...]
    lines_read: int
    lines_after: int


def read_recording(path: Path, orders_max: int | None) -> Recording:
    """The recording at `path`, or what happened up to its `orders_max`-th order.

    Missing or Refused as `read_lines` says; Refused too when the header is wrong.
    """
    lines: list[Line] = []
    unreadable: list[Unreadable] = []
    for line in read_lines(path):
        if isinstance(line, Line):
            lines.append(line)
        else:
            unreadable.append(line)
    if unreadable and unreadable[0].line_number == 1:
        raise Refused("not_a_recording", f"{path.name}: {unreadable[0].reason}")
    return recorded(lines, unreadable, orders_max)


def recorded(lines: Sequence[Line], unreadable: Sequence[Unreadable], orders_max: int | None) -> Recording:
    """The recording that these lines make; lines that cannot be read have no time and are always listed."""
    everything, all_invoices = _grouped(sort_lines(lines))
    invoices = all_invoices[: _count(orders_max, len(all_invoices))]
    within = everything if len(invoices) == len(all_invoices) else _within(everything, all_invoices, len(invoices))
    cancellations = match_cancellations(invoices, _in(within, Bucket.CANCELED))
    return Recording(
        invoices=tuple(invoices),
        cancellations=cancellations,
        not_goods=_not_goods(_in(within, Bucket.NOT_GOODS)),
        unusable=_unusable(within, unreadable),
        without_goods=_without_goods(within, _numbers(invoices, cancellations)),
        items=recorded_items(_in(within, Bucket.GOODS)),
        countries_assumed=_countries_assumed(invoices),
        lines_read=len(lines) + len(unreadable),
        lines_after=len(everything) - len(within),
    )


def _grouped(everything: Sequence[Sorted]) -> tuple[list[Sorted], list[Invoice]]:
    """All invoices, and all lines with those sorted out whose invoice cannot be an order."""
    invoices, rejected = group_invoices(_in(everything, Bucket.GOODS))
    reasons = {line.line_number: invoice.reason for invoice in rejected for line in invoice.lines}
    return [
        Sorted(item.line, Bucket.UNUSABLE, reasons[item.line.line_number]) if item.line.line_number in reasons else item
        for item in everything
    ], invoices


def _count(orders_max: int | None, orders: int) -> int:
    if orders_max is None:
        return orders
    if orders_max < 1:
        raise Refused("no_orders_asked_for", f"{orders_max} orders cannot be replayed; ask for at least 1.")
    return min(orders_max, orders)


def _within(everything: Sequence[Sorted], invoices: Sequence[Invoice], count: int) -> list[Sorted]:
    """The lines of the first `count` invoices, and all others that are no order's and not after the last of these."""
    first = {invoice.number for invoice in invoices[:count]}
    later = {invoice.number for invoice in invoices[count:]}
    end = moment(invoices[count - 1].at, invoices[count - 1].number)
    return [
        item
        for item in everything
        if item.line.invoice in first
        or (item.line.invoice not in later and moment(item.line.at, item.line.invoice) <= end)
    ]


def _in(lines: Iterable[Sorted], bucket: Bucket) -> list[Line]:
    return [item.line for item in lines if item.bucket is bucket]


def _not_goods(lines: Iterable[Line]) -> tuple[NotGoods, ...]:
    by_code: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_code[line.sku].append(line)
    return tuple(
        NotGoods(
            code=code,
            name=NOT_GOODS[code].name,
            lines=len(group),
            quantity=sum(line.quantity for line in group),
            money_minor=sum(line.quantity * line.unit_price_minor for line in group),
            line_numbers=tuple(line.line_number for line in group),
        )
        for code, group in sorted(by_code.items())
    )


def _unusable(within: Iterable[Sorted], unreadable: Iterable[Unreadable]) -> tuple[Unusable, ...]:
    unusable = [Unusable(line.line_number, "", line.reason) for line in unreadable]
    unusable += [
        Unusable(item.line.line_number, item.line.invoice, item.reason)
        for item in within
        if item.bucket not in _ACCOUNTED
    ]
    return tuple(sorted(unusable, key=lambda line: line.line_number))


def _numbers(invoices: Iterable[Invoice], cancellations: Iterable[Cancellation]) -> set[str]:
    return {invoice.number for invoice in invoices} | {cancellation.number for cancellation in cancellations}


def _without_goods(within: Iterable[Sorted], replayed: Container[str]) -> tuple[WithoutGoods, ...]:
    reasons: defaultdict[str, set[str]] = defaultdict(set)
    at: dict[str, datetime] = {}
    for item in within:
        if (number := item.line.invoice) not in replayed:
            reasons[number].add(item.reason)
            at[number] = min(item.line.at, at.get(number, item.line.at))
    return tuple(
        WithoutGoods(number, at[number], tuple(sorted(reasons[number])))
        for number in sorted(reasons, key=lambda number: moment(at[number], number))
    )


def _countries_assumed(invoices: Iterable[Invoice]) -> tuple[tuple[str, int], ...]:
    names = Counter(invoice.country_name for invoice in invoices if invoice.country_name in ASSUMED)
    return tuple(sorted(names.items()))
