"""What care does: cases, answers that customers gave by other ways, notices sent again."""

from collections.abc import Sequence
from typing import Any

from doorstep.desk.bodies import AnswerBody, CaseBody, NoticeBody
from doorstep.desk.crew import Crew
from doorstep.desk.model import Errand, Report, small
from doorstep.desk.through import Reports, Way, through
from doorstep.journey.care.model import Answer, Case, CaseWork
from doorstep.journey.notices import SendAgain
from doorstep.storage.transaction import Tx


async def answer_questions(crew: Crew, tx: Tx, errands: Sequence[Errand[AnswerBody]]) -> Reports:
    """Take customers' answers for them."""

    def request(one: Errand[AnswerBody]) -> Answer:
        return Answer(one.order.id, one.body.question_id, one.at, one.body.choice)

    def report(one: Errand[AnswerBody], _fact: object) -> Report:
        said = small(question=one.body.question_id, answer=one.body.choice)
        return Report(says=f"Answered: {one.body.choice}.", made=one.body.question_id, after=said)

    return await through(tx, errands, Way(crew.stages.care.answer, request, report, "question_id"))


async def take_cases(crew: Crew, tx: Tx, errands: Sequence[Errand[CaseBody]]) -> Reports:
    """Take cases in hand."""

    def report(one: Errand[CaseBody], case: Case) -> Report:
        said = small(case=case.id, assignee=case.assignee)
        return Report(says=f"The case is {one.actor.name}'s.", made=case.id, after=said)

    return await through(tx, errands, Way(crew.stages.care.assign, _work, report, "case_id"))


async def resolve_cases(crew: Crew, tx: Tx, errands: Sequence[Errand[Any]]) -> Reports:
    """Settle cases, and say how."""

    def report(one: Errand[Any], _fact: object) -> Report:
        return Report(says="The case is settled.", made=one.body.case_id)

    return await through(tx, errands, Way(crew.stages.care.resolve, _work, report, "case_id"))


async def send_again(crew: Crew, tx: Tx, errands: Sequence[Errand[NoticeBody]]) -> Reports:
    """Send notices once more of which nobody knows whether they went."""

    def request(one: Errand[NoticeBody]) -> SendAgain:
        return SendAgain(one.order.id, one.body.notice, one.at)

    def report(one: Errand[NoticeBody], _stored: object) -> Report:
        return Report(says="The notice is sent again.", made=one.body.notice, after=small(notice=one.body.notice))

    return await through(tx, errands, Way(crew.stages.notices.send_again, request, report))


def _work(one: Errand[Any]) -> CaseWork:
    return CaseWork(one.order.id, one.body.case_id, one.at, one.actor.name, one.body.reason)
