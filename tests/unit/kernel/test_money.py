"""Money is exact: read to the cent, split to the cent, and refused where it would have to be rounded."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import MINOR_UNITS_MAX
from doorstep.kernel.money import Money, exponent, format_minor, parse_minor, part_of, split_minor

_TOTALS = st.integers(-(10**9), 10**9)
_WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("-0.01", "EUR", -1),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("1.50" + "0" * 60, "EUR", 150),
        ("10000000000000.00", "EUR", MINOR_UNITS_MAX),
    ],
)
def test_an_amount_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "12,50", "NaN", "sNaN", "Infinity", "-Infinity", "1e999999", "1e-999999", "1e99999999999999999999"),
        *("0.001", "1." + "0" * 40 + "1", "9" * 40, "10000000000000.01"),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_minor(text, "EUR")
    assert refused.value.code == "bad_amount"


@given(st.integers(-MINOR_UNITS_MAX, MINOR_UNITS_MAX), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    assert parse_minor(format_minor(minor, currency), currency) == minor


@given(st.decimals(allow_nan=True, allow_infinity=True).map(str))
def test_any_decimal_is_read_exactly_or_refused(text: str) -> None:
    try:
        minor = parse_minor(text, "EUR")
    except Refused:
        return
    assert Decimal(text) == Decimal(minor) / 100


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(Refused, match="ISO 4217"):
        exponent("XAU")


def test_two_currencies_are_not_added() -> None:
    with pytest.raises(Refused) as refused:
        Money(1, "EUR") + Money(1, "GBP")
    assert refused.value.code == "mixed_currencies"


def test_money_adds_up_in_one_currency() -> None:
    assert Money.parse("1.50", "EUR") * 3 - Money(50, "EUR") + Money(1, "EUR") == Money(401, "EUR")


@given(_TOTALS, _WEIGHTS)
def test_a_split_sums_to_its_total(total: int, weights: list[int]) -> None:
    assert sum(split_minor(total, weights)) == total


@given(_TOTALS, _WEIGHTS)
def test_each_part_is_within_one_unit_of_its_proportion(total: int, weights: list[int]) -> None:
    shares = weights if any(weights) else [1] * len(weights)
    parts = split_minor(total, weights)
    assert all(abs(part * sum(shares) - total * share) < sum(shares) for part, share in zip(parts, shares, strict=True))


@given(_TOTALS, _WEIGHTS)
def test_a_negative_total_is_split_as_the_mirror_image(total: int, weights: list[int]) -> None:
    assert split_minor(-total, weights) == [-part for part in split_minor(total, weights)]


@given(st.integers(0, 10**6), _WEIGHTS)
def test_among_equal_weights_the_earlier_part_is_never_the_smaller(total: int, weights: list[int]) -> None:
    parts = split_minor(total, weights)
    pairs = [(a, b) for a in range(len(weights)) for b in range(a + 1, len(weights)) if weights[a] == weights[b]]
    assert all(0 <= parts[a] - parts[b] <= 1 for a, b in pairs)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 100), min_size=1, max_size=6, unique=True), st.randoms())
def test_the_order_of_unequal_parts_moves_no_more_than_a_tied_unit(
    total: int, weights: list[int], chance: Random
) -> None:
    shuffled = chance.sample(weights, len(weights))
    before = dict(zip(weights, split_minor(total, weights), strict=True))
    after = dict(zip(shuffled, split_minor(total, shuffled), strict=True))
    assert all(abs(before[weight] - after[weight]) <= 1 for weight in weights)


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_there_is_something_to_split_over(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"nothing to split over|negative"):
        split_minor(1, weights)


@given(_TOTALS, st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_the_bits_of_a_line_sum_to_the_line(total: int, counts: list[int]) -> None:
    quantity, done, bits = sum(counts), 0, 0
    for count in counts:
        bits += part_of(total, quantity, done + count) - part_of(total, quantity, done)
        done += count
    assert bits == total
