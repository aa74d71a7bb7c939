"""A business of another EU country than the store's accounts for the tax itself; a wrong number is said."""

import pytest

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout
from tests.unit.journey.a_cart import a_cart, a_plan, wished

POT = Item("POT", "Pot", 2400, 900)
GERMAN, FRENCH, GREEK = "DE136695976", "FR83404833048", "EL094259216"
_RATES = 'rates = [{ country = "FR", rate = "0.20" }, { country = "DE", rate = "0.19" }]'


def bought(tax_id: str, to: str = "FR", rules: str = "zero_rate_business = true", country: str = "DE") -> Checkout:
    plan = a_plan(f"[tax]\n{rules}\n{_RATES}\n", country=country, delivery="6")
    return a_cart(plan, [POT], wished({"POT": 3}, to, tax_id))


def test_prices_that_include_tax_become_net_prices() -> None:
    checkout = bought(FRENCH)
    assert (checkout.lines[0].unit_price_minor, checkout.lines[0].total_minor) == (2000, 6000)
    assert (checkout.totals.delivery, checkout.totals.tax, checkout.totals.total) == (500, 0, 6500)


def test_prices_without_tax_stay_as_they_are() -> None:
    checkout = bought(FRENCH, rules="zero_rate_business = true\nprices_include_tax = false")
    assert (checkout.totals.subtotal, checkout.totals.tax, checkout.totals.total) == (7200, 0, 7800)


def test_the_line_says_so() -> None:
    why = bought(FRENCH).lines[0].tax_why
    assert str(why) == "no tax: the business accounts for it itself (reverse charge)"


@pytest.mark.parametrize("tax_id", ["83404833048", "fr 83 404 833 048", GREEK])
def test_a_number_may_lack_its_prefix_and_be_of_any_other_member_state(tax_id: str) -> None:
    assert bought(tax_id).totals.tax == 0


@pytest.mark.parametrize(
    ("tax_id", "to", "country"),
    [
        (GERMAN, "FR", "DE"),  # the store's own country
        (FRENCH, "DE", "DE"),  # the goods stay in the country
        ("", "FR", "DE"),
        ("FR00000000000", "FR", "DE"),  # its checksum is wrong
        (FRENCH, "FR", "GB"),  # the store is not in the EU
    ],
)
def test_all_others_pay_the_tax(tax_id: str, to: str, country: str) -> None:
    assert bought(tax_id, to, country=country).totals.tax > 0


def test_the_plan_must_want_it() -> None:
    assert bought(FRENCH, rules="").totals.tax == 1300


def test_a_wrong_number_is_a_problem_that_says_what_one_looks_like() -> None:
    (problem,) = bought("FR00000000000").problems
    assert (problem.kind, problem.path) == ("bad_tax_id", "buyer.tax_id")
    assert problem.field is not None
    assert (str(problem.field.label), problem.field.example) == ("VAT number", FRENCH)


@pytest.mark.parametrize(("to", "rules"), [("US", "zero_rate_business = true"), ("FR", "")])
def test_where_numbers_change_nothing_none_is_wrong(to: str, rules: str) -> None:
    assert bought("anything", to, rules).problems == ()
