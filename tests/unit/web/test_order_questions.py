"""What the customer of an order is asked has the form that a checkout's questions have."""

from datetime import timedelta
from typing import Any

import pytest

from doorstep.journey import facts as f
from doorstep.web.api.question_views import order_question_views
from tests.laws.stories import NOON, an_order, tell

ORDER = an_order(1)
UNTIL = NOON + timedelta(days=3)
ASKED = tell(
    f.QuestionAsked,
    ORDER,
    2,
    question_id="que_1",
    case_id="case_1",
    options=("refund", "wait"),
    default="refund",
    deadline=UNTIL,
)


def answered(by: str) -> Any:
    return tell(f.QuestionAnswered, ORDER, 3, question_id="que_1", answer="wait", by=by, payment_id="P", value=0)


def test_an_open_question_says_what_can_be_answered_and_by_when() -> None:
    (view,) = order_question_views([ASKED])
    assert (view.kind, view.state, view.default, view.deadline) == ("choose_alternative", "asked", "refund", UNTIL)
    assert {one.id: one.label for one in view.options} == {
        "refund": "Give me my money back",
        "wait": "Wait until the parcel is found",
    }
    assert view.text == "A parcel of your order was lost on its way. What would you like us to do?"


@pytest.mark.parametrize(("by", "state"), [("customer", "answered"), ("default", "defaulted")])
def test_a_question_says_how_it_ended(by: str, state: str) -> None:
    assert [view.state for view in order_question_views([ASKED, answered(by)])] == [state]
