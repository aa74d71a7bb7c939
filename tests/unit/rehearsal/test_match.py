"""Cancellations find the earlier order lines they cancel; what they do not find is left over with a reason."""

from doorstep.rehearsal.recording.invoices import group_invoices
from doorstep.rehearsal.recording.match import (
    MORE_THAN_ORDERED,
    NEVER_ORDERED,
    NO_CUSTOMER,
    CanceledPart,
    Cancellation,
    Unmatched,
    match_cancellations,
)
from doorstep.rehearsal.recording.read import Line
from tests.unit.rehearsal.a_recording import a_line


def matched(*lines: Line) -> tuple[Cancellation, ...]:
    ordered = [line for line in lines if line.quantity > 0]
    return match_cancellations(group_invoices(ordered)[0], [line for line in lines if line.quantity < 0])


def parts(*lines: Line) -> list[tuple[str, int, int]]:
    return [(part.order_invoice, part.position, part.quantity) for c in matched(*lines) for part in c.parts]


def test_a_cancellation_names_the_order_line_by_position() -> None:
    (cancellation,) = matched(
        a_line(2, sku="10002"), a_line(3, quantity=5), a_line(4, invoice="C2", quantity=-2, day=1, customer="17850")
    )
    assert (cancellation.number, cancellation.customer) == ("C2", "17850")
    assert cancellation.parts == (CanceledPart("1", 1, 2, 4),)
    assert cancellation.unmatched == ()


def test_the_newest_order_with_enough_units_is_preferred() -> None:
    orders = a_line(2, quantity=9), a_line(3, invoice="2", quantity=6, day=1), a_line(4, invoice="3", quantity=1, day=2)
    assert parts(*orders, a_line(5, invoice="C4", quantity=-4, day=3)) == [("2", 0, 4)]


def test_the_same_price_is_preferred_to_a_newer_order() -> None:
    orders = a_line(2), a_line(3, invoice="2", day=1, unit_price_minor=199)
    assert parts(*orders, a_line(4, invoice="C3", quantity=-1, day=2)) == [("1", 0, 1)]


def test_a_cancellation_spans_orders_newest_first_and_then_other_prices() -> None:
    orders = (
        a_line(2, quantity=2),
        a_line(3, invoice="2", quantity=3, day=1),
        a_line(4, invoice="3", quantity=9, day=2, unit_price_minor=199),
    )
    assert parts(*orders, a_line(5, invoice="C4", quantity=-6, day=3)) == [("2", 0, 3), ("1", 0, 2), ("3", 0, 1)]


def test_a_unit_is_canceled_once() -> None:
    _, second = matched(
        a_line(2, quantity=3),
        a_line(3, invoice="C2", quantity=-2, day=1),
        a_line(4, invoice="C3", quantity=-2, day=2),
    )
    assert second.parts == (CanceledPart("1", 0, 1, 4),)
    assert second.unmatched == (Unmatched(4, "10001", 1, MORE_THAN_ORDERED),)


def test_an_order_after_the_cancellation_or_of_another_customer_is_not_canceled() -> None:
    (cancellation,) = matched(
        a_line(2, invoice="C1", quantity=-1),
        a_line(3, invoice="2"),
        a_line(4, invoice="0", day=-1, customer="2"),
    )
    assert cancellation.parts == ()
    assert cancellation.unmatched == (Unmatched(2, "10001", 1, NEVER_ORDERED),)


def test_within_one_minute_the_running_number_says_what_was_earlier() -> None:
    assert parts(a_line(2, invoice="9"), a_line(3, invoice="C10", quantity=-1)) == [("9", 0, 1)]
    assert parts(a_line(2, invoice="C9", quantity=-1), a_line(3, invoice="10")) == []


def test_without_a_customer_only_the_one_possible_order_is_canceled() -> None:
    cancel = a_line(9, invoice="C9", quantity=-2, day=9, customer="")
    order, other_price = (
        a_line(2, quantity=2, customer=""),
        a_line(3, invoice="2", quantity=2, customer="", unit_price_minor=1),
    )
    assert parts(order, other_price, a_line(4, invoice="4", quantity=2), cancel) == [("1", 0, 2)]
    second = a_line(5, invoice="5", quantity=3, customer="")
    (ambiguous,) = matched(order, second, cancel)
    assert (ambiguous.customer, ambiguous.parts) == ("", ())
    assert ambiguous.unmatched == (Unmatched(9, "10001", 2, NO_CUSTOMER),)


def test_without_a_customer_an_order_from_another_country_is_not_canceled() -> None:
    cancel = a_line(9, invoice="C9", quantity=-1, day=9, customer="", country="EIRE")
    assert parts(a_line(2, customer=""), cancel) == []
