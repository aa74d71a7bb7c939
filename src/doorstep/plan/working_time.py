"""When a location works: its days, its holidays, its hours, in the store's own time zone."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from doorstep.plan.records import Location

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def working_moment(location: Location, time_zone: str, after: datetime) -> datetime:
    """The first moment at or after `after` at which the location is open for work (from opening to cut-off)."""
    zone = ZoneInfo(time_zone)
    local = after.astimezone(zone)
    if is_working_day(location, local.date()) and local.time() <= location.cut_off:
        opening = datetime.combine(local.date(), location.opens, zone)
        return max(opening, local).astimezone(UTC)
    day = next_working_day(location, local.date())
    return datetime.combine(day, location.opens, zone).astimezone(UTC)


def collection_moment(location: Location, time_zone: str, after: datetime) -> datetime:
    """The first time the courier comes to the location at or after `after`."""
    zone = ZoneInfo(time_zone)
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), location.courier_at, zone)
    if is_working_day(location, local.date()) and local <= today:
        return today.astimezone(UTC)
    day = next_working_day(location, local.date())
    return datetime.combine(day, location.courier_at, zone).astimezone(UTC)


def next_working_day(location: Location, day: date) -> date:
    """The first working day after a day."""
    following = day + timedelta(days=1)
    while not is_working_day(location, following):
        following += timedelta(days=1)
    return following


def is_working_day(location: Location, day: date) -> bool:
    """Whether the location works on a day."""
    if _WEEKDAYS[day.weekday()] not in location.working_days:
        return False
    return not (location.public_holidays and day in _holidays(location.country))


@cache
def _holidays(country: str) -> "holidays.HolidayBase":
    if country not in holidays.list_supported_countries():
        return holidays.HolidayBase()
    return holidays.country_holidays(country)
