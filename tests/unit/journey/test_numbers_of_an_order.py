"""What one order counts for: each metric, at each location, on its day."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.numbers.model.metrics import WHOLE, Metric
from tests.unit.journey.a_tale import DAYS, HOURS, NORTH, ORDER, SOUTH, Tale

MINUTES = 60


def test_an_order_counts_on_the_day_it_was_placed() -> None:
    tale = Tale().paid()
    assert tale.days(Metric.ORDERS) == {0: (1, 5500)}
    assert tale.days(Metric.UNITS) == {0: (5, 0)}
    assert tale.count().is_open


def test_a_part_is_worth_its_goods() -> None:
    tale = Tale().paid()
    assert tale.days(Metric.ORDERS, "north") == {0: (1, 3000)}
    assert tale.days(Metric.ORDERS, "south") == {0: (1, 2000)}


def test_a_line_from_two_locations_is_split_to_the_cent() -> None:
    line = replace(ORDER.lines[0], total_minor=1000)
    groups = (replace(ORDER.groups[0], units=((1, 1),)), replace(ORDER.groups[1], units=((1, 2),)))
    tale = Tale(replace(ORDER, lines=(line,), groups=groups)).paid()
    worth = [tale.days(Metric.ORDERS, place)[0][1] for place in ("north", "south")]
    assert (sum(worth), min(worth)) == (1000, 333)


def test_spans_count_on_the_day_on_which_they_end() -> None:
    tale = Tale().arrived()
    assert tale.days(Metric.CONFIRMED) == {0: (1, MINUTES)}
    assert tale.days(Metric.HANDED_OVER) == {1: (1, 29 * MINUTES)}
    assert tale.days(Metric.DELIVERED) == {3: (1, 72 * MINUTES)}


def test_a_location_is_done_before_the_order_is() -> None:
    tale = Tale().shipped().delivered("north", 2 * DAYS)
    assert tale.days(Metric.HANDED_OVER, "north") == {0: (1, 5 * MINUTES)}
    assert tale.days(Metric.DELIVERED, "north") == {2: (1, 48 * MINUTES)}
    assert tale.days(Metric.DELIVERED) == tale.days(Metric.DELIVERED, "south") == {}


def test_parcels_and_what_is_in_them() -> None:
    tale = Tale().arrived()
    assert tale.days(Metric.PARCELS) == {0: (1, 3), 1: (1, 2)}
    assert tale.days(Metric.PARCELS, "south") == {1: (1, 2)}
    assert tale.days(Metric.ARRIVED) == {0: (5, 0)}


def test_the_backlog_grows_and_shrinks() -> None:
    tale = Tale().shipped()
    assert tale.days(Metric.BACKLOG) == {0: (1, 0), 1: (-1, 0)}
    assert tale.days(Metric.BACKLOG, "north") == {}
    assert tale.days(Metric.BACKLOG, "south") == {0: (1, 0), 1: (-1, 0)}
    assert not tale.count().is_open


def test_an_order_that_kept_its_promises_is_on_time_and_perfect() -> None:
    tale = Tale().arrived()
    for place in (WHOLE, "south"):
        assert tale.days(Metric.ON_TIME, place) == tale.days(Metric.PERFECT, place) == {3: (1, 1)}


@pytest.mark.parametrize(("days", "on_time"), [(3, 1), (4, 0)])
def test_a_parcel_has_as_many_days_as_its_service(days: int, on_time: int) -> None:
    """It left at five in the afternoon; at one minute to midnight of the last day it is still on time."""
    arrival = timedelta(days=days, hours=11, minutes=59)
    tale = Tale().shipped().delivered("north", arrival)
    assert tale.days(Metric.ON_TIME, "north") == {days: (1, on_time)}


def test_a_late_hand_over_is_not_on_time_however_fast_the_carrier() -> None:
    allowed = 73 * HOURS
    for after, on_time in ((allowed, 1), (allowed + timedelta(minutes=1), 0)):
        tale = Tale().shipped(south=after).delivered("north", 2 * DAYS).delivered("south", after + HOURS)
        assert tale.days(Metric.ON_TIME) == tale.days(Metric.PERFECT) == {3: (1, on_time)}


def test_time_runs_from_the_payment() -> None:
    tale = Tale().arrived()
    authorized = tale.facts[1]
    tale.facts[1] = replace(authorized, at=authorized.at - 50 * HOURS)
    assert tale.days(Metric.ON_TIME) == {3: (1, 0)}


def test_a_lost_parcel_is_neither_on_time_nor_delivered() -> None:
    tale = Tale().shipped().delivered("north", 2 * DAYS).tell(f.ParcelLost, 4 * DAYS, parcel_id="south", reason="lost")
    assert tale.days(Metric.ON_TIME) == tale.days(Metric.PERFECT) == {4: (1, 0)}
    assert tale.days(Metric.DELIVERED) == {}
    assert tale.days(Metric.PERFECT, "north") == {2: (1, 1)}


def test_units_that_are_nowhere_are_unsupplied_and_spoil_the_order() -> None:
    tale = Tale().confirmed().short(SOUTH).packed("north", NORTH, 5 * HOURS)
    tale.sent("north", 6 * HOURS).delivered("north", DAYS)
    assert tale.days(Metric.SHORT) == tale.days(Metric.UNSUPPLIED, "south") == {0: (2, 0)}
    assert tale.days(Metric.CANCELED) == {}
    assert (tale.days(Metric.PERFECT), tale.days(Metric.ON_TIME)) == ({1: (1, 0)}, {1: (1, 1)})
    assert (tale.days(Metric.PERFECT, "north"), tale.days(Metric.PERFECT, "south")) == ({1: (1, 1)}, {0: (1, 0)})


def test_units_found_elsewhere_spoil_nothing() -> None:
    tale = Tale().confirmed().packed("north", NORTH, 2 * HOURS)
    told = {"pick_id": "K", "fulfillment_id": "south", "location": "south", "units": SOUTH, "reason": "gone"}
    tale.tell(f.UnitsShort, 3 * HOURS, **told)
    promises = (f.Promise("again", "north", SOUTH),)
    tale.tell(f.UnitsReallocated, 3 * HOURS, pick_id="K", promises=promises, release_at=ORDER.placed_at)
    tale.packed("north", SOUTH, 4 * HOURS, work="again").sent("north", 5 * HOURS).sent("again", 6 * HOURS)
    tale.delivered("north", DAYS).delivered("again", 2 * DAYS)
    assert (tale.days(Metric.SHORT, "south"), tale.days(Metric.UNSUPPLIED)) == ({0: (2, 0)}, {})
    assert tale.days(Metric.PERFECT) == tale.days(Metric.PERFECT, "north") == {2: (1, 1)}
    assert tale.days(Metric.PERFECT, "south") == {}


def test_what_the_customer_cancels_spoils_nothing() -> None:
    freed = (f.Promise("south", "south", SOUTH),)
    tale = Tale().confirmed().canceled("C", SOUTH, freed).packed("north", NORTH, 5 * HOURS)
    tale.sent("north", 6 * HOURS).delivered("north", DAYS)
    assert tale.days(Metric.CANCELED) == tale.days(Metric.CANCELED, "south") == {0: (2, 0)}
    assert (tale.days(Metric.PERFECT), tale.days(Metric.BACKLOG, "south")) == ({1: (1, 1)}, {})


def test_an_order_that_the_customer_cancels_is_judged_by_nothing() -> None:
    tale = Tale().confirmed().canceled("C", ORDER.all_units, (f.Promise("north", "north", NORTH),))
    assert tale.days(Metric.PERFECT) == tale.days(Metric.ON_TIME) == tale.days(Metric.BACKLOG) == {}


def test_a_rejected_order_is_not_perfect() -> None:
    tale = Tale().paid().tell(f.OrderRejected, 2 * DAYS, payment_id="P", reason="no stock")
    assert tale.days(Metric.UNSUPPLIED) == {0: (5, 0)}
    assert tale.days(Metric.PERFECT) == tale.days(Metric.PERFECT, "south") == {2: (1, 0)}


def test_a_lapsed_order_is_judged_by_nothing() -> None:
    tale = Tale().paid().tell(f.OrderLapsed, HOURS, reason="not paid in time")
    assert (tale.days(Metric.LAPSED), tale.days(Metric.LAPSED, "north")) == ({0: (1, 5)}, {0: (1, 3)})
    assert tale.days(Metric.PERFECT) == tale.days(Metric.UNSUPPLIED) == tale.days(Metric.BACKLOG) == {}


def test_what_comes_back_counts_for_who_sent_it() -> None:
    tale = Tale().arrived().returned(((1, 1), (2, 2)))
    by_place = {place: tale.days(Metric.RETURNED, place) for place in (WHOLE, "north", "south")}
    assert by_place == {WHOLE: {0: (3, 0)}, "north": {0: (1, 0)}, "south": {0: (2, 0)}}
    assert tale.days(Metric.PERFECT) == {3: (1, 1)}


@pytest.mark.parametrize(("reason", "written_off"), [("Wrong_Item", ()), ("too big", SOUTH)])
def test_a_return_for_a_fault_spoils_the_order_and_its_sender(reason: str, written_off: tuple[tuple[int, int]]) -> None:
    tale = Tale().arrived().returned(SOUTH, reason, written_off)
    assert tale.days(Metric.PERFECT) == tale.days(Metric.PERFECT, "south") == {3: (1, 0)}
    assert tale.days(Metric.PERFECT, "north") == {2: (1, 1)}


def test_a_refund_takes_as_long_as_the_goods_are_back() -> None:
    tale = Tale().arrived().returned(SOUTH)
    granted = {"grant_id": "R", "payment_id": "P", "amount": 2000, "goods": 2000, "reason": "returned"}
    tale.tell(f.RefundGranted, 9 * DAYS + HOURS, **granted)
    tale.tell(f.PaymentRefunded, 10 * DAYS, call_key="refund:R", payment_id="P", amount=2000)
    assert tale.days(Metric.REFUNDS) == {10: (1, 2000)}
    assert tale.days(Metric.REFUND_TIME) == {10: (1, 24 * MINUTES)}
