"""Care's use cases: what went wrong becomes a case, and where the customer can decide, a question."""

from collections.abc import Sequence

from msgspec.structs import replace

from doorstep.jobs.model import Task
from doorstep.journey import facts as f
from doorstep.journey.asking import QUESTION
from doorstep.journey.care import store
from doorstep.journey.care.model import (
    CASE,
    Answer,
    AskedSlip,
    Case,
    CaseWork,
    Note,
    TroubleSlip,
    answer_event,
    answer_facts,
    asked_fact,
    case_of,
    closed_fact,
    judge_answer,
    judge_case,
    judge_note,
    opened_fact,
    question_of,
)
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Order
from doorstep.kernel.errors import DoorstepError
from doorstep.plan.records import Plan
from doorstep.storage.transaction import Tx


class Care:
    """Sees that nothing that went wrong is left lying."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open_cases(self, tx: Tx, tasks: Sequence[Task[TroubleSlip]]) -> None:
        """Make a case of each trouble."""
        page = await self._ledger.open(tx, [task.body.order_id for task in tasks])
        opened = await self._cases(tx, tasks)
        await store.insert_cases(tx, [case for case, _ in opened])
        await page.append([opened_fact(case, task.at) for case, task in opened])

    async def ask_about_lost(self, tx: Tx, tasks: Sequence[Task[TroubleSlip]]) -> None:
        """Make a case of each lost parcel, and ask the customer what is to be done."""
        page = await self._ledger.open(tx, [task.body.order_id for task in tasks])
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        opened = await self._cases(tx, tasks)
        asked = [
            (question_of(case, task.body.parcel_id, task.at, self._plan(orders[case.order_id])), task)
            for case, task in opened
        ]
        await store.insert_cases(tx, [case for case, _ in opened])
        await store.insert_questions(tx, [question for question, _ in asked])
        facts: list[f.Fact] = [opened_fact(case, task.at) for case, task in opened]
        await page.append([*facts, *(asked_fact(question, task.at) for question, task in asked)])

    async def answer(self, tx: Tx, answers: Sequence[Answer]) -> list[f.Fact | DoorstepError]:
        """Take customers' answers; answers each with its fact, or why it was not taken."""
        return await self._answer(tx, answers)

    async def apply_defaults(self, tx: Tx, tasks: Sequence[Task[AskedSlip]]) -> None:
        """Questions that nobody answered in time are answered by their defaults."""
        await self._answer(tx, [Answer(task.body.order_id, task.body.question_id, task.at, None) for task in tasks])

    async def assign(self, tx: Tx, work: Sequence[CaseWork]) -> list[Case | DoorstepError]:
        """People take cases."""
        known = await store.load_cases(tx, [one.case_id for one in work])
        judged = [judge_case(one, known.get(one.case_id)) for one in work]
        taken = [
            replace(case, state=CASE.next(case.state, "assign"), assignee=one.actor) if isinstance(case, Case) else case
            for one, case in zip(work, judged, strict=True)
        ]
        await store.update_cases(tx, [case for case in taken if isinstance(case, Case)])
        return taken

    async def resolve(self, tx: Tx, work: Sequence[CaseWork]) -> list[f.CaseClosed | DoorstepError]:
        """People settle cases, and say how."""
        page = await self._ledger.open(tx, [one.order_id for one in work])
        known = await store.load_cases(tx, [one.case_id for one in work])
        answers: list[f.CaseClosed | DoorstepError] = []
        for one in work:
            case = judge_case(one, known.get(one.case_id))
            if isinstance(case, DoorstepError):
                answers.append(case)
                continue
            known[case.id] = replace(case, state=CASE.next(case.state, "resolve"), assignee=one.actor)
            answers.append(closed_fact(case, one.at, one.actor, one.resolution))
        await store.update_cases(tx, known.values())
        await page.append([answer for answer in answers if isinstance(answer, f.Fact)])
        return answers

    async def note(self, tx: Tx, notes: Sequence[Note]) -> list[Note | DoorstepError]:
        """People write something down about orders."""
        orders = await self._ledger.orders(tx, [note.order_id for note in notes])
        judged = [judge_note(note, is_known=note.order_id in orders) for note in notes]
        await store.insert_notes(tx, [note for note in judged if isinstance(note, Note)])
        return judged

    async def waiting(self, tx: Tx, most: int = 100) -> list[Case]:
        """Cases that wait for a person, the most urgent first."""
        return await store.waiting(tx, most)

    async def _answer(self, tx: Tx, answers: Sequence[Answer]) -> list[f.Fact | DoorstepError]:
        ids = [answer.order_id for answer in answers]
        page, orders = await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)
        questions = await store.load_questions(tx, [answer.question_id for answer in answers])
        cases = await store.load_cases(tx, [question.case_id for question in questions.values()])
        said: list[f.Fact | DoorstepError] = []
        told: list[f.Fact] = []
        for answer in answers:
            question = judge_answer(answer, questions.get(answer.question_id))
            if isinstance(question, DoorstepError):
                said.append(question)
                continue
            case = cases[question.case_id]
            facts = answer_facts(answer, question, case, orders[question.order_id], page[question.order_id])
            questions[question.id] = replace(question, state=QUESTION.next(question.state, answer_event(answer)))
            if len(facts) > 1 and CASE.allows(case.state, "resolve"):
                cases[case.id] = replace(case, state=CASE.next(case.state, "resolve"))
            said.append(facts[0])
            told += facts
        await store.update_questions(tx, [(one.id, one.state) for one in questions.values()])
        await store.update_cases(tx, cases.values())
        await page.append(told)
        return said

    async def _cases(self, tx: Tx, tasks: Sequence[Task[TroubleSlip]]) -> list[tuple[Case, Task[TroubleSlip]]]:
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        return [(case_of(task.body, task.at, self._plan(orders[task.body.order_id])), task) for task in tasks]

    def _plan(self, order: Order) -> Plan:
        return self._ledger.plans[order.plan_version]
