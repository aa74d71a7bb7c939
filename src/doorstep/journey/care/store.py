"""The tables of cases and questions, and every statement on them."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Index, Table, bindparam, select

from doorstep.journey.care.model import Case, CaseState, Question, QuestionState
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

cases = Table(
    "cases",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("subject"),
    text("state"),
    text("reason"),
    text("assignee"),
    whole("deadline_at_ms"),
    sqlite_with_rowid=False,
)
_UNRESOLVED = cases.c.state != constant(CaseState.RESOLVED)
Index("ix_cases_deadline", cases.c.deadline_at_ms, sqlite_where=_UNRESOLVED, postgresql_where=_UNRESOLVED)

questions = Table(
    "questions",
    metadata,
    text("id", key=True),
    text("order_id"),
    text("case_id"),
    text("parcel_id"),
    text("state"),
    text("options"),
    text("default_option"),
    whole("deadline_at_ms"),
    sqlite_with_rowid=False,
)

_options = msgspec.json.Decoder(tuple[str, ...])
_encode = msgspec.json.Encoder().encode

_INSERT_CASES = insert_rows(cases, ignore=True)
_CASES = select_by(cases, ["id"])
_UPDATE_CASES = update_by(cases, ["id"], ["state", "assignee"])
_WAITING = plain(select(*cases.columns).where(_UNRESOLVED).order_by(cases.c.deadline_at_ms).limit(bindparam("most")))
_INSERT_QUESTIONS = insert_rows(questions, ignore=True)
_QUESTIONS = select_by(questions, ["id"])
_UPDATE_QUESTIONS = update_by(questions, ["id"], ["state"])


async def insert_cases(tx: Tx, new: Iterable[Case]) -> None:
    """Write cases; one that is there already stays as it is."""
    rows = [(c.id, c.order_id, c.subject, c.state.value, c.reason, c.assignee, to_ms(c.deadline)) for c in new]
    await tx.run(_INSERT_CASES, sorted(rows))


async def load_cases(tx: Tx, ids: Iterable[str]) -> dict[str, Case]:
    """Cases by id."""
    return {row[0]: _case(row) for row in await tx.rows(_CASES, [(i,) for i in sorted(set(ids))])}


async def waiting(tx: Tx, most: int) -> list[Case]:
    """Cases that are not resolved, the most urgent first."""
    return [_case(row) for row in await tx.rows(_WAITING, most=most)]


async def update_cases(tx: Tx, changed: Iterable[Case]) -> None:
    """Write the state of cases and who has them."""
    await tx.run(_UPDATE_CASES, sorted((case.id, case.state.value, case.assignee) for case in changed))


async def insert_questions(tx: Tx, new: Iterable[Question]) -> None:
    """Write questions; one that is there already stays as it is."""
    rows = [
        (q.id, q.order_id, q.case_id, q.parcel_id, q.state.value, _text(q.options), q.default, to_ms(q.deadline))
        for q in new
    ]
    await tx.run(_INSERT_QUESTIONS, sorted(rows))


async def load_questions(tx: Tx, ids: Iterable[str]) -> dict[str, Question]:
    """Questions by id."""
    return {row[0]: _question(row) for row in await tx.rows(_QUESTIONS, [(i,) for i in sorted(set(ids))])}


async def update_questions(tx: Tx, changed: Iterable[tuple[str, QuestionState]]) -> None:
    """Set the state of questions."""
    await tx.run(_UPDATE_QUESTIONS, sorted((key, state.value) for key, state in changed))


def _text(options: tuple[str, ...]) -> str:
    return _encode(options).decode()


def _case(row: Row) -> Case:
    return Case(row[0], row[1], row[2], CaseState(row[3]), row[4], row[5], from_ms(row[6]))


def _question(row: Row) -> Question:
    options = _options.decode(row[5])
    return Question(row[0], row[1], row[2], row[3], QuestionState(row[4]), options, row[6], from_ms(row[7]))
