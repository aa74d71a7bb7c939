"""What is decided about jobs that were tried too often, and about keys for programs."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish, read_key
from doorstep.desk.bodies import JobBody, JobRefusal, KeyBody, KeyId
from doorstep.desk.crew import Crew
from doorstep.desk.model import Errand, Report
from doorstep.desk.through import Reports
from doorstep.jobs import store as jobs
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError, Missing
from doorstep.storage.transaction import Tx


class KeyText(Struct, frozen=True):
    """A key as its owner keeps it: it is shown this once."""

    key_id: str
    text: str


async def retry_jobs(_crew: Crew, tx: Tx, errands: Sequence[Errand[JobBody]]) -> Reports:
    """Try exhausted jobs again, from the first attempt on."""
    answers: list[Report | DoorstepError] = []
    for one in errands:
        freed = await jobs.retry(tx, one.body.job, to_ms(one.at))
        answers.append(_about_job("The job is tried again.", one.body.job) if freed else _no_such_job(one.body.job))
    return answers


async def give_up_jobs(_crew: Crew, tx: Tx, errands: Sequence[Errand[JobRefusal]]) -> Reports:
    """Decide that exhausted jobs are not done."""
    answers: list[Report | DoorstepError] = []
    for one in errands:
        kept = await jobs.give_up(tx, one.body.job, one.body.reason)
        answers.append(_about_job("The job is given up.", one.body.job) if kept else _no_such_job(one.body.job))
    return answers


async def issue_keys(crew: Crew, tx: Tx, errands: Sequence[Errand[KeyBody]]) -> Reports:
    """Make keys. Nobody gives what they do not have themselves."""
    return [await _issue(crew, tx, one) for one in errands]


async def revoke_keys(crew: Crew, tx: Tx, errands: Sequence[Errand[KeyId]]) -> Reports:
    """Let keys open nothing any more."""
    for one in errands:
        await crew.access.revoke(tx, _by(one), one.body.key_id)
    return [Report(says="The key is revoked.", about=one.body.key_id, is_written_down=True) for one in errands]


async def _issue(crew: Crew, tx: Tx, one: Errand[KeyBody]) -> Report:
    text = await crew.access.issue(tx, _by(one), KeyWish(one.body.name, one.body.scopes, one.body.days))
    key_id = read_key(text).key_id
    says = f"The key {one.body.name} is made. It is shown this once."
    return Report(says=says, about=key_id, made=key_id, answer=KeyText(key_id, text), is_written_down=True)


def _by(one: Errand[Any]) -> By:
    return By(one.actor, one.at, one.body.reason, one.request_id)


def _about_job(says: str, job: str) -> Report:
    return Report(says=says, about=job)


def _no_such_job(job: str) -> Missing:
    return Missing("no_such_job", "There is no exhausted job of this key.", {"job": f"{job[:200]} is none."})
