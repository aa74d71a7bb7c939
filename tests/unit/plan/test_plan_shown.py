"""A plan as people read it."""

from msgspec.structs import replace

from doorstep.plan.price_records import TaxRate
from doorstep.plan.records import PaymentMethod
from doorstep.plan.shown import Part, parts_of
from tests.stories.shop import PLAN


def _part(title: str, parts: list[Part]) -> dict[str, str]:
    return {one.name: one.value for part in parts if part.title == title for one in part.settings}


def test_what_a_store_chose_is_told_apart() -> None:
    parts = {part.title: part for part in parts_of(PLAN)}
    assert [one.name for one in parts["store"].chosen] == ["name", "country", "currency"]
    assert parts["promises"].chosen == ()


def test_amounts_are_in_the_stores_currency_and_times_are_times() -> None:
    method = PaymentMethod(id="bill", name="Bill", provider="x", amount_max=12_345)
    parts = parts_of(replace(PLAN, payment=replace(PLAN.payment, methods=(method,))))
    assert _part("payment.methods.bill", parts)["amount_max"] == "123.45 GBP"
    assert _part("locations.main", parts)["cut_off"] == "15:00"
    assert _part("stock", parts)["backorder"] == "no"


def test_lists_of_what_has_no_name_stand_in_one_line() -> None:
    rates = (TaxRate(country="GB", rate="0.20"), TaxRate(country="IE", rate="0.23", tax_class="food"))
    parts = parts_of(replace(PLAN, tax=replace(PLAN.tax, rates=rates)))
    said = "country GB, rate 0.20, tax_class standard; country IE, rate 0.23, tax_class food"
    assert _part("tax", parts)["rates"] == said


def test_a_price_for_any_weight_says_so() -> None:
    bands = _part("shipping.services.standard.rates.home", parts_of(PLAN))["bands"]
    assert bands == "weight_grams_max any, price 5.00 GBP"
