"""How a parcel of the bundled carriers is numbered and travels. Pure: the answer follows from the question alone.

A tracking number is two letters for the carrier, one for the parcel's fate, sixteen digits drawn from the key and one
check digit by ISO 7064 MOD 11,10: `ZRD4831901127730956` + `2`. Any one mistyped digit is noticed.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import blake2b

from doorstep.plug.carrier import TrackingEvent, TrackingQuestion, TrackingStatus

_DIGITS = 16
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TO_NEXT_WORKING_DAY = (1, 1, 1, 1, 3, 2, 1)  # from Monday to Sunday
_TRANSIT_DAYS_MAX = 365


class Fate(StrEnum):
    """What becomes of a parcel; the third letter of its tracking number."""

    DELIVERED = "D"
    LOST = "L"
    RETURNED = "R"


def tracking_number(carrier: str, fate: Fate, key: str) -> str:
    """The number of the parcel whose label was bought under `key`."""
    digits = str(_draw(key) % 10**_DIGITS).zfill(_DIGITS)
    return f"{carrier}{fate.value}{digits}{check_digit(digits)}"


def fate_of(number: str, carrier: str) -> Fate | None:
    """The fate that a tracking number carries, or None when it is not one of this carrier's."""
    if len(number) != len(carrier) + _DIGITS + 2 or not number.startswith(carrier):
        return None
    fate, digits = number[len(carrier)], number[len(carrier) + 1 :]
    if not (digits.isascii() and digits.isdigit()) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return next((known for known in Fate if known.value == fate), None)


def check_digit(digits: str) -> str:
    """The check digit of decimal digits, by ISO 7064:2003 MOD 11,10."""
    check = 10
    for digit in digits:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - check) % 10)


def journey(question: TrackingQuestion, fate: Fate) -> tuple[TrackingEvent, ...]:
    """What a carrier has seen of the parcel by `question.at`, oldest first."""
    number = question.tracking_number
    return tuple(
        TrackingEvent(event_id=f"{number}-{status.value}", tracking_number=number, status=status, at=at, place=place)
        for status, at, place in _stops(question, fate)
        if at <= question.at
    )


def _stops(question: TrackingQuestion, fate: Fate) -> Iterator[tuple[TrackingStatus, datetime, str]]:
    """Every stop of the whole way, in the past or not; each comes later than the one before."""
    start, days = question.handed_over_at, min(max(question.transit_days, 0), _TRANSIT_DAYS_MAX)
    minutes = _draw(question.tracking_number) % (8 * 60)
    yield TrackingStatus.IN_TRANSIT, start + _HOUR, "depot"
    if fate is Fate.LOST:
        yield TrackingStatus.LOST, _arrival(start, 2 * days + 5, minutes), ""
        return
    arrival = _arrival(start, days, minutes)
    yield TrackingStatus.OUT_FOR_DELIVERY, arrival - 2 * _HOUR, question.country
    if fate is Fate.RETURNED:
        yield TrackingStatus.RETURNED_TO_SENDER, _arrival(start, 2 * days + 2, minutes), "sender"
        return
    yield TrackingStatus.DELIVERED, arrival, question.country


def _arrival(start: datetime, working_days: int, minutes: int) -> datetime:
    """Between 09:00 and 17:00 of the n-th working day after `start`, and at least four hours after it."""
    day = _working_day(start, working_days)
    return max(datetime.combine(day, time(9), start.tzinfo) + timedelta(minutes=minutes), start + 4 * _HOUR)


def _working_day(start: datetime, count: int) -> datetime:
    """The count-th Monday-to-Friday after `start`; public holidays are not known here."""
    day = start
    for _ in range(count):
        day += _DAY * _TO_NEXT_WORKING_DAY[day.weekday()]
    return day


def _draw(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
