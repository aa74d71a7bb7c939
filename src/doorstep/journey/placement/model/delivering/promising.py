"""When a parcel leaves and on which days it is promised to arrive. Pure."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from doorstep.plan.records import Location, Rate, Service
from doorstep.plan.working_time import delivery_day, leaving_moment

_KEPT = 4096


class Window(Struct, frozen=True):
    """When the courier takes it, and the first and the last day on which it may arrive."""

    leaves_at: datetime
    arrives_from: date
    arrives_until: date


class Lane(Struct, frozen=True):
    """From where to where something goes, and by what: a location, a service with its rate, a country."""

    location: Location
    service: Service
    rate: Rate
    country: str


def promised(lane: Lane, time_zone: str, ordered_at: datetime) -> Window:
    """The window of what is ordered at a moment: a cut-off holds to the second, days are the store's."""
    return _promised(lane, time_zone, ordered_at.replace(microsecond=0))


@lru_cache(_KEPT)
def _promised(lane: Lane, time_zone: str, ordered_at: datetime) -> Window:
    leaves = leaving_moment(lane.location, time_zone, ordered_at)
    left_on = leaves.astimezone(ZoneInfo(time_zone)).date()
    least, most = lane.rate.transit_days, lane.rate.transit_days_max or lane.rate.transit_days
    return Window(
        leaves,
        delivery_day(lane.service, lane.country, left_on, least),
        delivery_day(lane.service, lane.country, left_on, most),
    )
