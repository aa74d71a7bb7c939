"""What a plan's text becomes."""

from datetime import time
from pathlib import Path

import pytest

from doorstep.plan.findings import PlanInvalid
from doorstep.plan.load import load_plan, read_plan
from doorstep.plan.records import RateBand, StockRules
from doorstep.plan.reference import SMALLEST
from doorstep.plan.shipping_keys import FLAT_WEIGHT_GRAMS_MAX
from tests.unit.plan.plans import PLAN, spoiled


def test_the_smallest_plan_loads_with_defaults() -> None:
    assert load_plan(SMALLEST, "plan.toml").stock == StockRules()


def test_a_location_is_in_the_stores_country_unless_it_says_otherwise() -> None:
    assert load_plan(SMALLEST, "plan.toml").locations[0].country == "GB"


def test_a_name_that_is_not_given_is_the_id_in_words() -> None:
    plan = load_plan(SMALLEST.replace("locations.main", "locations.back_room"), "plan.toml")
    assert plan.locations[0].name == "Back room"


def test_one_price_is_a_band_for_any_weight() -> None:
    (rate,) = load_plan(SMALLEST, "plan.toml").shipping.services[0].rates
    assert rate.bands == (RateBand(weight_grams_max=FLAT_WEIGHT_GRAMS_MAX, price=495),)


def test_locations_keep_the_order_of_the_file() -> None:
    plan = load_plan(spoiled("[locations.main]", "[locations.z]\n[locations.a]"), "plan.toml")
    assert [location.id for location in plan.locations] == ["z", "a"]


def test_an_array_of_tables_says_the_same_as_named_tables() -> None:
    listed = load_plan(spoiled("[locations.main]", '[[locations]]\nid = "main"'), "plan.toml")
    assert listed.locations == load_plan(PLAN, "plan.toml").locations


@pytest.mark.parametrize(("written", "minor"), [('"4.95"', 495), ("4.95", 495), ("5", 500), ('"0"', 0), ("1.10", 110)])
def test_amounts_are_read_exactly(written: str, minor: int) -> None:
    plan = load_plan(spoiled('"4.95"', written), "plan.toml")
    assert plan.shipping.services[0].rates[0].bands[0].price == minor


def test_amounts_have_the_digits_of_the_currency() -> None:
    text = spoiled('"GBP"', '"JPY"').replace('"4.95"', "495").replace(".00", "")
    assert load_plan(text, "plan.toml").shipping.services[0].rates[0].bands[0].price == 495


@pytest.mark.parametrize("written", ['"16:30"', "16:30:00"])
def test_times_are_read_from_text_and_from_toml_times(written: str) -> None:
    plan = load_plan(spoiled('"14:00"', written), "plan.toml")
    assert plan.locations[0].cut_off == time(16, 30)


@pytest.mark.parametrize("written", ['"0.20"', "0.20"])
def test_rates_keep_their_exact_decimal(written: str) -> None:
    assert load_plan(spoiled('"0.20"', written), "plan.toml").tax.rates[0].rate == "0.20"


def test_the_version_names_the_exact_text() -> None:
    assert load_plan(PLAN, "a.toml").version == load_plan(PLAN, "b.toml").version


def test_another_text_has_another_version() -> None:
    assert load_plan(PLAN, "plan.toml").version != load_plan(PLAN + "\n", "plan.toml").version


def test_the_version_is_sixteen_hexadecimal_digits() -> None:
    version = load_plan(PLAN, "plan.toml").version
    assert len(version) == 16
    assert set(version) <= set("0123456789abcdef")


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_bytes(b"\xef\xbb\xbf" + PLAN.encode())
    assert read_plan(tmp_path / "plan.toml") == load_plan(PLAN, "plan.toml")


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(PlanInvalid, match="No such file"):
        read_plan(tmp_path / "plan.toml")


def test_a_file_that_is_not_utf8_is_a_finding_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_bytes(PLAN.replace("Tea", "Thé").encode("latin-1"))
    with pytest.raises(PlanInvalid) as caught:
        read_plan(tmp_path / "plan.toml")
    assert caught.value.findings[0].line == 2
