"""Goods lines to invoices, each of which a replay turns into one checkout."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.rehearsal.recording.countries import country_code, is_known_country
from doorstep.rehearsal.recording.read import Line

_LETTERS = re.compile(r"\D")


class OrderedLine(Struct, frozen=True):
    """Units of one item at one price on one invoice, and the recorded lines they come from."""

    sku: str
    quantity: int
    unit_price_minor: int
    line_numbers: tuple[int, ...]


class Invoice(Struct, frozen=True):
    """What one customer bought at one moment. `country` is ISO, `country_name` as recorded."""

    number: str
    at: datetime
    customer: str
    country: str
    country_name: str
    lines: tuple[OrderedLine, ...]

    @property
    def is_guest(self) -> bool:
        """Whether no customer was recorded."""
        return self.customer == _guest_of(self.number)


class Rejected(Struct, frozen=True):
    """Goods lines of an invoice that cannot be an order, and why."""

    lines: tuple[Line, ...]
    reason: str


def group_invoices(goods: Iterable[Line]) -> tuple[list[Invoice], list[Rejected]]:
    """Invoices in time order, and those that contradict themselves or name a country that is not known."""
    invoices, rejected = [], []
    for lines in by_invoice(goods):
        if reason := _reason_against(lines):
            rejected.append(Rejected(tuple(lines), reason))
        else:
            invoices.append(_invoice(lines))
    return sorted(invoices, key=lambda invoice: moment(invoice.at, invoice.number)), rejected


def by_invoice(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of each invoice, in the order given, wherever they stand."""
    grouped: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        grouped[line.invoice].append(line)
    return list(grouped.values())


def begun_at(lines: Sequence[Line]) -> datetime:
    """The moment of an invoice: of its earliest line (43 of the recorded year were typed across two minutes)."""
    return min(line.at for line in lines)


def moment(at: datetime, number: str) -> tuple[datetime, int, str]:
    """What orders invoices and cancellations in time: the minute, then their common running number."""
    return at, int(_LETTERS.sub("", number) or 0), number


def customer_of(line: Line) -> str:
    """The recorded customer, or a guest of this one invoice where none was recorded."""
    return line.customer or _guest_of(line.invoice)


def _guest_of(number: str) -> str:
    return f"guest-{number}"


def _reason_against(lines: Sequence[Line]) -> str:
    first = lines[0]
    if any((line.customer, line.country) != (first.customer, first.country) for line in lines):
        return "the lines of its invoice name different customers or countries"
    if not is_known_country(first.country):
        return f"{first.country!r} is not a country that the table knows"
    return ""


def _invoice(lines: Sequence[Line]) -> Invoice:
    first = lines[0]
    return Invoice(
        number=first.invoice,
        at=begun_at(lines),
        customer=customer_of(first),
        country=country_code(first.country),
        country_name=first.country,
        lines=_merged(lines),
    )


def _merged(lines: Sequence[Line]) -> tuple[OrderedLine, ...]:
    same: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        same[line.sku, line.unit_price_minor].append(line)
    return tuple(
        OrderedLine(sku, sum(line.quantity for line in group), price, tuple(line.line_number for line in group))
        for (sku, price), group in same.items()
    )
