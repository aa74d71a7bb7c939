"""Customers are written to in their own language, if the store speaks it."""

import re

import pytest
from msgspec.structs import replace

from doorstep.journey.facts import OrderConfirmed
from doorstep.journey.notices import TEXTS, Text, language_of, notice
from doorstep.plan.records import Plan
from tests.unit.journey.a_tale import ORDER, PLAN, Tale

_SPEAKS = replace(PLAN, store=replace(PLAN.store, languages=("en", "de-AT")))


def named(text: str) -> set[str]:
    """What is filled in to a text."""
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("text", TEXTS.values(), ids=lambda text: text.name)
def test_a_notice_says_the_same_in_each_language(text: Text) -> None:
    said = text.said
    assert set(said) == {"en", "de"}
    assert len({(frozenset(named(one.subject)), frozenset(named(one.body))) for one in said.values()}) == 1


@pytest.mark.parametrize(
    ("locale", "plan", "language"),
    [
        ("en-GB", PLAN, "en"),
        ("de-DE", PLAN, "en"),
        ("de-DE", _SPEAKS, "de"),
        ("DE", _SPEAKS, "de"),
        ("fr", _SPEAKS, "en"),
        ("fr", replace(PLAN, store=replace(PLAN.store, languages=("fr", "de"))), "de"),
        ("fr", replace(PLAN, store=replace(PLAN.store, languages=("fr",))), "en"),
    ],
)
def test_the_language_is_the_customers_if_the_store_speaks_it(locale: str, plan: Plan, language: str) -> None:
    assert language_of(replace(ORDER, locale=locale), plan) == language


def test_a_german_customer_reads_german() -> None:
    (confirmed,) = [fact for fact in Tale().confirmed().facts if isinstance(fact, OrderConfirmed)]
    told = notice(confirmed, replace(ORDER, locale="de-DE"), _SPEAKS, has_page=True)
    assert told is not None
    assert told.subject == f"Ihre Bestellung {ORDER.number} ist bestätigt"
    assert "Alles zu Ihrer Bestellung: (link)" in told.text
