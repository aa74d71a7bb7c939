"""The recorded file to lines, streaming and strict: a line that cannot be read is handed on as such, with its reason.

The file is CSV in UTF-8, plain or packed (.csv, .csv.xz, .csv.gz), one physical line per record. Prices are pounds;
they become whole pence, half a penny rounded up (away from zero): the recorded year has three decimals in four lines
only (0.001, which becomes 0). Times are the shop's own, Europe/London; they become UTC. An hour that the clocks
repeat in autumn is read as its first pass, an hour that they skip in spring as if they had not been moved yet.
"""

import csv
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from doorstep.kernel.errors import Missing, Refused
from doorstep.kernel.limits import MINOR_UNITS_MAX, QUANTITY_MAX, SKU_CHARS_MAX, TEXT_CHARS_MAX

HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

_SHOP_TIME = ZoneInfo("Europe/London")
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)
_POUNDS = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_MINUTE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.ASCII)
_NO_TEXT = frozenset(("", "nan"))  # the recorded file has both for a description that was missing


class Line(Struct, frozen=True):
    """One recorded line. `sku` is stripped and in capitals; `customer` is empty where none was recorded."""

    line_number: int
    invoice: str
    sku: str
    description: str
    quantity: int
    at: datetime
    unit_price_minor: int
    customer: str
    country: str


class Unreadable(Struct, frozen=True):
    """A line that cannot be read, with a reason for people and the beginning of its text."""

    line_number: int
    reason: str
    text: str


def read_lines(path: Path) -> Iterator[Line | Unreadable]:
    """Every line after the header, in file order; the header is line 1.

    A header that is not as expected is the one thing yielded: no later line can be trusted then. Missing when there
    is no such file; Refused when its name, its packing or its encoding is not what this reads.
    """
    with _opened(path) as file:
        texts = _texts(file, path.name)
        header = next(texts, "")
        if tuple(header.removeprefix("\ufeff").split(",")) != HEADER:
            yield Unreadable(1, f"The header is not {','.join(HEADER)}.", header[:TEXT_CHARS_MAX])
            return
        for line_number, text in enumerate(texts, 2):
            yield _line(line_number, text)


def _opened(path: Path) -> BinaryIO:
    try:
        if path.name.endswith(".csv.xz"):
            return io.BufferedReader(cast(io.RawIOBase, lzma.open(path)))
        if path.name.endswith(".csv.gz"):
            return cast(BinaryIO, gzip.open(path))
        if path.name.endswith(".csv"):
            return path.open("rb")
    except FileNotFoundError:
        raise Missing("no_recording", f"There is no file {path}.") from None
    raise Refused("unknown_recording_kind", f"{path.name} is none of .csv, .csv.xz and .csv.gz.")


def _texts(file: BinaryIO, name: str) -> Iterator[str]:
    number = 0
    try:
        for number, raw in enumerate(file, 1):  # noqa: B007
            yield raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("recording_not_utf8", f"{name} is not UTF-8 text: see line {number}.") from None
    except (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error):
        raise Refused("recording_damaged", f"{name} is cut off or damaged after line {number}.") from None


def _line(line_number: int, text: str) -> Line | Unreadable:
    try:
        invoice, sku, description, quantity, at, unit_price, customer, country = _cells(text)
        return Line(
            line_number,
            _named(invoice, "invoice number"),
            _sku(sku),
            _description(description),
            _quantity(quantity),
            _moment(at),
            _pence(unit_price),
            intern(customer.strip()),
            _named(country, "country"),
        )
    except (ValueError, csv.Error) as error:
        return Unreadable(line_number, str(error), text[:TEXT_CHARS_MAX])


def _cells(text: str) -> list[str]:
    if len(text) > len(HEADER) * TEXT_CHARS_MAX:
        raise ValueError("The line is too long.")
    cells = next(csv.reader([text], strict=True), []) if '"' in text else text.split(",")
    if len(cells) != len(HEADER):
        raise ValueError(f"The line has {len(cells)} columns, not {len(HEADER)}.")
    return cells


def _named(text: str, what: str) -> str:
    if not (name := text.strip()):
        raise ValueError(f"There is no {what}.")
    return intern(name)


@lru_cache(8192)
def _sku(text: str) -> str:
    sku = _named(text, "stock code").upper()
    if len(sku) > SKU_CHARS_MAX:
        raise ValueError(f"The stock code is longer than {SKU_CHARS_MAX} characters.")
    return sku


@lru_cache(8192)
def _description(text: str) -> str:
    description = text.strip()
    return "" if description in _NO_TEXT else description


@lru_cache(8192)
def _quantity(text: str) -> int:
    if not _WHOLE.fullmatch(text) or abs(int(text)) > QUANTITY_MAX:
        raise ValueError(f"{text[:20]!r} is not a quantity.")
    return int(text)


@lru_cache(8192)
def _moment(text: str) -> datetime:
    try:
        if _MINUTE.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=_SHOP_TIME).astimezone(UTC)
    except ValueError:
        pass
    raise ValueError(f"{text[:20]!r} is not a time like 2010-12-01 08:26.")


@lru_cache(8192)
def _pence(text: str) -> int:
    if not _POUNDS.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is not a price in pounds.")
    pence = int((Decimal(text) * 100).to_integral_value(ROUND_HALF_UP))
    if abs(pence) > MINOR_UNITS_MAX:
        raise ValueError(f"{text!r} is not a price that an order can have.")
    return pence
