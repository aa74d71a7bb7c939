"""A checkout can be paid by the methods that the plan offers for its country and its total, in the store's currency."""

import pytest

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout
from tests.unit.journey.a_cart import a_cart, a_plan, wished

_PLAN = a_plan(
    """
[payment.methods.invoice]
name = "Invoice"
provider = "sandbox"
countries = ["DE"]
amount_min = "20"
amount_max = "100"
[payment.methods.pounds]
provider = "sandbox"
currencies = ["GBP"]
"""
)


def bought(count: int, to: str = "DE", method: str | None = "invoice", currency: str | None = None) -> Checkout:
    """A checkout for some mugs at 10 each, delivered for 5."""
    cart = wished({"MUG": count}, to, method=method, currency=currency)
    return a_cart(_PLAN, [Item("MUG", "Mug", 1000, 300)], cart)


@pytest.mark.parametrize(
    ("count", "to", "ids"),
    [(1, "DE", ["card"]), (2, "DE", ["card", "invoice"]), (10, "DE", ["card"]), (2, "GB", ["card"])],
)
def test_the_methods_are_those_for_the_country_and_the_total(count: int, to: str, ids: list[str]) -> None:
    assert [one.id for one in bought(count, to).methods] == ids


def test_a_method_is_possible_from_its_least_to_its_most() -> None:
    assert [bought(count).problems == () for count in (1, 2, 9, 10)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("method", "kind"), [(None, "field_missing"), ("invoice", "method_not_offered"), ("shells", "unknown_method")]
)
def test_what_is_possible_is_said_with_what_is_not(method: str | None, kind: str) -> None:
    (problem,) = bought(1, method=method).problems
    assert (problem.kind, problem.path, [one.id for one in problem.options]) == (kind, "method", ["card"])


def test_a_currency_in_which_nothing_is_sold_is_said() -> None:
    (problem,) = bought(2, currency="USD").problems
    assert (problem.kind, problem.path) == ("currency_not_offered", "currency")
    assert bought(2, currency="EUR").problems == ()
