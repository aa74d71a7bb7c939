"""What the shopper of an open checkout is asked, and what an answer does. Pure.

Questions follow from what is in the way: only those that are closed are kept, so that a late answer is told why.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.asking import QUESTION, QuestionKind, QuestionState
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.checkout import CHECKOUT, Checkout, CheckoutState
from doorstep.journey.placement.model.offered import Closed
from doorstep.journey.placement.model.offers import chosen, question_id, with_closed
from doorstep.journey.placement.model.problems import Field, Option, Problem
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import CheckoutId
from doorstep.kernel.money import Money
from doorstep.kernel.phrase import Phrase, phrase
from doorstep.plan.records import Plan

ACCEPT = "accept"
_K = QuestionKind
_PARTS: Mapping[str, type[Buyer] | type[Address]] = {
    "buyer": Buyer,
    "address": Address,
    "billing_address": Address,
}
_ALONE = ("service", "method", "delivery")


class Question(Struct, frozen=True, kw_only=True):
    """An open question: of which kind, about what (a path into the checkout), in words, and what can be answered.

    That is one of `options`, or the value of `field`. At the deadline, if there is one, `default` is taken.
    """

    id: str
    kind: QuestionKind
    path: str
    message: Phrase
    options: tuple[Option, ...] = ()
    field: Field | None = None
    default: str = ""
    deadline: datetime | None = None


class Answer(Struct, frozen=True):
    """A shopper's answer: a choice, or a value; the key is the same when it is given again."""

    id: CheckoutId
    at: datetime
    key: str
    question_id: str
    choice: str = ""
    value: str = ""

    @property
    def said(self) -> str:
        """What was answered."""
        return self.choice or self.value


def questions_of(checkout: Checkout) -> tuple[Question, ...]:
    """The open questions of a checkout, in the order of its problems."""
    if checkout.order_id or not CHECKOUT.allows(checkout.state, "found_ready"):
        return ()
    asked = [question for problem in checkout.problems if (question := _question(checkout, problem))]
    return (*asked, *_confirmation(checkout))


def _question(checkout: Checkout, problem: Problem) -> Question | None:
    offering = next((one for one in checkout.offerings if problem.path == f"lines[{one.line}]"), None)
    if problem.kind == "unavailable" and offering:
        return _asked(question_id(offering), _K.CHOOSE_ALTERNATIVE, problem)
    if problem.path in ("service", "delivery") and problem.options:
        return _asked(f"{_K.CONFIRM_DELIVERY}-{problem.path}", _K.CONFIRM_DELIVERY, problem)
    if (problem.field or problem.options) and _is_answerable(problem.path):
        return _asked(f"{_K.GIVE_FIELD}-{problem.path}", _K.GIVE_FIELD, problem)
    return None


def _asked(name: str, kind: QuestionKind, problem: Problem) -> Question:
    return Question(
        id=name,
        kind=kind,
        path=problem.path,
        message=problem.message,
        options=problem.options,
        field=problem.field,
        default=problem.default,
        deadline=problem.deadline,
    )


def _confirmation(checkout: Checkout) -> Iterable[Question]:
    agreed, total = checkout.unconfirmed_minor, checkout.totals.total
    if agreed is None or agreed == total:
        return
    now, before = Money(total, checkout.currency), Money(agreed, checkout.currency)
    yield Question(
        id=f"{_K.CONFIRM_TOTAL}-{total}",
        kind=_K.CONFIRM_TOTAL,
        path="totals.total",
        message=phrase("The total is {now} and not {before} any more. Is that all right?", now=now, before=before),
        options=(Option(ACCEPT, phrase("Yes, that is all right"), total),),
    )


def _is_answerable(path: str) -> bool:
    """Whether a path names one field that can be given by itself."""
    part, _, name = path.partition(".")
    return path in _ALONE or (part in _PARTS and name in _PARTS[part].__struct_fields__)


def judge(checkout: Checkout | None, answer: Answer) -> Question | DoorstepError | None:
    """The question that is answered; None when this very answer was taken before; or why it cannot be taken."""
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {answer.id}.")
    if earlier := next((one for one in checkout.closed if one.key == answer.key), None):
        is_same = (earlier.id, earlier.said) == (answer.question_id, answer.said)
        return None if is_same else Conflict("key_reused", "This Idempotency-Key was used with another body before.")
    if checkout.state is CheckoutState.EXPIRED or checkout.expires_at <= answer.at:
        return Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
    question = next((one for one in questions_of(checkout) if one.id == answer.question_id), None)
    if question is None:
        return _closed(checkout, answer)
    if question.deadline and question.deadline <= answer.at:
        return Conflict("question_expired", "The time to answer this question has passed.")
    return _wrong(question, answer) or question


