"""How long a failed job waits, and when a schedule comes again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from doorstep.jobs.model import next_turn, wait_before

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
_SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=40))


def test_each_wait_is_longer_than_the_one_before() -> None:
    waits = [wait_before(attempt, 0.5) for attempt in range(8)]
    assert waits == sorted(waits, key=lambda wait: wait or timedelta.max)
    assert waits[0] == timedelta(seconds=1)


def test_the_last_attempt_is_followed_by_none() -> None:
    assert wait_before(8, 0.5) is wait_before(100, 0.5) is None


@given(st.integers(0, 7), st.floats(0, 1))
def test_a_wait_is_spread_by_a_quarter_at_most(attempt: int, chance: float) -> None:
    middle, wait = wait_before(attempt, 0.5), wait_before(attempt, chance)
    assert middle is not None
    assert wait is not None
    assert middle * 0.749 <= wait <= middle * 1.251


@given(_SPANS, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_the_next_turn_is_the_first_of_the_schedule_that_is_still_to_come(every: timedelta, late: timedelta) -> None:
    now = NOON + late
    turn = next_turn(NOON, every, now)
    assert (turn - NOON) % every == timedelta(0)
    assert turn > max(NOON, now)
    assert turn == NOON + every or turn - every <= now
