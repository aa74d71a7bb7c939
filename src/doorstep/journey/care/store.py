"""The tables of cases and questions, and every statement on them."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import ColumnElement, Index, Table, bindparam, func, select, tuple_

from doorstep.journey.asking import QuestionState
from doorstep.journey.care.model import Case, CaseState, Note, Question
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, Statement, insert_rows, plain, select_by, update_by
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

_ASKED = questions.c.state == constant(QuestionState.ASKED)
Index("ix_questions_deadline", questions.c.deadline_at_ms, sqlite_where=_ASKED, postgresql_where=_ASKED)

notes = Table(
    "notes",
    metadata,
    text("order_id", key=True),
    text("id", key=True),
    whole("at_ms"),
    text("author_id"),
    text("author"),
    text("text"),
    sqlite_with_rowid=False,
)

_options = msgspec.json.Decoder(tuple[str, ...])
_encode = msgspec.json.Encoder().encode

_INSERT_CASES = insert_rows(cases, ignore=True)
_CASES = select_by(cases, ["id"])
_UPDATE_CASES = update_by(cases, ["id"], ["state", "assignee"])
_WAITING = plain(select(*cases.columns).where(_UNRESOLVED).order_by(cases.c.deadline_at_ms).limit(bindparam("most")))
_INSERT_NOTES = insert_rows(notes, ignore=True)
_NOTES = select_by(notes, ["order_id"])


def _due_from(table: Table, unfinished: ColumnElement[bool]) -> Statement:
    """What is unfinished from a deadline and an order on, the most urgent first."""
    place = (table.c.deadline_at_ms, table.c.order_id)
    return plain(
        select(*table.columns)
        .where(unfinished, table.c.deadline_at_ms >= bindparam("from_due"))
        .where(tuple_(*place) >= tuple_(bindparam("from_due"), bindparam("from_id")))
        .order_by(*place, table.c.id)
        .limit(bindparam("most"))
    )


_CASES_DUE = _due_from(cases, _UNRESOLVED)
_QUESTIONS_DUE = _due_from(questions, _ASKED)
_UNRESOLVED_COUNT = plain(select(func.count()).select_from(cases).where(_UNRESOLVED))
_ASKED_COUNT = plain(select(func.count()).select_from(questions).where(_ASKED))
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


async def cases_due(tx: Tx, due_ms: int, from_id: str, most: int) -> list[Case]:
    """Cases that are not resolved from a deadline and an order on, the most urgent first."""
    return [_case(row) for row in await tx.rows(_CASES_DUE, from_due=due_ms, from_id=from_id, most=most)]


async def questions_due(tx: Tx, due_ms: int, from_id: str, most: int) -> list[Question]:
    """Questions that nobody has answered from a deadline and an order on, the most urgent first."""
    return [_question(row) for row in await tx.rows(_QUESTIONS_DUE, from_due=due_ms, from_id=from_id, most=most)]


async def open_counts(tx: Tx) -> tuple[int, int]:
    """How many cases and how many questions are open."""
    return (await tx.rows(_UNRESOLVED_COUNT))[0][0], (await tx.rows(_ASKED_COUNT))[0][0]


async def insert_notes(tx: Tx, new: Iterable[Note]) -> None:
    """Write notes; one that is there already stays as it is."""
    rows = [(note.order_id, note.id, to_ms(note.at), note.author_id, note.author, note.text) for note in new]
    await tx.run(_INSERT_NOTES, sorted(rows))


async def notes_of(tx: Tx, order_id: str) -> list[Note]:
    """What was written about an order, oldest first."""
    rows = await tx.rows(_NOTES, [(order_id,)])
    return [Note(row[1], row[0], from_ms(row[2]), *row[3:]) for row in sorted(rows, key=lambda row: (row[2], row[1]))]


def _text(options: tuple[str, ...]) -> str:
    return _encode(options).decode()


def _case(row: Row) -> Case:
    return Case(row[0], row[1], row[2], CaseState(row[3]), row[4], row[5], from_ms(row[6]))


def _question(row: Row) -> Question:
    options = _options.decode(row[5])
    return Question(row[0], row[1], row[2], row[3], QuestionState(row[4]), options, row[6], from_ms(row[7]))
