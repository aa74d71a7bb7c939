"""Cut the slice that is shipped beside this file out of the full recorded year.

    python examples/online_retail/make_slice.py online_retail.csv.xz

Whole customers are chosen, by a hash of their number, so that their cancellations find their orders; lines without a
customer are chosen by whole invoices. Added on purpose are one customer of each country other than the store's, one
invoice for each stock code that is no item's, and a few rare things by name. Chosen lines are kept as they are, in
their order. The same input makes the same output.
"""

import csv
import lzma
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

SLICE = Path(__file__).parent / "online_retail_slice.csv.xz"

CUSTOMERS_PER_MILLE = 24
INVOICES_PER_MILLE = 24
INVOICE_LINES_MAX = 60  # of those without a customer: the web shop's day sheets run to a thousand lines
CUSTOMER_LINES_MAX = 250  # of those added for their country: the largest have thousands
ADDED_CUSTOMERS = (
    "16446",  # the largest line, 80,995 units, and its cancellation
    "12836",  # an invoice whose lines do not stand together
)
ADDED_INVOICES = (
    "560283",  # no customer, some lines without a price
    "547089",  # no customer, canceled by the next
    "C547091",
)
STORE_COUNTRY = "United Kingdom"

INVOICE, SKU, PRICE, CUSTOMER, COUNTRY = 0, 1, 5, 6, 7
_ITEM = re.compile(r"\d{5}[A-Za-z]{0,2}")
_SERVICES = frozenset(("22016", "23444", "23574", "23702"))

Row = list[str]


def main() -> None:
    """Read the file named on the command line, write the slice."""
    SLICE.write_bytes(lzma.compress(slice_of(Path(sys.argv[1])).encode(), preset=9 | lzma.PRESET_EXTREME))


def slice_of(path: Path) -> str:
    """The text of the slice of the full file at `path`."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        header, *texts = file.read().splitlines(keepends=True)
    rows = list(csv.reader(texts))
    customers = chosen_customers(rows)
    invoices = chosen_invoices(rows)
    kept = [row[CUSTOMER] in customers or row[INVOICE] in invoices for row in rows]
    return header + "".join(text for text, is_kept in zip(texts, kept, strict=True) if is_kept)


def chosen_customers(rows: Iterable[Row]) -> set[str]:
    """A share of all, the first by hash of each country abroad, and those added by name."""
    lines_of = Counter((row[COUNTRY], row[CUSTOMER]) for row in rows if row[CUSTOMER])
    share = {customer for _, customer in lines_of if per_mille(customer) < CUSTOMERS_PER_MILLE}
    modest = [pair for pair, lines in lines_of.items() if lines <= CUSTOMER_LINES_MAX and pair[0] != STORE_COUNTRY]
    first = dict(sorted(modest, key=lambda pair: per_mille(pair[1]), reverse=True))
    return {*share, *first.values(), *ADDED_CUSTOMERS}


def chosen_invoices(rows: Iterable[Row]) -> set[str]:
    """A share of the short ones without a customer, the shortest with each code that is no item's, and the added."""
    lines_of = Counter((row[INVOICE], row[CUSTOMER]) for row in rows)
    short = [number for (number, customer), lines in lines_of.items() if not customer and lines <= INVOICE_LINES_MAX]
    share = {number for number in short if per_mille(number) < INVOICES_PER_MILLE}
    odd = {(row[SKU], (row[INVOICE], row[CUSTOMER])) for row in rows if _is_odd(row)}
    shortest = dict(sorted(odd, key=lambda pair: (lines_of[pair[1]], pair[1]), reverse=True))
    return {*share, *(number for number, _ in shortest.values()), *ADDED_INVOICES}


def per_mille(text: str) -> int:
    """A number from 0 to 999 that depends on nothing but the text."""
    return zlib.crc32(text.encode()) % 1000


def _is_odd(row: Row) -> bool:
    return row[PRICE] != "0" and (row[SKU] in _SERVICES or not _ITEM.fullmatch(row[SKU]))


if __name__ == "__main__":
    main()