def _closed(checkout: Checkout, answer: Answer) -> DoorstepError:
    """Why a question that is not open cannot be answered."""
    name = answer.question_id
    kind = name.partition("-")[0]
    if closed := next((one for one in reversed(checkout.closed) if one.id == name), None):
        return Conflict(f"question_{closed.state}", f"{_ENDED[closed.state]} Read the checkout and decide again.")
    if kind == _K.APPROVE_PAYMENT and checkout.order_id:
        return Conflict("answered_elsewhere", "This is answered where the payment is approved: see its address.")
    if kind in (_K.CONFIRM_TOTAL, _K.GIVE_FIELD, _K.CONFIRM_DELIVERY):
        ended = _ENDED[QuestionState.WITHDRAWN]
        return Conflict("question_withdrawn", f"{ended} Read the checkout and decide again.")
    return Missing("no_such_question", f"There is no question {name}.")


_ENDED: Mapping[QuestionState, str] = {
    QuestionState.ANSWERED: "This question was answered already.",
    QuestionState.DEFAULTED: "The time to answer this question has passed, and its default was taken.",
    QuestionState.WITHDRAWN: "This question is not asked any more.",
    QuestionState.SUPERSEDED: "Another question is asked in place of this one.",
}


def _wrong(question: Question, answer: Answer) -> DoorstepError | None:
    options = question.options or (question.field.choices if question.field else ())
    if question.field and not options:
        return None if answer.value else Refused("value_missing", "Give a value.", {"value": "missing"})
    said = answer.choice or answer.value
    if said not in {option.id for option in options}:
        known = ", ".join(option.id for option in options)
        return Refused("no_such_option", f"Choose one of {known}.", {"choice": "not an option"})
    return None


def answered(checkout: Checkout, question: Question, answer: Answer, plan: Plan) -> Checkout:
    """The checkout after an answer, not priced again yet."""
    closed = Closed(question.id, QUESTION.next(QuestionState.ASKED, "answer"), answer.said, answer.key)
    return _EFFECTS[question.kind](checkout, question, closed, plan)


def defaulted(checkout: Checkout, at: datetime, plan: Plan) -> Checkout | None:
    """The checkout after the defaults of what was offered until now; None when nothing is left to be decided."""
    due = [one.number for one in checkout.offerings if one.deadline <= at]
    if not due or not CHECKOUT.allows(checkout.state, "found_ready"):
        return None
    for number in due:
        one = next(one for one in checkout.offerings if one.number == number)
        closed = Closed(question_id(one), QUESTION.next(QuestionState.ASKED, "default"), one.default)
        checkout = chosen(checkout, one, one.default, closed, plan)
    return checkout


def _choose(checkout: Checkout, question: Question, closed: Closed, plan: Plan) -> Checkout:
    offering = next(one for one in checkout.offerings if question_id(one) == question.id)
    return chosen(checkout, offering, closed.said, closed, plan)


def _confirm(checkout: Checkout, _question: Question, closed: Closed, _plan: Plan) -> Checkout:
    return replace(checkout, unconfirmed_minor=None, closed=with_closed(checkout, closed))


def _give(checkout: Checkout, question: Question, closed: Closed, _plan: Plan) -> Checkout:
    wishes = with_field(checkout.wishes, question.path, closed.said)
    return replace(checkout, wishes=wishes, closed=with_closed(checkout, closed))


def with_field(wishes: Wishes, path: str, value: str) -> Wishes:
    """What is wished with one field given."""
    part, _, name = path.partition(".")
    if not name:
        return replace(wishes, **{part: value})
    before: Any = getattr(wishes, part) or (Buyer("", "") if part == "buyer" else Address(""))
    return replace(wishes, **{part: replace(before, **{name: value})})


_EFFECTS: Mapping[QuestionKind, Callable[[Checkout, Question, Closed, Plan], Checkout]] = {
    _K.CHOOSE_ALTERNATIVE: _choose,
    _K.CONFIRM_TOTAL: _confirm,
    _K.GIVE_FIELD: _give,
    _K.CONFIRM_DELIVERY: _give,
}
