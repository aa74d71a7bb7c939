"""Settings that are right alone and wrong together."""

from datetime import date

import pytest

from doorstep.plan.load import load_plan
from tests.unit.plan.plans import PLAN, findings_in, only_finding_in, spoiled

_RATES = "shipping.services.standard.rates"


def test_a_rate_into_a_zone_that_does_not_exist() -> None:
    finding = only_finding_in(spoiled(f"[{_RATES}.home]", f"[{_RATES}.hone]"))
    assert (finding.line, finding.key) == (19, f"{_RATES}.hone")
    assert str(finding).endswith('There is no zone "hone". Did you mean `home`?')


def test_two_zones_for_the_rest_of_the_world() -> None:
    finding = only_finding_in(spoiled("[shipping.zones.world]", "[shipping.zones.world]\n[shipping.zones.far]"))
    assert (finding.line, finding.key) == (19, "shipping.zones.far")


def test_a_zone_with_faulty_countries_is_not_the_rest_of_the_world() -> None:
    assert (
        only_finding_in(spoiled('countries = ["GB"]', 'countries = ["UK"]')).key == "shipping.zones.home.countries[0]"
    )


@pytest.mark.parametrize("weight", ["2000", "1500"])
def test_bands_that_do_not_ascend(weight: str) -> None:
    finding = only_finding_in(spoiled("5000", weight))
    assert (finding.line, finding.key) == (24, f"{_RATES}.world.bands[1].weight_grams_max")


def test_a_rate_without_a_price() -> None:
    finding = only_finding_in(spoiled('price = "4.95"', "transit_days = 2"))
    assert (finding.line, finding.message) == (19, "This rate has no price.")


def test_a_rate_without_bands() -> None:
    text = spoiled('price = "4.95"', "bands = []")
    assert only_finding_in(text).line == 20


def test_a_rate_with_a_price_and_bands() -> None:
    finding = only_finding_in(spoiled("bands = [", 'price = "1"\nbands = ['))
    assert (finding.line, finding.key) == (22, f"{_RATES}.world.price")


def test_further_kilograms_of_a_flat_price() -> None:
    finding = only_finding_in(spoiled('price = "4.95"', 'price = "4.95"\neach_further_kg = 1'))
    assert (finding.line, finding.key) == (21, f"{_RATES}.home.each_further_kg")


def test_a_payment_method_for_no_amount() -> None:
    finding = only_finding_in(spoiled('"sandbox"', '"sandbox"\namount_min = 10\namount_max = 5'))
    assert (finding.line, finding.key) == (17, "payment.methods.card.amount_max")


def test_two_tax_rates_for_one_country_and_class() -> None:
    finding = only_finding_in(spoiled('"DE"', '"GB"'))
    assert (finding.line, finding.key) == (12, "tax.rates[1]")
    assert finding.message == "This country and class have a rate already on line 11."


def test_a_region_has_rates_of_its_own() -> None:
    for region in ("CA", "ca"):
        text = spoiled(
            '"DE", rate', f'"US", region = "CA", rate = "0.07" }},\n  {{ country = "US", region = "{region}", rate'
        )
        assert only_finding_in(text).message == "This country, region and class have a rate already on line 12."
    assert load_plan(spoiled('"DE", rate', '"GB", region = "Kent", rate'), "plan.toml").tax.rates[1].region == "Kent"


def test_a_tax_engine_decides_itself_who_pays_none() -> None:
    finding = only_finding_in(spoiled("[tax]", '[tax]\nprovider = "acme"\nzero_rate_business = true'))
    assert (finding.line, finding.key) == (11, "tax.zero_rate_business")


def test_delivery_taxed_by_a_class_without_a_rate() -> None:
    finding = only_finding_in(spoiled("[tax]", '[tax]\ndelivery = "as_good"'))
    assert (finding.line, finding.key) == (10, "tax.delivery")
    assert str(finding).endswith('No rate is for the class "as_good". Did you mean `as_goods`?')


