"""When a location works and a service delivers: days, holidays, hours, in the store's own time zone."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from doorstep.plan.records import Location, Service

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


def leaving_moment(location: Location, time_zone: str, ordered_at: datetime) -> datetime:
    """When the courier takes what was ordered at a moment: on the same working day if that was at the cut-off or before
    it, to the second, else on the next one.
    """
    zone = ZoneInfo(time_zone)
    local = ordered_at.astimezone(zone)
    is_today = is_working_day(location, local.date()) and local.time().replace(microsecond=0) <= location.cut_off
    day = local.date() if is_today else next_working_day(location, local.date())
    courier = datetime.combine(day, location.courier_at, zone)
    if courier < local:
        courier = datetime.combine(next_working_day(location, day), location.courier_at, zone)
    return courier.astimezone(UTC)


def delivery_day(service: Service, country: str, left_on: date, days: int) -> date:
    """The day on which a service brings to a country what left on a day and is `days` in transit.

    Only days on which it delivers count; of none, what leaves on such a day arrives on it.
    """
    day, left = left_on, days
    while left > 0 or not _delivers(service, country, day):
        day += timedelta(days=1)
        left -= 1 if _delivers(service, country, day) else 0
    return day


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


def _delivers(service: Service, country: str, day: date) -> bool:
    if _WEEKDAYS[day.weekday()] not in service.delivers_on:
        return False
    return not (service.public_holidays and day in _holidays(country))


@cache
def _holidays(country: str) -> "holidays.HolidayBase":
    if country not in holidays.list_supported_countries():
        return holidays.HolidayBase()
    return holidays.country_holidays(country)
