"""What codes take off, how that is split, and why a code takes nothing off."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.codes.model import customer_key
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.placement.model.pricing import priced
from tests.unit.journey.a_cart import NOON, a_cart, a_checkout, a_market, a_plan, wished

ITEMS = (Item("TEA", "Tea", 1000, 100), Item("POT", "Pot", 3001, 900), Item("GIFT-10", "Gift card", 1000, 1))
CART = {"TEA": 1, "POT": 1}
CODES = """\
[discounts.TEN]
percent = 10
[discounts.FIVER]
amount = 5
[discounts.ALL]
percent = 100
free_delivery = true
[discounts.DOOR]
free_delivery = true
[discounts.TEAS]
percent = 50
only = ["TEA"]
[discounts.GIFTLESS]
percent = 10
excluded = ["GIFT-*"]
[discounts.MOST]
percent = 50
at_most = 3
[discounts.ALONE]
percent = 5
combines = false
[discounts.BIG]
percent = 5
minimum = 50
[discounts.SOON]
percent = 5
valid_from = 2026-05-07
[discounts.OVER]
percent = 5
valid_until = 2026-05-05
[discounts.TODAY]
percent = 5
valid_from = 2026-05-06
valid_until = 2026-05-06
[discounts.FEW]
percent = 5
total = 10
[discounts.ONCE]
percent = 5
per_customer = 1
"""
PLAN = a_plan(CODES)
ADA = customer_key("ADA@example.org ")


def bought(*codes: str, cart: dict[str, int] | None = None, uses: dict[tuple[str, str], int] | None = None) -> Checkout:
    return a_cart(PLAN, ITEMS, wished(cart or CART, codes=codes), uses=uses or {})


def off(checkout: Checkout) -> list[int]:
    return [line.discount_minor for line in checkout.lines]


@pytest.mark.parametrize(
    ("codes", "discounts", "total"),
    [
        (["TEN"], [100, 300], 4501 - 400),
        (["FIVER"], [125, 375], 4501 - 500),
        (["TEAS"], [500, 0], 4501 - 500),
        (["MOST"], [75, 225], 4501 - 300),
        (["DOOR"], [0, 0], 4001),
        (["ALL"], [1000, 3001], 0),
        ([" ten "], [100, 300], 4501 - 400),
        (["TEN", "ten"], [100, 300], 4501 - 400),
        (["TODAY"], [50, 150], 4501 - 200),
    ],
)
def test_a_code_takes_off_to_the_cent(codes: list[str], discounts: list[int], total: int) -> None:
    checkout = bought(*codes)
    assert (off(checkout), checkout.totals.total, checkout.problems) == (discounts, total, ())


def test_several_take_off_in_the_order_given_from_what_is_left() -> None:
    assert bought("TEN", "FIVER").totals.discount == 400 + 500
    assert bought("FIVER", "TEN").totals.discount == 500 + 350


def test_what_each_takes_off_adds_up_and_delivery_is_free_once() -> None:
    checkout = bought("DOOR", "ALL", "TEN")
    assert [(one.code, one.goods_minor, one.delivery_minor) for one in checkout.discounts] == [
        ("DOOR", 0, 500),
        ("ALL", 4001, 0),
        ("TEN", 0, 0),
    ]
    assert (checkout.totals.discount, checkout.totals.delivery, checkout.totals.total) == (4501, 500, 0)


def test_items_are_excluded_by_how_their_sku_begins() -> None:
    assert off(bought("GIFTLESS", cart={"TEA": 1, "GIFT-10": 2})) == [100, 0]


@pytest.mark.parametrize(
    ("codes", "kind", "path", "message"),
    [
        (["NONE"], "code_unknown", "codes[0]", "There is no code NONE."),
        (["soon"], "code_not_yet", "codes[0]", "The code SOON holds from 2026-05-07 on."),
        (["OVER"], "code_ended", "codes[0]", "The code OVER was valid until 2026-05-05."),
        (["BIG"], "code_minimum", "codes[0]", "The code BIG needs 9.99 EUR more of what it is for."),
        (["TEN", "ALONE"], "code_not_combinable", "codes[1]", "The code ALONE cannot be used together with TEN."),
        (["ALONE", "TEN"], "code_not_combinable", "codes[1]", "The code TEN cannot be used together with ALONE."),
        (["FEW"], "code_used_up", "codes[0]", "The code FEW was used up by others."),
        (["ONCE"], "code_used_up", "codes[0]", "You have used the code ONCE as often as you can."),
    ],
)
def test_a_code_that_does_not_hold_says_why_and_blocks(codes: list[str], kind: str, path: str, message: str) -> None:
    checkout = bought(*codes, uses={("few", ""): 10, ("once", ADA): 1})
    (problem,) = checkout.problems
    assert (problem.kind, problem.path, str(problem.message)) == (kind, path, message)
    assert checkout.state is CheckoutState.INCOMPLETE


def test_a_code_for_other_items_says_so() -> None:
    (problem,) = bought("TEAS", cart={"POT": 1}).problems
    assert problem.kind == "code_excluded"


def test_what_others_have_used_does_not_count_for_a_customer() -> None:
    assert bought("ONCE", "FEW", uses={("once", "somebody"): 5, ("once", ""): 5, ("few", ""): 9}).problems == ()


def test_a_day_begins_in_the_store() -> None:
    """At 22:30 UTC it is the next day in Berlin."""
    plan = replace(PLAN, store=replace(PLAN.store, time_zone="Europe/Berlin"))
    late = replace(a_market(ITEMS), at=NOON + timedelta(hours=10, minutes=30))
    problems = [
        priced(a_checkout(wished(CART, codes=(code,)), plan), late, plan).problems for code in ("SOON", "TODAY")
    ]
    assert [[problem.kind for problem in found] for found in problems] == [[], ["code_ended"]]


def test_tax_follows_the_discounted_price() -> None:
    taxed = 'rates = [{ country = "DE", rate = "0.19" }]'
    plan = a_plan(f"[tax]\nprices_include_tax = false\n{taxed}\n{CODES}")
    checkout = a_cart(plan, ITEMS, wished({"TEA": 1}, codes=("TEAS", "DOOR")))
    assert (checkout.totals.tax_added, checkout.totals.total) == (95, 595)


def test_an_email_address_is_one_customer_however_it_is_written() -> None:
    assert customer_key("Ada@Example.ORG") == ADA
    assert customer_key("") == ""
    assert "ada" not in ADA
