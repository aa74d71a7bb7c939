"""The country that somebody meant who wrote none that there is. Pure; the names and aliases are those of the CLDR."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from babel import Locale
from babel.core import get_global

from doorstep.journey.addresses.rules import is_country

_LANGUAGES = ("en", "de")
_NEAREST_MAX = 5
_MISTAKEN: Mapping[str, str] = {
    "EN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "GREAT BRITAIN": "GB",
    "EL": "GR",
    "AMERICA": "US",
    "SP": "ES",
    "HOLLAND": "NL",
    "JA": "JP",
    "UAE": "AE",
}
"""What people write for a code or a name."""


def nearest_countries(written: str) -> tuple[str, ...]:
    """The codes of the countries that may be meant, the likeliest first; at most five."""
    wanted = written.upper()[:60]
    for code in (_MISTAKEN.get(wanted, ""), *get_global("territory_aliases").get(wanted, ())):
        if is_country(code):
            return (code,)
    if len(wanted) <= 2:
        return _beginning_with(wanted[:1])[:_NEAREST_MAX]
    known = _codes()
    found = (known[name] for name in get_close_matches(wanted, known, n=_NEAREST_MAX, cutoff=0.75))
    return tuple(dict.fromkeys(found))


@cache
def _beginning_with(letter: str) -> tuple[str, ...]:
    found = (code for code in get_global("territory_currencies") if letter and code[0] == letter and is_country(code))
    return tuple(sorted(found))


@cache
def _codes() -> Mapping[str, str]:
    """Codes by the name of the country in some languages, in capitals."""
    return {
        name.upper(): code
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if is_country(code)
    }
