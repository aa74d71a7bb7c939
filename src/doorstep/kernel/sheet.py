"""A table as spreadsheets write it, CSV in UTF-8, to rows with their line numbers: strict, every problem in one go."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from msgspec import Struct

from doorstep.kernel.errors import Refused

SHEET_BYTES_MAX = 200_000_000
_SHOWN_CHARS_MAX = 40

Value: TypeAlias = str | int
Read: TypeAlias = Callable[[str], Value]
"""Reads one cell; Refused, with a reason for people, when the cell cannot be what it should."""


class BadLine(Struct, frozen=True):
    """What is wrong with a line: its number (the header is line 1), the column if it is one column's, the reason."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}{f', {self.field}' if self.field else ''}: {self.reason}"


class Row(Struct, frozen=True):
    """One line whose every cell could be read, by column."""

    line: int
    values: dict[str, Value]


class Sheet(Struct, frozen=True):
    """The lines of a table: those that can be used, and what is wrong with the others."""

    rows: tuple[Row, ...]
    bad: tuple[BadLine, ...]


def read_sheet(raw: bytes, columns: Mapping[str, Read], optional: Mapping[str, Value]) -> Sheet:
    """Every line of a table with a header; `optional` are the columns that may be left out, with what they are then.

    An empty cell of an optional column is as if it were left out. Columns may stand in any order, separated by comma,
    semicolon or tab. Refused when nothing can be read: no text, no header, other columns.
    """
    text = text_of(raw)
    header, lines = _split(text)
    _check_header(header, columns, optional)
    rows: list[Row] = []
    bad: list[BadLine] = []
    for line, cells in lines:
        if isinstance(cells, str):
            bad.append(BadLine(line, "", cells))
        elif len(cells) != len(header):
            bad.append(BadLine(line, "", f"It has {_counted(len(cells), 'value')}, but the header {len(header)}."))
        else:
            row, wrong = _row(line, dict(zip(header, cells, strict=True)), columns, optional)
            rows += [] if wrong else [row]
            bad += wrong
    return Sheet(tuple(rows), tuple(bad))


def text_of(raw: bytes) -> str:
    """A file as text. Refused, with the line, when it is none in UTF-8, and when it is too large."""
    if len(raw) > SHEET_BYTES_MAX:
        raise Refused("sheet_too_large", f"The file has more than {SHEET_BYTES_MAX:,} bytes; split it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused("sheet_not_utf8", f"The file is not UTF-8 text: see line {line}. Save it as CSV UTF-8.") from None


def cut(text: str) -> str:
    """A cell's text in a sentence: quoted and short, whatever was written."""
    short = text if len(text) <= _SHOWN_CHARS_MAX else f"{text[:_SHOWN_CHARS_MAX]}…"
    return f'"{"".join(sign if sign.isprintable() else "�" for sign in short)}"'


def words(chars_max: int) -> Read:
    """Reads a text that is not empty, of at most so many characters and without control characters."""

    def read(cell: str) -> str:
        if not cell:
            raise Refused("bad_cell", "It is empty.")
        if len(cell) > chars_max:
            raise Refused("bad_cell", f"It is longer than {chars_max} characters.")
        if not all(sign == " " or sign.isprintable() for sign in cell):
            raise Refused("bad_cell", "It holds a character that cannot be printed.")
        return cell

    return read


def whole(most: int, unit: str) -> Read:
    """Reads a whole number from 0 to `most`."""

    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdecimal() and len(cell) < 16 and int(cell) <= most):
            raise Refused("bad_cell", f"{cut(cell)} is not a whole number of {unit} from 0 to {most}.")
        return int(cell)

    return read


def closest(word: str, names: Sequence[str]) -> str:
    """A question after what was probably meant, or nothing."""
    found = get_close_matches(word[:_SHOWN_CHARS_MAX], names, n=1)
    return f" Did you mean {cut(found[0])}?" if found else ""


def _split(text: str) -> tuple[list[str], Iterator[tuple[int, list[str] | str]]]:
    first = text.split("\n", 1)[0]
    separator = next((sign for sign in (",", ";", "\t") if sign in first), ",")
    lines = _lines(text, separator)
    for _, cells in lines:
        if isinstance(cells, list):
            return [cell.lower() for cell in cells], lines
        break
    raise Refused("no_header", "The file has no header: its first line should name the columns.")


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each line that is not empty: its number and its cells, or why it cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"It cannot be read as CSV: {error}."
            continue
        if any(cells):
            yield line, cells


def _check_header(header: Sequence[str], columns: Mapping[str, Read], optional: Mapping[str, Value]) -> None:
    needed = [name for name in columns if name not in optional]
    unknown = [name for name in header if name not in columns]
    said = [f"The column {cut(name)} is not known.{closest(name, [*columns])}" for name in unknown]
    said += [f"The column {cut(name)} is missing." for name in needed if name not in header]
    said += [f"The column {cut(name)} is there twice." for name in columns if header.count(name) > 1]
    if said:
        may = f", and may have {', '.join(optional)}" if optional else ""
        raise Refused("bad_header", f"{' '.join(said[:10])} The file should have {', '.join(needed)}{may}.")


def _row(
    line: int, cells: Mapping[str, str], columns: Mapping[str, Read], optional: Mapping[str, Value]
) -> tuple[Row, list[BadLine]]:
    values, bad = dict(optional), []
    for name, cell in cells.items():
        if cell or name not in optional:
            try:
                values[name] = columns[name](cell)
            except Refused as refused:
                bad.append(BadLine(line, name, refused.message))
    return Row(line, values), bad


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
