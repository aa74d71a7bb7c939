"""What people who buy are asked, before an order is placed and after: kinds of questions, and their states. Pure."""

from enum import StrEnum

from doorstep.kernel.states import StateTable


class QuestionKind(StrEnum):
    """What kind of answer a question wants.

    One of several alternatives, a yes to a total, a field, an approval at the bank, one of several ways of delivery.
    """

    CHOOSE_ALTERNATIVE = "choose_alternative"
    CONFIRM_TOTAL = "confirm_total"
    GIVE_FIELD = "give_field"
    APPROVE_PAYMENT = "approve_payment"
    CONFIRM_DELIVERY = "confirm_delivery"


class QuestionState(StrEnum):
    """The states of a question."""

    ASKED = "asked"
    ANSWERED = "answered"
    DEFAULTED = "defaulted"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


_Q = QuestionState
QUESTION = StateTable(
    "Question",
    start=_Q.ASKED,
    ends=(_Q.ANSWERED, _Q.DEFAULTED, _Q.WITHDRAWN, _Q.SUPERSEDED),
    rows=(
        (_Q.ASKED, "answer", _Q.ANSWERED),
        (_Q.ASKED, "default", _Q.DEFAULTED),
        (_Q.ASKED, "withdraw", _Q.WITHDRAWN),
        (_Q.ASKED, "supersede", _Q.SUPERSEDED),
    ),
)
