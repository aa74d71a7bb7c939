"""The more tries fail, the longer the next one waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.access.model.throttling import (
    Guarded,
    Throttle,
    Throttled,
    key_of,
    network_of,
    taken_back,
    tried,
    untried,
    wait_after,
)

_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
_KEY = key_of(Guarded.ACCOUNT, "anna@tea.example")


def after(failures: int) -> Throttle:
    return Throttle(_KEY, failures, _AT, _AT)


def test_five_tries_are_free_and_the_sixth_waits() -> None:
    throttle = untried(_KEY, _AT)
    for _ in range(5):
        throttle = tried(throttle, _AT)
    with pytest.raises(Throttled, match="try again in 30 seconds") as told:
        tried(throttle, _AT)
    assert (told.value.status, told.value.retry_after_seconds) == (429, 30.0)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, 0), (5, 30), (6, 60), (7, 120), (11, 1920), (12, 3600), (99, 3600)]
)
def test_waits_double_up_to_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(_KEY, failures) == timedelta(seconds=seconds)


def test_a_shared_address_has_more_tries_than_an_account() -> None:
    address = key_of(Guarded.ADDRESS, "192.0.2.1")
    assert (wait_after(address, 29), wait_after(address, 30)) == (timedelta(0), timedelta(seconds=30))


def test_after_a_calm_day_one_begins_anew() -> None:
    assert tried(after(11), _AT + timedelta(days=1)).failures == 1


def test_a_good_try_is_taken_back() -> None:
    throttle = taken_back(tried(after(4), _AT))
    assert tried(throttle, _AT).failures == 5


@given(st.integers(0, 10_000))
def test_waits_never_shrink(failures: int) -> None:
    assert wait_after(_KEY, failures) <= wait_after(_KEY, failures + 1) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_a_client_is_counted_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_who_is_throttled_is_not_written_down() -> None:
    assert "anna" not in _KEY
