"""On which line each key of a TOML text stands, which TOML parsers that give values do not tell.

The scanner follows the grammar of TOML 1.0 for keys, tables, arrays and strings and skips over plain values. It decides
nothing about validity: where a text cannot be followed, it stops with what it has.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Generator, Iterator, Mapping

from msgspec import Struct

from doorstep.plan.findings import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACES = re.compile(r"[ \t]*+")
_BARE = re.compile(r"[A-Za-z0-9_-]++")
_STRING = re.compile(
    r'"""(?s:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''(?s:.)*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*+"'
    r"|'[^'\n]*+'"
)
_PLAIN = re.compile(r"[^,\[\]{}#\n]++")


class Entry(Struct, frozen=True):
    """A key, table or list item at its line. `defines` says that this is where it is given, and not only passed by."""

    path: KeyPath
    line: int
    defines: bool


class _Unreadable(Exception):
    """The text cannot be followed any further."""


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line on which each key, table and list item first appears."""
    lines: dict[KeyPath, int] = {(): 1}
    for entry in entries(text):
        lines.setdefault(entry.path, entry.line)
    return lines


def line_at(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a key, or of the closest table around it when the key itself is not written."""
    return next(lines[path[:depth]] for depth in range(len(path), -1, -1) if path[:depth] in lines)


def first_duplicate(text: str) -> tuple[Entry, Entry] | None:
    """The first key or table that is given twice: where it was given first, and where again."""
    given: dict[KeyPath, Entry] = {}
    for entry in entries(text):
        if entry.defines and entry.path in given:
            return given[entry.path], entry
        if entry.defines:
            given[entry.path] = entry
    return None


def entries(text: str) -> Iterator[Entry]:
    """Everything with a name or a place, in the order of the text."""
    try:
        yield from _Scanner(text).document()
    except _Unreadable:
        return


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends_of_lines = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[KeyPath, int] = {}  # how many tables each array of tables has so far

    def document(self) -> Iterator[Entry]:
        table: KeyPath = ()
        while not self._is_at_end():
            if self._take("[["):
                table = yield from self._next_of_array("]]")
            elif self._take("["):
                table = yield from self._table("]")
            else:
                yield from self._pair(table)

    def _table(self, closing: str) -> Generator[Entry, None, KeyPath]:
        line = self._line()
        path = self._resolved(self._key())
        self._need(closing)
        yield from self._passed_by(path, line)
        yield Entry(path, line, defines=True)
        return path

    def _next_of_array(self, closing: str) -> Generator[Entry, None, KeyPath]:
        line = self._line()
        key = self._key()
        self._need(closing)
        array = (*self._resolved(key[:-1]), key[-1])
        self._counts[array] = self._counts.get(array, 0) + 1
        path = (*array, self._counts[array] - 1)
        yield from self._passed_by(path, line)
        yield Entry(path, line, defines=True)
        return path

    def _pair(self, table: KeyPath) -> Iterator[Entry]:
        line = self._line()
        key = self._key()
        self._need("=")
        for depth in range(1, len(key)):
            yield Entry((*table, *key[:depth]), line, defines=False)
        yield Entry((*table, *key), line, defines=True)
        yield from self._value((*table, *key))

    def _value(self, path: KeyPath) -> Iterator[Entry]:
        self._skip(_SPACES)
        if self._take("["):
            yield from self._array(path)
        elif self._take("{"):
            yield from self._inline_table(path)
        elif not self._match(_STRING) and not self._match(_PLAIN):
            raise _Unreadable

    def _array(self, path: KeyPath) -> Iterator[Entry]:
        place = 0
        while not self._take_after_blank("]"):
            yield Entry((*path, place), self._line(), defines=True)
            yield from self._value((*path, place))
            self._take_after_blank(",")
            place += 1

    def _inline_table(self, path: KeyPath) -> Iterator[Entry]:
        while not self._take_after_blank("}"):
            yield from self._pair(path)
            self._take_after_blank(",")

    def _key(self) -> tuple[str, ...]:
        parts = [self._key_part()]
        while self._take("."):
            parts.append(self._key_part())
        return tuple(parts)

    def _key_part(self) -> str:
        self._skip(_SPACES)
        part = self._match(_BARE) or _unquoted(self._match(_STRING))
        self._skip(_SPACES)
        return part

    def _resolved(self, key: tuple[str, ...]) -> KeyPath:
        """A table's name as a path: an array of tables on the way stands for its latest table."""
        path: KeyPath = ()
        for part in key:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _passed_by(self, path: KeyPath, line: int) -> Iterator[Entry]:
        return (Entry(path[:depth], line, defines=False) for depth in range(1, len(path)))

    def _is_at_end(self) -> bool:
        self._skip(_BLANK)
        return self._at == len(self._text)

    def _take_after_blank(self, sign: str) -> bool:
        self._skip(_BLANK)
        return self._take(sign)

    def _take(self, sign: str) -> bool:
        found = self._text.startswith(sign, self._at)
        self._at += len(sign) if found else 0
        return found

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise _Unreadable

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return match.group() if match else ""

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._match(pattern)

    def _line(self) -> int:
        return bisect_left(self._ends_of_lines, self._at) + 1


def _unquoted(literal: str) -> str:
    if not literal:
        raise _Unreadable
    try:
        return str(tomllib.loads(f"key = {literal}")["key"])
    except ValueError:
        raise _Unreadable from None
