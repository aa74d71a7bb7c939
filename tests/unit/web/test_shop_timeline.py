"""A delivery plan on a scale of days: what fits, what is drawn where, and how days are said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from doorstep.journey.placement.model.priced import DeliveryPlan, Parcel
from doorstep.web.language import Language
from doorstep.web.pages.shop.timeline import COLUMNS_MAX, days_in_words, scale_of, tracks

TODAY = date(2026, 11, 25)
ENGLISH, GERMAN = Language("en", "GB", "Europe/London"), Language("de", "DE", "Europe/Berlin")


def parcel(leaves: int, first: int, last: int) -> Parcel:
    return Parcel(
        location="north",
        service="standard",
        units=((1, 2),),
        weight_grams=500,
        price_minor=500,
        leaves_at=datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(days=leaves),
        arrives_from=TODAY + timedelta(days=first),
        arrives_until=TODAY + timedelta(days=last),
    )


def plan(*parcels: Parcel) -> DeliveryPlan:
    return DeliveryPlan(id="one", parcels=parcels, price_minor=500)


@pytest.mark.parametrize(("last", "count", "each"), [(0, 1, 1), (3, 4, 1), (13, 14, 1), (14, 8, 2), (400, 14, 29)])
def test_a_scale_reaches_from_today_to_the_last_arrival(last: int, count: int, each: int) -> None:
    scale = scale_of([plan(parcel(0, 0, last))], TODAY)
    assert (scale.count, scale.days_each) == (count, each)
    assert scale.count <= COLUMNS_MAX
    assert scale.column(TODAY + timedelta(days=last)) == scale.count


def test_days_beside_the_scale_are_at_its_ends() -> None:
    scale = scale_of([plan(parcel(0, 1, 2))], TODAY)
    assert (scale.column(date(2020, 1, 1)), scale.column(date(2030, 1, 1))) == (1, 3)


def test_what_arrives_first_is_drawn_first() -> None:
    both = (parcel(1, 4, 6), parcel(0, 1, 2))
    drawn = tracks(both, scale_of([plan(*both)], TODAY), {1: "Mug"}, ENGLISH)
    assert [(one.leaves, one.arrives, one.until) for one in drawn] == [(1, 2, 3), (2, 5, 7)]
    assert drawn[0].units == "2 × Mug"


def test_no_plans_are_a_scale_of_today() -> None:
    assert scale_of([], TODAY).count == 1


def test_weekends_are_marked() -> None:
    columns = scale_of([plan(parcel(0, 1, 5))], TODAY).columns(ENGLISH)
    assert [(one.weekday, one.day, one.is_weekend) for one in columns][2:5] == [
        ("F", "27", False),
        ("S", "28", True),
        ("S", "29", True),
    ]


def test_days_are_said_in_the_language() -> None:
    first, last = date(2026, 11, 27), date(2026, 11, 30)
    assert days_in_words(first, first, ENGLISH) == "Fri 27 Nov"
    assert days_in_words(first, last, GERMAN) == "Fr., 27. Nov. – Mo., 30. Nov."