@pytest.mark.parametrize(
    ("code", "key", "message"),
    [
        ("percent = 10\namount = 5", "amount", "This code has `percent` and `amount`."),
        ("minimum = 5", "", "This code takes nothing off."),
        ("percent = 5\nvalid_from = 2026-05-02\nvalid_until = 2026-05-01", "valid_until", "The code ends before it"),
        ("percent = 101", "percent", "101 is not a percentage above 0 and up to 100."),
        ("percent = 0", "percent", "0 is not a percentage"),
        ("percent = 1\nvalid_from = 2026-02-20T10:00:00", "valid_from", "2026-02-20 10:00:00 is not a day."),
        ('percent = 1\nvalid_from = "2026-02-30"', "valid_from", 'There is no day "2026-02-30".'),
        ('percent = 1\nonly = ["*-GIFT"]', "only[0]", '"*-GIFT" has a * that is not at its end.'),
    ],
)
def test_a_discount_code_that_makes_no_sense(code: str, key: str, message: str) -> None:
    text = f"{PLAN}[discounts.SPRING]\n{code}\n"
    finding = only_finding_in(text)
    assert finding.key == f"discounts.SPRING.{key}".rstrip(".")
    assert finding.message.startswith(message)


def test_two_discount_codes_that_differ_in_their_capitals_alone() -> None:
    finding = only_finding_in(f"{PLAN}[discounts.SPRING]\npercent = 5\n[discounts.Spring]\npercent = 6")
    assert (finding.line, finding.key) == (28, "discounts.Spring")


def test_a_discount_code_is_read_exactly() -> None:
    code = 'percent = 12.5\nvalid_until = "2026-12-24"\nat_most = 50\nonly = ["MUG-*"]'
    (found,) = load_plan(f"{PLAN}[discounts.SPRING]\n{code}\n", "plan.toml").discounts
    assert (found.id, found.percent, found.at_most, found.only) == ("SPRING", "12.5", 5000, ("MUG-*",))
    assert found.valid_until == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("named", "array"),
    [
        ("[locations.main]", "locations"),
        ("[payment.methods.card]", "payment.methods"),
        ("[shipping.zones.home]", "shipping.zones"),
    ],
)
def test_an_id_that_is_used_twice_as_a_table(named: str, array: str) -> None:
    finding = only_finding_in(f"{PLAN}{named}")
    assert (finding.line, finding.key) == (26, named.strip("[]"))
    assert finding.message.startswith("This is given twice, first on line ")
    assert finding.key.startswith(array)


def test_an_id_that_is_used_twice_in_an_array_of_tables() -> None:
    text = spoiled("[locations.main]", '[[locations]]\nid = "main"\n[[locations]]\nid = "main"')
    finding = only_finding_in(text)
    assert (finding.line, finding.key) == (7, "locations[1]")
    assert finding.message == '"main" is given twice, first on line 5.'


def test_a_service_id_that_is_used_twice() -> None:
    assert only_finding_in(f'{PLAN}[shipping.services.standard]\nname = "A"\n[shipping.services.standard]').line == 28


def test_all_problems_are_reported_at_once() -> None:
    text = spoiled("hold_minutes", "hold_minute").replace('"GBP"', '"GPB"').replace('"4.95"', '"-1"')
    assert [finding.line for finding in findings_in(text)] == [4, 8, 20]


def test_stock_is_never_held_for_longer_than_at_the_longest() -> None:
    finding = only_finding_in(spoiled("hold_minutes = 20", "hold_minutes = 60\nhold_minutes_max = 59"))
    assert (finding.key, finding.message) == ("stock.hold_minutes_max", "This is below `hold_minutes`, 60.")


@pytest.mark.parametrize(("minutes", "longest"), [(45, 120), (180, 180)])
def test_the_longest_hold_is_no_shorter_than_one(minutes: int, longest: int) -> None:
    plan = load_plan(spoiled("hold_minutes = 20", f"hold_minutes = {minutes}"), "plan.toml")
    assert plan.stock.hold_minutes_max == longest
