"""The kinds of value a plan holds: how each is called, and how what was written is read or refused."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import EMAIL_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.kernel.money import parse_minor
from doorstep.plan import words
from doorstep.plan.findings import did_you_mean, nearest, one_of, shown

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_AMOUNT = re.compile(r"[0-9]{1,16}(\.[0-9]{1,4})?")
_RATE = re.compile(r"(0(\.[0-9]{1,6})?|1(\.0{1,6})?)")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ALL = Decimal(100)
_CURRENCY_OF_MOST_DIGITS = "CLF"


class Wrong(Exception):
    """A value is not of its kind: why, and what to write instead."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class Kind(Struct, frozen=True):
    """A kind of value. `read` gives the value as the records hold it, or raises Wrong. `options` is all it can be."""

    name: str
    read: Callable[[object], object]
    options: tuple[str, ...] = ()


def minor_units(amount: str, currency: str | None) -> int:
    """Minor units of an amount that was read; while the currency is not known, of the one with the most digits."""
    try:
        return parse_minor(amount, currency or _CURRENCY_OF_MOST_DIGITS)
    except Refused as refused:
        raise Wrong(refused.message) from None


def whole(least: int, most: int, unit: str = "") -> Kind:
    """Whole numbers of a unit within bounds."""
    name = f"whole number of {unit}" if unit else "whole number"

    def read(value: object) -> int:
        if isinstance(value, str) and value.isdecimal() and len(value) <= len(str(most)):
            raise Wrong(f"{shown(value)} is text; a {name} is needed.", f"Write it without quotes: {int(value)}.")
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"{shown(value)} is not a {name}.")
        if not least <= value <= most:
            raise Wrong(f"{shown(value)} is out of range.", f"Write a {name} from {least} to {most}.")
        return value

    return Kind(f"{name}, {least} to {most}", read)


def choice(options: type[StrEnum] | Sequence[str]) -> Kind:
    """One of a few words."""
    names = tuple(str(option) for option in options)

    def read(value: object) -> str:
        word = _text(value)
        if word not in names:
            raise Wrong(f"{shown(word)} is not {one_of(names)}.", did_you_mean(nearest(word, names)))
        return word

    return Kind(one_of(names), read, names)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not text.", 'Write text in quotes, like "text".')
    if len(value) > TEXT_CHARS_MAX:
        raise Wrong(f"The text is longer than {TEXT_CHARS_MAX} characters.")
    if _CONTROL.search(value):
        raise Wrong("The text has a line break or another control character.", "Write it on one line.")
    return value


def _name(value: object) -> str:
    if not _text(value).strip():
        raise Wrong("The text is empty.")
    return _text(value)


def _id(value: object) -> str:
    if not _ID.fullmatch(_text(value)):
        raise Wrong(f"{shown(value)} is not an id.", "Use up to 64 letters, digits, - and _, such as `main`.")
    return _text(value)


def _email(value: object) -> str:
    address = _text(value)
    if address and (not _EMAIL.fullmatch(address) or len(address) > EMAIL_CHARS_MAX):
        raise Wrong(f"{shown(address)} is not an email address.", 'Write it like "help@example.com".')
    return address


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is not true or false.", "Write `true` or `false`, without quotes.")
    return value


def _country(value: object) -> str:
    code = _text(value)
    if code not in words.COUNTRIES:
        suggestion = did_you_mean(words.meant_country(code)) or 'Write two letters, like "GB" or "DE".'
        raise Wrong(f"{shown(code)} is not an ISO 3166 country code.", suggestion)
    return code


def _currency(value: object) -> str:
    code = _text(value)
    if not words.is_currency(code):
        raise Wrong(f"{shown(code)} is not an ISO 4217 currency code.", did_you_mean(words.meant_currency(code)))
    return code


def _time_zone(value: object) -> str:
    zone = _text(value)
    if zone not in words.time_zones():
        raise Wrong(f"{shown(zone)} is not a time zone.", did_you_mean(nearest(zone, words.time_zones())))
    return zone


def _language(value: object) -> str:
    tag = _text(value)
    if tag not in words.languages():
        raise Wrong(
            f"{shown(tag)} is not a language that is known here.", did_you_mean(nearest(tag, words.languages()))
        )
    return tag


def _weekday(value: object) -> str:
    day = _text(value)
    if day not in words.WEEKDAYS:
        raise Wrong(f"{shown(day)} is not {one_of(words.WEEKDAYS)}.", did_you_mean(words.meant_weekday(day)))
    return day


def _time(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Wrong(f"{shown(value)} is not a time of day.", 'Write it from "00:00" to "23:59", like "15:00".')
    return time.fromisoformat(value)


def _amount(value: object) -> str:
    written = _decimal(value, "an amount")
    if written.startswith("-"):
        raise Wrong(f"{shown(value)} is negative.", "Write an amount of 0 or more.")
    if not _AMOUNT.fullmatch(written):
        raise Wrong(f"{shown(value)} is not an amount.", 'Write it like "4.95", without a currency sign.')
    return written


def _rate(value: object) -> str:
    written = _decimal(value, "a rate")
    if not _RATE.fullmatch(written):
        raise Wrong(f"{shown(value)} is not a decimal between 0 and 1.", 'Write 20 % as "0.20".')
    return written


def _percent(value: object) -> str:
    written = _decimal(value, "a percentage")
    if not _PERCENT.fullmatch(written) or not 0 < Decimal(written) <= _ALL:
        raise Wrong(f"{shown(value)} is not a percentage above 0 and up to 100.", "Write 10 % as 10.")
    return written


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong(f"{shown(value)} is not a day.", "Write it like 2026-12-31.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Wrong(f"There is no day {shown(value)}.") from None


def _pattern(value: object) -> str:
    pattern = _name(value)
    if "*" in pattern[:-1]:
        raise Wrong(f"{shown(pattern)} has a * that is not at its end.", 'Write a SKU, or how SKUs begin: "GIFT-*".')
    return pattern


def _decimal(value: object, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Wrong(f"{shown(value)} is not {what}.", 'Write a decimal, like "0.20".')
    return shown(value) if isinstance(value, int) else str(value)


NAME = Kind("text", _name)
TEXT = Kind("text, may be empty", _text)
ID = Kind("id", _id)
EMAIL = Kind("email address, may be empty", _email)
YES_NO = Kind("true or false", _yes_no)
COUNTRY = Kind("country code", _country)
CURRENCY = Kind("currency code", _currency)
TIME_ZONE = Kind("time zone", _time_zone)
LANGUAGE = Kind("language tag", _language)
WEEKDAY = Kind("weekday", _weekday)
TIME = Kind("time of day", _time)
AMOUNT = Kind("amount", _amount)
RATE = Kind("decimal from 0 to 1", _rate)
PERCENT = Kind("decimal above 0, up to 100", _percent)
DAY = Kind("day", _date)
PATTERN = Kind("SKU, or how SKUs begin, with a * at the end", _pattern)
