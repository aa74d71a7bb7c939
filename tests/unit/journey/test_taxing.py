"""Which rate holds, how delivery is taxed, and what is rounded."""

import pytest

from doorstep.catalog.model import Item
from doorstep.plan.records import Plan
from tests.unit.journey.a_cart import a_cart, a_plan, wished

ITEMS = (
    Item("TEA", "Tea", 1000, 100, tax_class="food"),
    Item("POT", "Pot", 3000, 900),
    Item("MAP", "Map", 333, 50, tax_class="books"),
)
RATES = """\
[[tax.rates]]
country = "DE"
rate = "0.19"
[[tax.rates]]
country = "DE"
rate = "0.07"
tax_class = "food"
[[tax.rates]]
country = "US"
rate = "0.01"
[[tax.rates]]
country = "US"
region = "CA"
rate = "0.0725"
[[tax.rates]]
country = "US"
region = "Nevada"
rate = "0.0685"
"""


def taxed(settings: str, **more: str) -> Plan:
    return a_plan(f"[tax]\n{settings}\n{RATES}", **more)


@pytest.mark.parametrize(
    ("to", "rates"),
    [("DE", ["0.07", "0.19", "0.19"]), ("US", ["0.0725", "0.0725", "0.0725"]), ("FR", ["", "", ""])],
)
def test_the_most_specific_rate_holds(to: str, rates: list[str]) -> None:
    checkout = a_cart(taxed(""), ITEMS, wished({"TEA": 1, "POT": 1, "MAP": 1}, to))
    assert [line.tax_rate for line in checkout.lines] == rates


def test_a_line_says_which_rate_was_applied() -> None:
    why = a_cart(taxed(""), ITEMS, wished({"POT": 1}, "US")).lines[0].tax_why
    assert str(why) == "7.25 %: the rate in CA, US for standard"


def test_tax_is_within_prices_that_include_it() -> None:
    totals = a_cart(taxed(""), ITEMS, wished({"POT": 2})).totals
    assert (totals.subtotal, totals.delivery, totals.tax_added, totals.tax, totals.total) == (6000, 500, 0, 1038, 6500)


def test_tax_is_added_to_prices_that_do_not() -> None:
    totals = a_cart(taxed("prices_include_tax = false"), ITEMS, wished({"POT": 2})).totals
    assert (totals.subtotal, totals.tax_added, totals.tax, totals.total) == (6000, 1235, 1235, 7735)


@pytest.mark.parametrize(
    ("way", "tax"),
    [
        ("standard", 95),
        ("food", 35),
        ("highest", 95),
        ("none", 0),
        # 500 over 1000 of food and 3000 of the rest: 125 at 7 % and 375 at 19 %
        ("as_goods", 9 + 71),
    ],
)
def test_delivery_is_taxed_as_the_plan_says(way: str, tax: int) -> None:
    plan = taxed(f'prices_include_tax = false\ndelivery = "{way}"')
    assert a_cart(plan, ITEMS, wished({"TEA": 1, "POT": 1})).delivery_tax_minor == tax


def test_delivery_of_food_alone_is_taxed_as_food() -> None:
    for way in ("as_goods", "highest"):
        plan = taxed(f'prices_include_tax = false\ndelivery = "{way}"')
        assert a_cart(plan, ITEMS, wished({"TEA": 1})).delivery_tax_minor == 35


def test_by_line_each_tax_is_rounded_and_by_total_the_sum_is() -> None:
    """Three lines of 3.33 at 19 %: 0.6327 each and 1.8981 together."""
    items = [Item(sku, sku, 333, 50) for sku in ("A", "B", "C")]
    found = {}
    for way in ("line", "total"):
        plan = taxed(f'prices_include_tax = false\ndelivery = "none"\nrounding = "{way}"')
        checkout = a_cart(plan, items, wished({"A": 1, "B": 1, "C": 1}))
        found[way] = [line.tax_minor for line in checkout.lines], checkout.totals.tax
    assert found == {"line": ([63, 63, 63], 189), "total": ([64, 63, 63], 190)}


def test_a_total_is_rounded_once_for_each_rate_with_delivery() -> None:
    plan = taxed('prices_include_tax = false\nrounding = "total"')
    checkout = a_cart(plan, ITEMS, wished({"MAP": 1}))
    assert (checkout.totals.tax, checkout.lines[0].tax_minor, checkout.delivery_tax_minor) == (158, 63, 95)
