"""What people type, made tidy, and what of it cannot be right in any country. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from doorstep.kernel.limits import TEXT_CHARS_MAX
from doorstep.kernel.phrase import Phrase, phrase

LINES_MAX = 6
_MARKS_MAX = 8
_ORDINARY = re.compile(r"[ -;=?-z|~]*[0-9A-Za-z][ -;=?-z|~]*")
_ODD = frozenset("<>{}")
_JOINERS = frozenset("\u200c\u200d")
"""Without these two some names in Persian or in the scripts of India are misspelled, and many emoji fall apart."""

_UNSEEN = frozenset("\u00ad\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff")
"""Marks of direction and of hyphenation: they come along when text is copied, and belong to no name or address."""


def one_line(text: str) -> str:
    """Text in one line: whatever space is between the words, and what cannot be seen."""
    if text.isascii():
        return " ".join(text.split()) if text.isprintable() else " ".join(_without_unseen(text).split())
    return " ".join(_without_unseen(unicodedata.normalize("NFC", text)).split())


def lines(text: str) -> str:
    """Text in lines, each tidy, none empty."""
    if "\n" not in text and "\r" not in text:
        return one_line(text)
    return "\n".join(line for one in text.splitlines() if (line := one_line(one)))


def code(text: str) -> str:
    """A code in capitals and plain digits, however wide the keyboard wrote them."""
    return one_line(text if text.isascii() else unicodedata.normalize("NFKC", text)).upper()


def fault_of(text: str, label: Phrase) -> Phrase | None:
    """Why a text can be no part of a name or an address, in any country; None when it can. It was made tidy before."""
    if len(text) <= TEXT_CHARS_MAX and _ORDINARY.fullmatch(text):
        return None
    return next(_faults(text, label), None)


def _faults(text: str, label: Phrase) -> Iterator[Phrase]:
    if len(text) > TEXT_CHARS_MAX:
        yield phrase(
            "{label}: at most {most} characters are possible, not {given}.",
            label=label,
            most=TEXT_CHARS_MAX,
            given=len(text),
        )
    if text.count("\n") >= LINES_MAX:
        yield phrase("{label}: at most {most} lines are possible.", label=label, most=LINES_MAX)
    if not all(map(_is_seen, text.replace("\n", ""))) or _is_heaped(text):
        yield phrase("{label}: some of these characters cannot be printed on a label.", label=label)
    if odd := sorted(_ODD & set(text)):
        yield phrase("{label}: {odd} cannot be part of it.", label=label, odd=" ".join(odd))
    if not any(map(_says_something, text)):
        yield phrase("{label}: letters or numbers are needed.", label=label)


def _without_unseen(text: str) -> str:
    return "".join(char for char in text if char not in _UNSEEN)


@cache
def _category(char: str) -> str:
    return unicodedata.category(char)


def _is_seen(char: str) -> bool:
    """Whether it can be printed, or holds together what can: no control, private or unassigned character."""
    return _category(char)[0] != "C" or char in _JOINERS or "\U000e0020" <= char <= "\U000e007f"


def _says_something(char: str) -> bool:
    """Whether it is a letter, a digit or a picture."""
    return _category(char)[0] in "LN" or _category(char) == "So"


def _is_heaped(text: str) -> bool:
    """Whether marks are heaped on letters, so that they cover the lines above and below."""
    heap = 0
    for char in text:
        heap = heap + 1 if _category(char) in ("Mn", "Me") else 0
        if heap > _MARKS_MAX:
            return True
    return False
