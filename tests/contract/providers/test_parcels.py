"""Parcels of the bundled carriers: numbers that notice a slip, and a way that depends on nothing but the question."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from doorstep.plug.carrier import TrackingStatus
from doorstep.providers.parcels import Fate, check_digit, fate_of, journey, tracking_number
from tests.contract.providers.asking import FRIDAY, where_is

WAYS = {
    Fate.DELIVERED: [TrackingStatus.IN_TRANSIT, TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.DELIVERED],
    Fate.LOST: [TrackingStatus.IN_TRANSIT, TrackingStatus.LOST],
    Fate.RETURNED: [TrackingStatus.IN_TRANSIT, TrackingStatus.OUT_FOR_DELIVERY, TrackingStatus.RETURNED_TO_SENDER],
}
ANY_MOMENT = st.integers(0, 10**7).map(lambda minutes: FRIDAY + timedelta(minutes=minutes))


@given(st.text("0123456789", min_size=1, max_size=30))
def test_the_check_digit_is_that_of_the_standard(digits: str) -> None:
    assert check_digit(digits) == mod_11_10.calc_check_digit(digits)


@given(st.text(max_size=40), st.sampled_from(Fate), st.integers(0, 16), st.integers(1, 9))
def test_a_mistyped_digit_is_noticed(key: str, fate: Fate, place: int, slip: int) -> None:
    number = tracking_number("SB", fate, key)
    at = 3 + place
    wrong = number[:at] + str((int(number[at]) + slip) % 10) + number[at + 1 :]
    assert fate_of(number, "SB") is fate
    assert fate_of(wrong, "SB") is None


@pytest.mark.parametrize(
    "number", ["", "SB", "ZRD1234567890123456", "SBX00000000000000002", "SBD" + "\N{FULLWIDTH DIGIT ONE}" * 17]
)
def test_a_strange_number_has_no_fate(number: str) -> None:
    assert fate_of(number, "SB") is None


def test_a_number_follows_from_its_key() -> None:
    assert tracking_number("ZR", Fate.DELIVERED, "label-1") == "ZRD" + tracking_number("SB", Fate.LOST, "label-1")[3:]


def test_a_hundred_thousand_keys_have_as_many_numbers() -> None:
    assert len({tracking_number("ZR", Fate.DELIVERED, f"lab_{number}") for number in range(100_000)}) == 100_000


@pytest.mark.parametrize(("transit_days", "day"), [(0, 6), (1, 9), (2, 10), (5, 13), (6, 16), (10, 20)])
def test_a_parcel_arrives_on_the_last_of_its_working_days(transit_days: int, day: int) -> None:
    question = where_is("SBD1", datetime(2027, 1, 1, tzinfo=UTC), transit_days=transit_days)
    delivered = journey(question, Fate.DELIVERED)[-1]
    assert delivered.at.date() == datetime(2026, 3, day, tzinfo=UTC).date()
    assert delivered.status is TrackingStatus.DELIVERED


@pytest.mark.parametrize("weekend", [7, 8])
def test_what_is_handed_over_at_a_weekend_counts_from_monday(weekend: int) -> None:
    start = datetime(2026, 3, weekend, 10, tzinfo=UTC)
    question = where_is("SBD1", datetime(2027, 1, 1, tzinfo=UTC), transit_days=1, handed_over_at=start)
    assert journey(question, Fate.DELIVERED)[-1].at.date() == datetime(2026, 3, 9, tzinfo=UTC).date()


def test_a_parcel_is_in_transit_an_hour_after_it_was_handed_over() -> None:
    hour = timedelta(hours=1)
    assert journey(where_is("SBD1", FRIDAY + hour - timedelta(seconds=1)), Fate.DELIVERED) == ()
    (event,) = journey(where_is("SBD1", FRIDAY + hour), Fate.DELIVERED)
    assert (event.status, event.at) == (TrackingStatus.IN_TRANSIT, FRIDAY + hour)


@given(
    st.sampled_from(Fate),
    st.text(max_size=20),
    st.integers(-1, 1000),
    ANY_MOMENT,
)
def test_every_way_goes_forward_in_time_to_its_end(fate: Fate, key: str, days: int, start: datetime) -> None:
    number = tracking_number("SB", fate, key)
    events = journey(where_is(number, start + timedelta(days=4000), transit_days=days, handed_over_at=start), fate)
    assert [event.status for event in events] == WAYS[fate]
    assert all(earlier.at < later.at for earlier, later in pairwise(events))


def test_an_event_keeps_its_name() -> None:
    late = journey(where_is("SBD1", FRIDAY + timedelta(days=30)), Fate.DELIVERED)
    early = journey(where_is("SBD1", FRIDAY + timedelta(hours=2)), Fate.DELIVERED)
    assert early == late[:1]
    assert [event.event_id for event in late] == ["SBD1-in_transit", "SBD1-out_for_delivery", "SBD1-delivered"]
