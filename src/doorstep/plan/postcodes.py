"""Patterns of postcodes as a plan writes them, and what they match.

A pattern is one code ("98000"), the beginning of codes ("BT*"), or a range: of the number that follows the same
letters ("IV1-IV28") or of the first digits ("20000-20999", "10-19"). Capitals, spaces and dashes of a postcode do not
matter. Of a British postcode the part before the space is compared (BS 7666 calls it the outward code), so "IM1" is a
code too.
"""

import re
from functools import lru_cache
from typing import TypeAlias

_KEPT = 4096
_BEGINNING = re.compile(r"[A-Z0-9]{1,12}\*")
_CODE = re.compile(r"[A-Z0-9]{1,12}")
_RANGE = re.compile(r"([A-Z]*)([0-9]{1,9})-([A-Z]*)([0-9]{1,9})")
_BRITISH = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_INWARD = 3
_IGNORED = str.maketrans("", "", " -")

_Range: TypeAlias = tuple[str, str, str]


def plain_pattern(text: str) -> str:
    """A pattern in its normal form: capitals and no spaces; empty when it is none."""
    pattern = text.upper().replace(" ", "")
    if _BEGINNING.fullmatch(pattern) or _CODE.fullmatch(pattern):
        return pattern
    return pattern if _range(pattern) else ""


def is_in(postcode: str, patterns: tuple[str, ...]) -> bool:
    """Whether a postcode matches one of some patterns in their normal form."""
    code = postcode.upper().translate(_IGNORED)
    outward = code[:-_INWARD] if _BRITISH.fullmatch(code) else code
    return bool(code) and any(_matches(code, outward, pattern) for pattern in patterns)


def _matches(code: str, outward: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    if found := _range(pattern):
        return _is_within(outward, *found)
    return pattern in (code, outward)


def _is_within(code: str, letters: str, first: str, last: str) -> bool:
    if not code.startswith(letters):
        return False
    number = code[len(letters) :] if letters else code[: len(first)]
    return (
        number.isdecimal() and (bool(letters) or len(number) == len(first)) and int(first) <= int(number) <= int(last)
    )


@lru_cache(_KEPT)
def _range(pattern: str) -> _Range | None:
    """The letters, the first and the last number of a range. The letters are the same, and it does not run backward;
    without letters both ends have as many digits, so that "00-950", a Polish code, is no range.
    """
    found = _RANGE.fullmatch(pattern)
    if found is None:
        return None
    letters, first, others, last = found.groups()
    fits = letters == others and int(first) <= int(last) and (bool(letters) or len(first) == len(last))
    return (letters, first, last) if fits else None
