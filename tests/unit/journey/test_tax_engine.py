"""Where an engine works out the tax: what it is asked, whose figures hold, and until when."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState, Complete, refusal
from doorstep.journey.placement.model.outside import Outside, TaxQuote
from doorstep.journey.placement.model.pricing import priced
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.plug.tax import LineTax, TaxOutcome, TaxVerdict, is_whole
from tests.unit.journey.a_cart import NOON, a_cart, a_market, a_plan, wished

ITEMS = (Item("TEA", "Tea", 1000, 100), Item("POT", "Pot", 3000, 900))
_RULES = '[tax]\nprices_include_tax = false\nprovider = "sandbox-tax"\nrates = [{ country = "US", rate = "0.05" }]\n'
PLAN = a_plan(_RULES)
STRICT = a_plan(f'{_RULES}when_unavailable = "refuse"\n')
OUTCOME = TaxOutcome(
    verdict=TaxVerdict.QUOTED, lines=(LineTax(1, 73, "0.073"), LineTax(2, 218, "0.0725")), delivery_tax_minor=31
)
CART = wished({"TEA": 1, "POT": 1}, "US", "12-345")


def asked() -> Checkout:
    return a_cart(PLAN, ITEMS, CART)


def answered(outcome: TaxOutcome = OUTCOME) -> Checkout:
    """The checkout after an answer that holds for an hour."""
    checkout = asked()
    assert checkout.outside.tax_wanted is not None
    quote = TaxQuote(checkout.outside.tax_wanted, outcome, NOON + timedelta(hours=1))
    return priced(replace(checkout, outside=Outside(tax=quote)), a_market(ITEMS), PLAN)


def test_the_request_says_all_that_matters() -> None:
    wanted = asked().outside.tax_wanted
    assert wanted is not None
    assert [(line.sku, line.amount_minor) for line in wanted.lines] == [("TEA", 1000), ("POT", 3000)]
    assert (wanted.delivery_minor, wanted.tax_id, wanted.prices_include_tax) == (500, "12-345", False)
    assert (wanted.destination.country, wanted.destination.postcode, wanted.origin.country) == ("US", "95113", "DE")


def test_until_there_is_an_answer_the_table_holds() -> None:
    checkout = asked()
    assert (checkout.totals.tax, checkout.outside.is_estimated, checkout.state) == (225, True, CheckoutState.READY)


def test_then_its_figures_hold() -> None:
    checkout = answered()
    assert (checkout.totals.tax, checkout.totals.total, checkout.delivery_tax_minor) == (322, 4822, 31)
    assert [line.tax_rate for line in checkout.lines] == ["0.073", "0.0725"]
    assert (str(checkout.lines[0].tax_why), checkout.outside.is_estimated) == ("worked out by sandbox-tax", False)


def test_another_cart_wants_another_answer() -> None:
    checkout = answered()
    more = replace(checkout.wishes, lines=(LineWish("TEA", 2), LineWish("POT", 1)))
    after = priced(replace(checkout, wishes=more), a_market(ITEMS), PLAN)
    assert (after.outside.is_estimated, after.totals.tax) == (True, 275)


def test_a_change_that_has_nothing_to_do_with_tax_wants_none() -> None:
    checkout = answered()
    after = priced(replace(checkout, wishes=replace(checkout.wishes, note="Hello")), a_market(ITEMS), PLAN)
    assert (after.outside.is_estimated, after.totals.tax) == (False, 322)


def test_an_answer_holds_for_its_time() -> None:
    late = replace(a_market(ITEMS), at=NOON + timedelta(hours=1))
    assert priced(answered(), late, PLAN).outside.is_estimated


@pytest.mark.parametrize(("minutes", "code"), [(59, None), (60, "quote_expired")])
def test_nothing_is_sold_by_an_answer_that_is_too_old(minutes: int, code: str | None) -> None:
    checkout = answered()
    wish = Complete(checkout.id, NOON + timedelta(minutes=minutes), "key", checkout.totals.total)
    error = refusal(checkout, wish)
    assert (error and error.code) == code


def test_the_plan_may_sell_nothing_without_an_answer() -> None:
    checkout = a_cart(STRICT, ITEMS, CART)
    assert ([one.kind for one in checkout.problems], checkout.state) == (["tax_unavailable"], CheckoutState.INCOMPLETE)


def test_without_an_address_nothing_is_asked() -> None:
    assert a_cart(STRICT, ITEMS, replace(CART, address=None)).outside == Outside()


@pytest.mark.parametrize(
    "outcome",
    [
        TaxOutcome(verdict=TaxVerdict.UNAVAILABLE),
        replace(OUTCOME, lines=OUTCOME.lines[:1]),
        replace(OUTCOME, lines=(*OUTCOME.lines, LineTax(2, 1))),
        replace(OUTCOME, lines=(LineTax(1, -1), LineTax(2, 1))),
        replace(OUTCOME, delivery_tax_minor=-1),
    ],
)
def test_an_answer_with_gaps_is_none(outcome: TaxOutcome) -> None:
    wanted = asked().outside.tax_wanted
    assert wanted is not None
    assert not is_whole(outcome, wanted)
    assert is_whole(OUTCOME, wanted)


def test_tax_within_a_price_is_not_more_than_the_price() -> None:
    wanted = asked().outside.tax_wanted
    assert wanted is not None
    within = replace(wanted, prices_include_tax=True)
    assert not is_whole(replace(OUTCOME, delivery_tax_minor=501), within)
