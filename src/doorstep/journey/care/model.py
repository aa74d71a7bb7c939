"""Cases, questions, their states, and what an answer means. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.asking import QUESTION, QuestionState
from doorstep.journey.order import Order
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId, child
from doorstep.kernel.phrase import Phrase, phrase
from doorstep.kernel.states import StateTable
from doorstep.plan.records import Plan

REFUND, WAIT = "refund", "wait"
NOTE_CHARS_MAX = 2_000
LOST = phrase("A parcel of your order was lost on its way. What would you like us to do?")
CHOICES: Mapping[str, Phrase] = {
    REFUND: phrase("Give me my money back"),
    WAIT: phrase("Wait until the parcel is found"),
}
"""What customers read for each option."""

_CUSTOMER, _DEFAULT = "customer", "default"


class CaseState(StrEnum):
    """The states of a case."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"


_C = CaseState
CASE = StateTable(
    "Case",
    start=_C.OPENED,
    ends=(_C.RESOLVED,),
    rows=(
        (_C.OPENED, "assign", _C.ASSIGNED),
        (_C.ASSIGNED, "assign", _C.ASSIGNED),
        (_C.OPENED, "resolve", _C.RESOLVED),
        (_C.ASSIGNED, "resolve", _C.RESOLVED),
    ),
)


class Case(Struct, frozen=True):
    """Something that waits for a person. `subject` is the parcel or money call that it is about."""

    id: str
    order_id: OrderId
    subject: str
    state: CaseState
    reason: str
    assignee: str
    deadline: datetime


class Question(Struct, frozen=True):
    """Something that waits for the customer, or for its deadline. It is about a parcel."""

    id: str
    order_id: OrderId
    case_id: str
    parcel_id: str
    state: QuestionState
    options: tuple[str, ...]
    default: str
    deadline: datetime


class Note(Struct, frozen=True):
    """What a person wrote about an order; never changed."""

    id: str
    order_id: OrderId
    at: datetime
    author_id: str
    author: str
    text: str


class TroubleSlip(Struct, frozen=True):
    """What went wrong: with a parcel or with a money call."""

    order_id: OrderId
    reason: str
    parcel_id: str = ""
    call_key: str = ""

    @property
    def subject(self) -> str:
        """What the case is about."""
        return self.parcel_id or self.call_key


class AskedSlip(Struct, frozen=True):
    """A question whose time has passed."""

    order_id: OrderId
    question_id: str


class Answer(Struct, frozen=True):
    """A customer's choice; without one, the default."""

    order_id: OrderId
    question_id: str
    at: datetime
    choice: str | None


class CaseWork(Struct, frozen=True):
    """What a person does about a case: takes it, or resolves it and says how."""

    order_id: OrderId
    case_id: str
    at: datetime
    actor: str
    resolution: str = ""


def judge_note(note: Note, *, is_known: bool) -> Note | DoorstepError:
    """The note as it is kept, or why it is not."""
    text = note.text.strip()
    if not is_known:
        return Missing("no_such_order", f"There is no order {note.order_id}.")
    if not text:
        return Refused("empty_note", "Write something.", {"text": "empty"})
    if len(text) > NOTE_CHARS_MAX or "\0" in text:
        sentence = f"A note has at most {NOTE_CHARS_MAX:,} characters, none of them NUL."
        return Refused("bad_note", sentence, {"text": sentence})
    return replace(note, text=text)


def case_of(slip: TroubleSlip, at: datetime, plan: Plan) -> Case:
    """The case that a trouble makes; one for each parcel or call."""
    deadline = at + timedelta(hours=plan.promises.case_hours)
    case_id = child("case", slip.order_id, slip.subject)
    return Case(case_id, slip.order_id, slip.subject, CASE.start, slip.reason, "", deadline)


def question_of(case: Case, parcel_id: str, at: datetime, plan: Plan) -> Question:
    """What a customer is asked whose parcel is lost: the money back, or wait for it to be found."""
    deadline = at + timedelta(days=plan.promises.answer_days)
    question_id = child("que", case.order_id, parcel_id)
    return Question(question_id, case.order_id, case.id, parcel_id, QUESTION.start, (REFUND, WAIT), REFUND, deadline)


def opened_fact(case: Case, at: datetime) -> f.CaseOpened:
    """A case is open."""
    return f.CaseOpened(
        order_id=case.order_id,
        at=at,
        case_id=case.id,
        subject=case.subject,
        reason=case.reason,
        deadline=case.deadline,
    )


def asked_fact(question: Question, at: datetime) -> f.QuestionAsked:
    """A question is open."""
    return f.QuestionAsked(
        order_id=question.order_id,
        at=at,
        question_id=question.id,
        case_id=question.case_id,
        options=question.options,
        default=question.default,
        deadline=question.deadline,
    )


def judge_answer(answer: Answer, question: Question | None) -> Question | DoorstepError:
    """The question that is answered, or why it cannot be."""
    if question is None:
        return Missing("no_such_question", f"There is no question {answer.question_id}.")
    if not QUESTION.allows(question.state, "answer"):
        return Conflict("answered", f"This question is {question.state} already.")
    if answer.choice is not None and answer.choice not in question.options:
        return Refused("no_such_option", f"Choose one of {', '.join(question.options)}.")
    return question


def answer_facts(answer: Answer, question: Question, case: Case, order: Order, standing: Standing) -> list[f.Fact]:
    """What a choice comes to: a refund settles the case; waiting leaves it with a person."""
    chosen = answer.choice or question.default
    by = _CUSTOMER if answer.choice else _DEFAULT
    lost = standing.units.parcels[question.parcel_id].units
    facts: list[f.Fact] = [
        f.QuestionAnswered(
            order_id=order.id,
            at=answer.at,
            question_id=question.id,
            answer=chosen,
            by=by,
            payment_id=standing.balance.payment_id,
            value=standing.units.value_lost(order, lost) if chosen == REFUND else 0,
        )
    ]
    if chosen == REFUND:
        facts.append(closed_fact(case, answer.at, by, "the money for the parcel goes back"))
    return facts


def state_after(answered: f.QuestionAnswered | None) -> QuestionState:
    """The state of a question, given how it was answered, if it was."""
    if answered is None:
        return QUESTION.start
    return QUESTION.next(QUESTION.start, "default" if answered.by == _DEFAULT else "answer")


def answer_event(answer: Answer) -> str:
    """What an answer does to its question."""
    return "answer" if answer.choice else "default"


def closed_fact(case: Case, at: datetime, actor: str, resolution: str) -> f.CaseClosed:
    """A case is settled."""
    return f.CaseClosed(
        order_id=case.order_id, at=at, case_id=case.id, subject=case.subject, actor=actor, resolution=resolution
    )


def judge_case(work: CaseWork, case: Case | None) -> Case | DoorstepError:
    """The case that is worked on, or why it cannot be."""
    if case is None:
        return Missing("no_such_case", f"There is no case {work.case_id}.")
    if not CASE.allows(case.state, "resolve"):
        return Conflict("resolved", f"Case {case.id} is {case.state} already.")
    return case
