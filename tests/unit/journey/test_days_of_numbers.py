"""Days are those of the store: with 23 or 25 hours, over the end of a year; and which of them are due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from doorstep.journey.numbers.model.days import (
    CountedDay,
    Now,
    date_of,
    day_of,
    due_days,
    number_of,
    rules_of,
    starts_at,
    window_of,
)
from doorstep.journey.numbers.model.metrics import Metric
from doorstep.kernel.clock import from_ms
from tests.unit.journey.a_tale import ORDER, Tale, at

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "UTC")
RULES = rules_of("UTC")
HOUR_MS = 3_600_000
moments = st.integers(0, 2_200_000_000_000).map(from_ms)


@given(moments, st.sampled_from(ZONES))
def test_a_moment_is_between_the_ends_of_its_day(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    day = day_of(moment, zone)
    assert starts_at(day, zone) <= moment < starts_at(day + 1, zone)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-12-31", 24)])
def test_a_day_has_as_many_hours_as_the_clocks_say(day: str, hours: int) -> None:
    zone, number = ZoneInfo("Europe/Berlin"), number_of(date.fromisoformat(day))
    assert starts_at(number + 1, zone) - starts_at(number, zone) == timedelta(hours=hours)
    assert date_of(number).isoformat() == day


def test_the_year_ends_at_the_stores_midnight() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    tale = Tale(replace(ORDER, placed_at=at("2026-12-31T23:59", "Asia/Tokyo"))).confirmed(timedelta(minutes=1))
    days = {slot.metric: date_of(slot.day).isoformat() for slot in tale.count(tokyo).sums}
    assert (days[Metric.ORDERS], days[Metric.CONFIRMED]) == ("2026-12-31", "2027-01-01")


def test_a_lead_over_the_change_of_clocks_is_as_long_as_it_was() -> None:
    berlin, evening = ZoneInfo("Europe/Berlin"), at("2026-03-28T23:00", "Europe/Berlin")
    tale = Tale(replace(ORDER, placed_at=evening)).confirmed(timedelta(hours=24))
    (found,) = [(slot, pair) for slot, pair in tale.count(berlin).sums.items() if slot.metric is Metric.CONFIRMED]
    assert (date_of(found[0].day), found[1]) == (date(2026, 3, 30), (1, 1440))


def test_ids_are_looked_for_as_far_back_as_checkouts_live() -> None:
    window = window_of(20_000, ZoneInfo("UTC"), timedelta(days=3))
    assert window.placed_from - window.ids_from == timedelta(days=3, hours=1)
    assert window.ids_before - window.placed_before == timedelta(hours=1)


def _due(
    *counted: tuple[int, int], first: int = 100, today: int = 110, most: int = 400, rules: str = RULES
) -> list[int]:
    """The days that are due, where some were counted so many hours ago."""
    now = Now(today, 1000 * HOUR_MS, RULES)
    known = {day: CountedDay(day, rules, (1000 - hours) * HOUR_MS, 1, 1, 0) for day, hours in counted}
    return due_days(known, first, now, most)


def test_today_and_yesterday_come_first_then_the_oldest_that_was_never_counted() -> None:
    assert _due() == [110, 109, *range(100, 109)]
    assert _due(most=3) == [110, 109, 100]


def test_days_that_were_counted_are_looked_at_the_rarer_the_older_they_are() -> None:
    def looked_at(age: int, hours: int) -> bool:
        return 300 - age in _due(*((day, hours) for day in range(101, 301)), first=101, today=300)

    assert [looked_at(1, 0), looked_at(2, 0), looked_at(2, 1)] == [True, False, True]
    assert [looked_at(15, 23), looked_at(15, 24)] == [False, True]
    assert [looked_at(92, 167), looked_at(92, 168)] == [False, True]


def test_those_longest_not_looked_at_come_first() -> None:
    assert _due((105, 3), (106, 9), (107, 5), first=105)[2:] == [108, 106, 107, 105]


def test_other_rules_are_as_if_nothing_was_counted() -> None:
    assert _due((108, 0), first=108, rules=rules_of("Asia/Tokyo")) == [110, 109, 108]
