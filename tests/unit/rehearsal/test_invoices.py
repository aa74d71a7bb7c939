"""Goods lines become invoices: merged, in time order, with a customer and an ISO country."""

import pytest

from doorstep.kernel.errors import Refused
from doorstep.rehearsal.recording.countries import ASSUMED, country_code
from doorstep.rehearsal.recording.invoices import OrderedLine, group_invoices
from tests.unit.rehearsal.a_recording import a_line


def test_same_item_at_the_same_price_is_one_line_and_at_another_price_its_own() -> None:
    lines = [a_line(2, quantity=2), a_line(3, unit_price_minor=200), a_line(4, quantity=3), a_line(5, sku="10002")]
    (invoice,), _ = group_invoices(lines)
    assert invoice.lines == (
        OrderedLine("10001", 5, 250, (2, 4)),
        OrderedLine("10001", 1, 200, (3,)),
        OrderedLine("10002", 1, 250, (5,)),
    )


def test_lines_that_do_not_stand_together_are_one_invoice_at_its_earliest_minute() -> None:
    first, between, last = a_line(2, invoice="7"), a_line(3, invoice="8"), a_line(4, invoice="7")
    (seven, eight), _ = group_invoices([first, between, last])
    assert (seven.number, seven.lines[0].quantity, eight.number) == ("7", 2, "8")
    (late,), _ = group_invoices([a_line(2, day=1), a_line(3)])
    assert late.at == first.at


def test_invoices_are_in_time_order_and_within_a_minute_by_running_number() -> None:
    lines = [a_line(2, invoice="9", day=1), a_line(3, invoice="10", day=1), a_line(4, invoice="11")]
    assert [invoice.number for invoice in group_invoices(lines)[0]] == ["11", "9", "10"]


def test_who_is_not_named_is_a_guest_of_that_invoice() -> None:
    (one, two, named), _ = group_invoices(
        [a_line(2, customer=""), a_line(3, invoice="2", customer=""), a_line(4, invoice="3")]
    )
    assert (one.customer, two.customer, named.customer) == ("guest-1", "guest-2", "17850")
    assert (one.is_guest, named.is_guest) == (True, False)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EIRE", "IE"),
        ("Channel Islands", "JE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        *((name, "GB") for name in sorted(ASSUMED)),
    ],
)
def test_country_names_become_iso_codes(name: str, code: str) -> None:
    (invoice,), _ = group_invoices([a_line(country=name)])
    assert (invoice.country, invoice.country_name) == (code, name)


def test_an_invoice_of_an_unknown_country_or_of_two_customers_is_rejected_with_all_its_lines() -> None:
    invoices, (atlantis, two) = group_invoices(
        [a_line(2, country="Atlantis"), a_line(3, invoice="2"), a_line(4, invoice="2", customer="1")]
    )
    assert invoices == []
    assert ([line.line_number for line in atlantis.lines], "Atlantis" in atlantis.reason) == ([2], True)
    assert ([line.line_number for line in two.lines], "different customers" in two.reason) == ([3, 4], True)
    with pytest.raises(Refused):
        country_code("Atlantis")
