"""The plan that a new store starts from loads as it is, and its comments cannot rot."""

import re

import pytest

from doorstep.plan.findings import PlanInvalid
from doorstep.plan.keys import PLAN
from doorstep.plan.load import load_plan
from doorstep.plan.sections import Section, Shape
from doorstep.plan.template import new_plan
from doorstep.plan.words import COUNTRIES

_SETTING_IN_A_COMMENT = re.compile(r"^#(?=[a-z\[])", re.MULTILINE)


@pytest.mark.parametrize(
    ("country", "currency"), [("GB", "GBP"), ("US", "USD"), ("JP", "JPY"), ("KW", "KWD"), ("CL", "CLF")]
)
def test_a_new_plan_loads(country: str, currency: str) -> None:
    store = load_plan(new_plan("Mill Lane Tea", country, currency), "plan.toml").store
    assert (store.name, store.country, store.currency) == ("Mill Lane Tea", country, currency)


@pytest.mark.parametrize(("country", "currency"), [("GB", "GBP"), ("US", "USD"), ("JP", "JPY"), ("KW", "KWD")])
def test_a_new_plan_loads_with_every_setting_uncommented(country: str, currency: str) -> None:
    everything = _SETTING_IN_A_COMMENT.sub("", new_plan("Mill Lane Tea", country, currency))
    assert len(load_plan(everything, "plan.toml").shipping.services) == 2


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_a_new_plan_loads_in_every_country(country: str) -> None:
    assert load_plan(new_plan("Mill", country, "EUR"), "plan.toml").locations[0].country == country


@pytest.mark.parametrize("name", ['The "Mill"', "C:\\shop", "# 1", "Teehaus Größe 🫖", "'''", "a = [1]"])
def test_any_name_can_be_written(name: str) -> None:
    assert load_plan(new_plan(name, "GB", "GBP"), "plan.toml").store.name == name


def test_a_country_with_one_time_zone_brings_it_along() -> None:
    assert load_plan(new_plan("Mill", "GB", "GBP"), "plan.toml").store.time_zone == "Europe/London"


def test_a_country_with_several_time_zones_leaves_it_to_the_store() -> None:
    assert '#time_zone = "UTC"' in new_plan("Mill", "US", "USD")


@pytest.mark.parametrize(
    ("name", "country", "currency", "key"),
    [("", "GB", "GBP", "store.name"), ("Mill", "UK", "GBP", "store.country"), ("Mill", "GB", "gbp", "store.currency")],
)
def test_a_new_plan_is_refused_for_what_is_no_store(name: str, country: str, currency: str, key: str) -> None:
    with pytest.raises(PlanInvalid) as caught:
        new_plan(name, country, currency)
    assert [finding.key for finding in caught.value.findings] == [key]


def test_every_setting_is_in_the_template() -> None:
    text = new_plan("Mill", "GB", "GBP")
    missing = [key for key in _settings(PLAN) if not re.search(rf"^#?{key} = ", text, re.MULTILINE)]
    assert missing == []


def test_uncommented_defaults_change_nothing() -> None:
    """Where a comment does not say that it is an example, it shows what holds anyway."""
    text = new_plan("Mill", "GB", "GBP")
    defaults = "\n".join(
        line.removeprefix("#") if "Unless written" not in line and re.match("#[a-z]", line) else line
        for line in text.split("\n#[", maxsplit=1)[0].split("\n")
    )
    plan, changed = load_plan(text, "a"), load_plan(defaults + text[text.index("\n#[") :], "a")
    assert (plan.stock, plan.placement, plan.tax, plan.payment) == (
        changed.stock,
        changed.placement,
        changed.tax,
        changed.payment,
    )


def _settings(section: Section) -> list[str]:
    plain = [key.name for key in section.keys if not isinstance(key.kind, Section) or key.shape is Shape.LIST]
    inner = [name for key in section.keys if isinstance(key.kind, Section) for name in _settings(key.kind)]
    within = {"weight_grams_max", "rate", "tax_class", "region", "id", "zone"}
    return [name for name in [*plain, *inner] if name not in within]
