"""Every decision can be asked why, and every reason has its words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.overview.why import WHY_TEXTS, Why, english, whys
from doorstep.plan.records import Plan
from tests.laws.stories import NOON, an_order, tell
from tests.stores.a_ledger import IN_FORCE, LATER

ORDER = replace(an_order(3), service=IN_FORCE.shipping.services[0].id)
WHOLE, SPLIT = (f.Promise("F1", "north", ((1, 3),)),), (f.Promise("F1", "north", ()), f.Promise("F2", "south", ()))
MONEY: dict[str, Any] = {"payment_id": "P", "amount": 700, "grant_id": "G"}
SHORT = tell(f.UnitsShort, ORDER, 1, pick_id="K", fulfillment_id="F", location="north", units=((1, 2),), reason="gone")
GONE: dict[str, Any] = {"units": ((1, 2),), "released": (), "payment_id": "P", "value": 1, "reason": "not in stock"}
ASKED: dict[str, Any] = {"question_id": "Q", "answer": "refund", "payment_id": "P", "value": 1}


def limit(amount: int) -> Plan:
    return replace(IN_FORCE, payment=replace(IN_FORCE.payment, review_over=amount))


def reasons(*facts: f.Fact, plan: Plan = IN_FORCE) -> list[Why]:
    return list(whys(ORDER, facts, plan)[-1][1])


def confirmed(promises: tuple[f.Promise, ...], capture: int = 0) -> Any:
    return tell(f.OrderConfirmed, ORDER, payment_id="P", capture=capture, promises=promises, release_at=LATER)


@pytest.mark.parametrize(
    ("facts", "code", "setting"),
    [
        ([confirmed(WHOLE)], "confirmed_whole", ""),
        ([confirmed(SPLIT)], "confirmed_split", "placement.deliveries_max"),
        ([tell(f.OrderRejected, ORDER, payment_id="P", reason="a bad address")], "rejected", ""),
        ([SHORT, tell(f.UnitsCanceled, ORDER, 2, request_id="K", **GONE)], "canceled_short", "fulfillment.when_short"),
        ([SHORT, tell(f.UnitsCanceled, ORDER, 2, request_id="C", **GONE)], "canceled", ""),
        ([tell(f.RefundGranted, ORDER, goods=700, reason="returned", **MONEY)], "refund_goods", ""),
        ([tell(f.RefundGranted, ORDER, goods=200, reason="returned", **MONEY)], "refund_with_delivery", ""),
        ([tell(f.RefundGranted, ORDER, goods=0, reason="goodwill", **MONEY)], "refund_goodwill", ""),
        ([tell(f.QuestionAnswered, ORDER, by="default", **ASKED)], "question_defaulted", "promises.answer_days"),
    ],
)
def test_a_decision_has_its_reason(facts: list[f.Fact], code: str, setting: str) -> None:
    assert [(why.code, why.setting) for why in reasons(*facts)] == [(code, setting)]


def test_a_hold_names_the_limit_that_would_have_let_it_pass() -> None:
    held = tell(f.OrderHeld, ORDER, reason="x", until=NOON + timedelta(days=2))
    (why,) = reasons(held, plan=limit(100))
    assert (why.setting, why.value, dict(why.params)["total"]) == ("payment.review_over", "100", ORDER.total_minor)


def test_taking_the_money_is_a_reason_of_its_own() -> None:
    assert [why.setting for why in reasons(confirmed(WHOLE, capture=5))] == ["", "payment.capture"]


def test_a_reason_is_said_with_all_its_parameters() -> None:
    said = english(reasons(confirmed(SPLIT))[0])
    assert said.startswith("Confirmed from north, south: ")
    assert not re.search(r"[{}]", said)


def test_every_text_is_a_sentence() -> None:
    assert all(text[0].isupper() or text[0] == "{" for text in WHY_TEXTS.values())
    assert all(text.endswith(".") for text in WHY_TEXTS.values())
