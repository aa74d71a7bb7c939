"""When an order is due: by its plan's promise for the stage, or an earlier deadline of what waits in it."""

from datetime import timedelta
from typing import Any

from doorstep.journey import facts as f
from doorstep.journey.overview.story import deadline_of, refold
from doorstep.journey.standing import Standing
from tests.laws.stories import NOON, an_order, tell
from tests.stores.a_ledger import IN_FORCE

ORDER = an_order(1)
HELD = tell(f.OrderHeld, ORDER, 2, reason="large", until=NOON + timedelta(minutes=30))


def after(*facts: f.Fact) -> Standing:
    paid = tell(f.PaymentAuthorized, ORDER, 1, payment_id="P", amount=ORDER.total_minor)
    return refold(ORDER, list(enumerate([paid, *facts], 1)))


def minutes(standing: Standing) -> Any:
    found = deadline_of(standing, IN_FORCE)
    return found and (found - NOON) / timedelta(minutes=1)


def test_an_order_is_due_as_the_plan_promises() -> None:
    assert minutes(after()) == 1 + IN_FORCE.promises.confirm_minutes


def test_a_hold_that_ends_earlier_is_the_deadline() -> None:
    assert minutes(after(HELD)) == 30


def test_a_hold_that_is_released_is_no_deadline() -> None:
    released = after(HELD, tell(f.HoldReleased, ORDER, 3, actor="Grace"))
    assert minutes(released) == 3 + IN_FORCE.promises.confirm_minutes


def test_a_case_and_a_question_are_deadlines_until_they_are_settled() -> None:
    told: dict[str, Any] = {"case_id": "case_1", "subject": "par_1"}
    opened = tell(f.CaseOpened, ORDER, 2, reason="lost", deadline=NOON + timedelta(minutes=20), **told)
    until = NOON + timedelta(minutes=10)
    asked = tell(f.QuestionAsked, ORDER, 2, question_id="q", case_id="case_1", options=(), default="", deadline=until)
    answered = tell(f.QuestionAnswered, ORDER, 3, question_id="q", answer="", by="", payment_id="P", value=0)
    closed = tell(f.CaseClosed, ORDER, 4, actor="ada", resolution="found", **told)
    stages = [after(opened, asked), after(opened, asked, answered), after(opened, asked, answered, closed)]
    assert [minutes(one) for one in stages] == [10, 20, 61]


def test_an_order_that_has_ended_is_not_due() -> None:
    assert minutes(after(HELD, tell(f.OrderRejected, ORDER, 3, payment_id="P", reason="no"))) is None
