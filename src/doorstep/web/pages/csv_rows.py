"""Rows as CSV (RFC 4180), in UTF-8 with its mark, as spreadsheets read it."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(rows: Iterable[Sequence[str]], *, is_first: bool = False) -> bytes:
    """Rows as a part of a file; the first part begins with the mark.

    A cell that a spreadsheet would take for a formula is kept from being one by a quote.
    """
    text = StringIO("\ufeff" if is_first else "")
    text.seek(0, 2)
    csv.writer(text).writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
