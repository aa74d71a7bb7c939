"""Units of an order as pairs of line and quantity, and what they are worth."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.journey import facts as f
from doorstep.journey import units as goods
from doorstep.journey.order import Counts, added, common, counted, less, total_of
from doorstep.kernel.errors import LawBroken
from tests.laws.stories import an_order, tell

_COUNTS = st.dictionaries(st.integers(1, 5), st.integers(0, 9)).map(lambda sums: counted(sums.items()))


@given(_COUNTS, _COUNTS)
def test_what_is_taken_and_what_is_left_make_the_whole(units: Counts, others: Counts) -> None:
    assert added(common(units, others), less(units, others)) == units


@given(_COUNTS, _COUNTS)
def test_counts_add_up(units: Counts, others: Counts) -> None:
    assert total_of(added(units, others)) == total_of(units) + total_of(others)


@given(_COUNTS)
def test_counts_are_in_order_and_at_least_one(units: Counts) -> None:
    assert list(units) == sorted(units)
    assert all(count >= 1 for _, count in units)


@pytest.mark.parametrize("position", [0, -1, 3])
def test_units_of_a_line_that_there_is_not_are_never_counted_on_another(position: int) -> None:
    order = an_order(2, 2)
    canceled = tell(
        f.UnitsCanceled,
        order,
        request_id="C",
        units=((position, 1),),
        released=(),
        payment_id="P",
        value=0,
        reason="",
    )
    with pytest.raises(LawBroken, match=f"line {position}"):
        goods.apply(goods.start(order), canceled)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_what_is_shipped_bit_by_bit_is_worth_the_line(parts: list[int]) -> None:
    order, worth = an_order(sum(parts)), 0
    units = goods.start(order)
    for number, count in enumerate(parts):
        worth += units.value_shipped_next(order, ((1, count),))
        told: dict[str, Any] = {"fulfillment_id": "F", "units": ((1, count),), "location": "main", "weight_grams": 1}
        units.promises["F"] = goods.PromiseUnits("main", ())
        goods.apply(units, tell(f.ParcelPacked, order, parcel_id=f"B{number}", **told))
        units.lines[0].shipped += count
    assert worth == order.line(1).total_minor
