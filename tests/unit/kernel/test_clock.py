"""Time is given: whole milliseconds in UTC, and a simulated clock that only goes forward."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doorstep.kernel.clock import MachineClock, SimulatedClock, from_ms, to_ms, wall_ms

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


@given(st.integers(-(2**43), 2**47))
def test_stored_milliseconds_are_read_again(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    assert from_ms(to_ms(datetime.fromisoformat("2024-05-06T14:00:00+02:00"))) == NOON


def test_the_machines_clock_is_in_utc_and_in_whole_milliseconds() -> None:
    now = MachineClock().now()
    assert (now.tzinfo, now.microsecond % 1000) == (UTC, 0)
    assert abs(to_ms(now) - wall_ms()) < 60_000


def test_work_that_is_late_counts_as_done_when_it_is_done() -> None:
    clock = MachineClock()
    assert clock.moment_of(NOON) >= clock.horizon() - timedelta(minutes=1)


def test_simulated_work_counts_as_done_when_it_was_due() -> None:
    clock = SimulatedClock(NOON + timedelta(hours=1))
    assert (clock.moment_of(NOON), clock.horizon()) == (NOON, NOON + timedelta(hours=1))


def test_a_simulated_clock_never_goes_back() -> None:
    clock = SimulatedClock(NOON)
    clock.advance_to(NOON + timedelta(seconds=1))
    clock.advance_to(NOON)
    assert clock.now() == NOON + timedelta(seconds=1)
