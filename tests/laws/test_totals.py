"""What a checkout comes to is the sum of its parts, to the cent, whatever the rates, the codes and the currency."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.order import CodeDiscount
from doorstep.journey.placement.model.breakdown import breakdown
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.journey.placement.model.placing import order
from doorstep.kernel.money import format_minor
from doorstep.plan.price_records import Discount, Tax, TaxRate, TaxRounding
from doorstep.plan.records import Plan
from tests.unit.journey.a_cart import NOON, a_cart, a_plan, wished

CLASSES, SKUS = ("standard", "food", "books"), ("A-1", "A-2", "B-1", "B-2")
_RATE = st.integers(0, 1_000_000).map(lambda millionths: f"{millionths / 1_000_000:.6f}")
_PRICE = st.integers(0, 10_000) | st.integers(0, 10**9)
_CODE = st.fixed_dictionaries(
    {"free_delivery": st.booleans(), "only": st.sampled_from([(), ("A-*",), ("B-2",)])},
    optional={
        "percent": st.integers(1, 1_000_000).map(lambda parts: f"{parts / 10_000:.4f}"),
        "amount": st.integers(0, 20_000),
        "at_most": st.integers(0, 5_000),
    },
)
_TAX = st.builds(
    Tax,
    prices_include_tax=st.booleans(),
    rates=st.tuples(*(st.builds(TaxRate, country=st.just("FR"), rate=_RATE, tax_class=st.just(c)) for c in CLASSES)),
    delivery=st.sampled_from([*CLASSES, "as_goods", "highest", "none"]),
    rounding=st.sampled_from(TaxRounding),
    zero_rate_business=st.booleans(),
)
_ITEMS = st.tuples(
    *(
        st.builds(Item, st.just(sku), st.just(sku), _PRICE, st.just(1), tax_class=st.sampled_from(CLASSES))
        for sku in SKUS
    )
)
_CART = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 999), min_size=1)


def _discount(name: str, given: dict[str, Any]) -> Discount:
    return Discount(id=name, **{**given, "amount": 0 if "percent" in given else given.get("amount", 0)})


@st.composite
def carts(draw: st.DrawFn) -> tuple[Plan, Checkout]:
    """A plan, and a cart that is priced under it."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    delivery = format_minor(draw(st.integers(0, 5000)), currency)
    codes = tuple(_discount(f"C{place}", given) for place, given in enumerate(draw(st.lists(_CODE, max_size=3))))
    plan = replace(a_plan("", currency=currency, delivery=delivery), tax=draw(_TAX), discounts=codes)
    wishes = wished(draw(_CART), "FR", draw(st.sampled_from(["", "FR83404833048"])), codes=tuple(c.id for c in codes))
    return plan, a_cart(plan, draw(_ITEMS), wishes)


@given(carts())
def test_the_total_is_the_sum_of_its_parts(case: tuple[Plan, Checkout]) -> None:
    totals = case[1].totals
    assert totals.subtotal - totals.discount + totals.delivery + totals.tax_added == totals.total
    assert min(totals.subtotal, totals.discount, totals.delivery, totals.tax_added, totals.tax, totals.total) >= 0


@given(carts())
def test_what_is_shown_adds_up(case: tuple[Plan, Checkout]) -> None:
    parts = breakdown(case[1])
    sums = [part.minor for part in parts if part.kind not in ("tax_within", "total")]
    assert (parts[-1].kind, parts[-1].minor) == ("total", sum(sums))


@given(carts())
def test_lines_and_delivery_are_the_total(case: tuple[Plan, Checkout]) -> None:
    plan, checkout = case
    placed = order(checkout, Complete(checkout.id, NOON, "k", checkout.totals.total), (), 1, plan)
    assert sum(line.total_minor for line in placed.lines) + placed.delivery_minor == placed.total_minor
    assert sum(line.tax_minor for line in placed.lines) + placed.delivery_tax_minor == checkout.totals.tax
    assert 0 <= placed.delivery_tax_minor <= placed.delivery_minor
    assert all(0 <= line.tax_minor <= line.total_minor for line in placed.lines)


@given(carts())
def test_discounts_of_lines_and_of_codes_are_the_same(case: tuple[Plan, Checkout]) -> None:
    _, checkout = case
    codes: tuple[CodeDiscount, ...] = checkout.discounts
    assert sum(line.discount_minor for line in checkout.lines) == sum(one.goods_minor for one in codes)
    assert sum(one.minor for one in codes) == checkout.totals.discount
    assert all(0 <= line.discount_minor <= line.unit_price_minor * line.quantity for line in checkout.lines)


@given(carts())
def test_each_tax_is_that_of_its_rate_but_for_rounding(case: tuple[Plan, Checkout]) -> None:
    """A part differs from its exact share by less than one unit, and by rounding the whole by half of one."""
    plan, checkout = case
    most = Fraction(3, 2) if plan.tax.rounding is TaxRounding.TOTAL else Fraction(1, 2)
    for line in checkout.lines:
        net, rate = line.total_minor - line.tax_minor, Fraction(line.tax_rate or 0)
        exact = line.total_minor * rate / (1 + rate) if plan.tax.prices_include_tax else net * rate
        assert abs(line.tax_minor - exact) <= most
