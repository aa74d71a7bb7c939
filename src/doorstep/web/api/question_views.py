"""Questions as the API shows them, those about a checkout and those about an order: one form for both."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.asking import QuestionKind, QuestionState
from doorstep.journey.care.model import CHOICES, LOST, state_after
from doorstep.journey.facts import Fact, QuestionAnswered, QuestionAsked
from doorstep.journey.overview.story import PaymentStep
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.questions import Question, questions_of
from doorstep.kernel.phrase import phrase
from doorstep.web.api.checkout_parts import FieldView, OptionView, Say, field_view, options_view

_APPROVE = phrase("Please approve the payment at your bank.")


class QuestionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question: of which kind, about what, in words, and what can be answered.

    That is the id of one of `options`, or a value for `field`; what is approved at `redirect_url` is not answered here.
    At the `deadline`, if there is one, `default` is what happens.
    """

    id: str
    kind: QuestionKind
    state: QuestionState
    text: str
    path: str = ""
    options: tuple[OptionView, ...] = ()
    field: FieldView | None = None
    redirect_url: str = ""
    default: str = ""
    deadline: datetime | None = None


def question_views(checkout: Checkout, payment: PaymentStep | None, say: Say = str) -> tuple[QuestionView, ...]:
    """What the shopper of a checkout is asked, at the bank too."""
    return (*(question_view(one, say) for one in questions_of(checkout)), *_approval(payment, say))


def question_view(question: Question, say: Say = str) -> QuestionView:
    """An open question, in words."""
    return QuestionView(
        id=question.id,
        kind=question.kind,
        state=QuestionState.ASKED,
        text=say(question.message),
        path=question.path,
        options=options_view(question.options, say),
        field=field_view(question.field, say) if question.field else None,
        default=question.default,
        deadline=question.deadline,
    )


def _approval(payment: PaymentStep | None, say: Say) -> Iterable[QuestionView]:
    if payment and payment.state == "action_required" and payment.action_url:
        yield QuestionView(
            id=f"{QuestionKind.APPROVE_PAYMENT}-{payment.attempts}",
            kind=QuestionKind.APPROVE_PAYMENT,
            state=QuestionState.ASKED,
            text=say(_APPROVE),
            redirect_url=payment.action_url,
        )


def order_question_views(facts: Iterable[Fact], say: Say = str) -> tuple[QuestionView, ...]:
    """What the customer of an order was asked, and how it ended, the oldest first."""
    told = tuple(facts)
    answers = {one.question_id: one for one in told if isinstance(one, QuestionAnswered)}
    asked = (one for one in told if isinstance(one, QuestionAsked))
    return tuple(_about_order(one, answers.get(one.question_id), say) for one in asked)


def _about_order(asked: QuestionAsked, answered: QuestionAnswered | None, say: Say) -> QuestionView:
    return QuestionView(
        id=asked.question_id,
        kind=QuestionKind.CHOOSE_ALTERNATIVE,
        state=state_after(answered),
        text=say(LOST),
        options=tuple(OptionView(one, say(CHOICES[one])) for one in asked.options),
        default=asked.default,
        deadline=asked.deadline,
    )


def ended(view: QuestionView, checkout: Checkout) -> QuestionView:
    """A question that was open, as it ended: only its name and how."""
    state = next((one.state for one in reversed(checkout.closed) if one.id == view.id), QuestionState.WITHDRAWN)
    return QuestionView(id=view.id, kind=view.kind, state=state, text="", deadline=view.deadline)


def public(view: QuestionView) -> QuestionView:
    """A question as it is announced: without the address at which a payment is approved, which is read."""
    return replace(view, redirect_url="")
