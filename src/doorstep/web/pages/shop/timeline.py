"""A delivery plan drawn on a scale of days: when each parcel leaves, is on its way, and arrives. Pure.

The scale has at most fourteen columns, since a phone has no room for more; where that is not enough a column is several
days. Columns are counted from 1, as CSS grids count them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from babel.dates import format_date, format_skeleton
from msgspec import Struct

from doorstep.journey.placement.model.priced import DeliveryPlan, Parcel
from doorstep.web.language import Language

COLUMNS_MAX = 14
_SATURDAY = 5


class Column(Struct, frozen=True):
    """A column of the scale: the day it begins with, as briefly as can be, and whether people rest on it."""

    weekday: str
    day: str
    is_weekend: bool


class Scale(Struct, frozen=True):
    """The days from the first to the last that matter."""

    first: date
    days_each: int
    count: int

    def column(self, day: date) -> int:
        """The column in which a day is; days before or after the scale are at its ends."""
        return min(max((day - self.first).days // self.days_each + 1, 1), self.count)

    def columns(self, language: Language) -> list[Column]:
        """The columns, as they are written above the parcels."""
        return [self._column(number, language) for number in range(self.count)]

    def _column(self, number: int, language: Language) -> Column:
        day = self.first + timedelta(days=number * self.days_each)
        weekday = format_date(day, "ccccc", locale=language.locale)
        is_weekend = self.days_each == 1 and day.weekday() >= _SATURDAY
        return Column(weekday if self.days_each == 1 else "", str(day.day), is_weekend)


class Track(Struct, frozen=True, kw_only=True):
    """A parcel on the scale: on its way from one column until another, to be expected from there until a last one."""

    leaves: int
    arrives: int
    until: int
    when: str
    leaves_on: str
    units: str
    parcel: Parcel


def scale_of(plans: Iterable[DeliveryPlan], today: date) -> Scale:
    """The scale on which all plans can be compared."""
    last = max((plan.arrives_until for plan in plans), default=today)
    days = max((last - today).days + 1, 1)
    each = -(-days // COLUMNS_MAX)
    return Scale(today, each, -(-days // each))


def tracks(parcels: Sequence[Parcel], scale: Scale, names: dict[int, str], language: Language) -> list[Track]:
    """The parcels of a plan on the scale, those that arrive first above."""
    ordered = sorted(parcels, key=lambda parcel: (parcel.arrives_from, parcel.arrives_until))
    return [_track(parcel, scale, names, language) for parcel in ordered]


def days_in_words(first: date, last: date, language: Language) -> str:
    """One day, or from one to another."""
    if first == last:
        return day_in_words(first, language)
    return f"{day_in_words(first, language)} – {day_in_words(last, language)}"


def day_in_words(day: date, language: Language) -> str:
    """A day with its weekday."""
    return format_skeleton("MMMEd", day, locale=language.locale)


def units_in_words(parcel: Parcel, names: dict[int, str], language: Language) -> str:
    """What is in a parcel."""
    return ", ".join(f"{language.number(count)} × {names.get(at, '')}" for at, count in parcel.units)


def _track(parcel: Parcel, scale: Scale, names: dict[int, str], language: Language) -> Track:
    leaves = language.local(parcel.leaves_at).date()
    return Track(
        leaves=scale.column(leaves),
        arrives=scale.column(parcel.arrives_from),
        until=scale.column(parcel.arrives_until),
        when=days_in_words(parcel.arrives_from, parcel.arrives_until, language),
        leaves_on=day_in_words(leaves, language),
        units=units_in_words(parcel, names, language),
        parcel=parcel,
    )
