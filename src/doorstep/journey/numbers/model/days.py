"""Days in the store's own time zone, as whole numbers since 1970, and which of them are due to be counted."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

RULES = "1"
"""The version of the definitions. With another one, or in another time zone, every day is counted anew."""

_EPOCH = date(1970, 1, 1).toordinal()
_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_EVERY_MS = ((2, 0), (15, _HOUR_MS), (92, _DAY_MS))
_LATER_MS = 7 * _DAY_MS
_CLOCKS_APART = timedelta(hours=1)


class CountedDay(Struct, frozen=True):
    """What is known of the orders placed on a day: how many, how many are still to be sent, how much was told.

    `facts` is the sum of the orders' sequence numbers. It grows with each fact, so that while it stays the same there
    is nothing to count.
    """

    placed_day: int
    rules: str
    counted_at_ms: int
    orders: int
    facts: int
    open: int


class Window(Struct, frozen=True):
    """Where the orders placed on a day are found: moments of placing, and moments from which their ids can be."""

    placed_from: datetime
    placed_before: datetime
    ids_from: datetime
    ids_before: datetime


def rules_of(time_zone: str) -> str:
    """What a count depends on beside the facts."""
    return f"{RULES}:{time_zone}"


def number_of(day: date) -> int:
    """A day as it is stored."""
    return day.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The date of a stored day."""
    return date.fromordinal(day + _EPOCH)


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    """The day on which a moment falls there."""
    return number_of(moment.astimezone(zone).date())


def starts_at(day: int, zone: ZoneInfo) -> datetime:
    """The first moment of a day there: a day has 23, 24 or 25 hours."""
    return datetime.combine(date_of(day), time(0), zone).astimezone(UTC)


def window_of(day: int, zone: ZoneInfo, lapses: timedelta) -> Window:
    """Where the orders placed on a day are found.

    An order's id is of the moment at which its checkout was made, which is at most `lapses` before it was placed.
    Machines whose clocks are apart may have made the two.
    """
    start, end = starts_at(day, zone), starts_at(day + 1, zone)
    return Window(start, end, start - lapses - _CLOCKS_APART, end + _CLOCKS_APART)


def first_day(id_moment: datetime, zone: ZoneInfo) -> int:
    """The first day on which an order can have been placed, given the moment of the first id."""
    return day_of(id_moment - _CLOCKS_APART, zone)


class Now(Struct, frozen=True):
    """The moment at which somebody looks: today, the time, and the rules in force."""

    today: int
    ms: int
    rules: str


def due_days(counted: Mapping[int, CountedDay], first: int, now: Now, most: int) -> list[int]:
    """Which days are to be counted: today and yesterday, those never counted, then those longest not looked at.

    A day of the last two weeks is looked at every hour, of the last three months daily, an older one weekly.
    """
    days = range(min(first, now.today - 1), now.today + 1)
    never = [day for day in days if day not in counted or counted[day].rules != now.rules]
    known = [counted[day] for day in days if day in counted and counted[day].rules == now.rules]
    waiting = sorted((one.counted_at_ms, one.placed_day) for one in known if _is_due(one, now))
    latest = [now.today, now.today - 1]
    return list(dict.fromkeys([*latest, *never, *(day for _, day in waiting)]))[:most]


def _is_due(one: CountedDay, now: Now) -> bool:
    age = now.today - one.placed_day
    every = next((every for days, every in _EVERY_MS if age < days), _LATER_MS)
    return now.ms - one.counted_at_ms >= every
