"""A client has a bucket of requests that fills again with time; memory is bounded whoever comes."""

import pytest

from doorstep.web.limits import SIGN_INS_PER_MINUTE, Buckets, Limits
from doorstep.web.respond import HttpError


class Watch:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_one_at_a_time() -> None:
    watch = Watch()
    buckets = Buckets(60, now=watch)
    assert [buckets.take("ada") for _ in range(60)] == [0.0] * 60
    assert 0 < buckets.take("ada") <= 1
    watch.now += 1
    assert (buckets.take("ada"), buckets.take("ada") > 0, buckets.take("bob")) == (0.0, True, 0.0)


def test_a_bucket_is_empty_when_nothing_is_left() -> None:
    watch = Watch()
    buckets = Buckets(2, now=watch)
    assert not buckets.is_empty("ada")
    assert [buckets.take("ada"), buckets.take("ada"), buckets.is_empty("ada")] == [0.0, 0.0, True]


def test_memory_is_bounded_and_who_asks_most_is_remembered() -> None:
    watch = Watch()
    buckets = Buckets(60, most=100, now=watch)
    for _ in range(60):
        buckets.take("greedy")
    for number in range(10_000):
        buckets.take(f"client {number}")
    assert len(buckets._full_at) <= 100  # noqa: SLF001 - the bound is the promise
    assert buckets.is_empty("greedy")


def test_a_program_may_ask_ten_times_as_often() -> None:
    limits = Limits(2, now=Watch())
    for _ in range(20):
        limits.check_keyed("key_1")
    with pytest.raises(HttpError) as refused:
        limits.check_keyed("key_1")
    assert (refused.value.status, dict(refused.value.headers)) == (429, {b"retry-after": b"3"})


def test_signing_in_is_limited_strictly() -> None:
    limits = Limits(6000, now=Watch())
    for _ in range(SIGN_INS_PER_MINUTE):
        limits.check_sign_in("1.2.3.4")
    with pytest.raises(HttpError):
        limits.check_sign_in("1.2.3.4")


def test_all_of_an_ipv6_network_share_one_bucket() -> None:
    limits = Limits(1, now=Watch())
    limits.check_stranger("2001:db8::1")
    with pytest.raises(HttpError):
        limits.check_stranger("2001:db8::2")
    limits.check_stranger("2001:db8:0:1::1")


def test_without_a_limit_nobody_is_refused() -> None:
    limits = Limits(0, now=Watch())
    for _ in range(1000):
        limits.check_stranger("1.2.3.4")
    assert not limits.is_on
