"""The tables of jobs and of the processes that work on them, and every statement on both."""

from collections.abc import Iterable, Sequence

from sqlalchemy import FromClause, Index, Table, bindparam, delete, exists, func, select, tuple_, update
from sqlalchemy.sql.base import Executable

from doorstep.jobs.model import EXHAUSTED, FREE, GIVEN_UP, Counts, Exhausted, Job, NewJob, Outstanding, Present
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Each, Forms, OneRow, Statement, columns_of, in_batch, insert_rows, matches, plain
from doorstep.storage.transaction import Tx

jobs = Table(
    "jobs",
    metadata,
    text("key", key=True),
    text("kind"),
    text("body"),
    text("about"),
    whole("due_at_ms"),
    whole("owner"),
    whole("attempt"),
    text("error"),
)
_STATES = {FREE: "waiting", EXHAUSTED: "exhausted", GIVEN_UP: "given_up"}
_IS_FREE = jobs.c.owner == constant(FREE)
_IS_HELD = jobs.c.owner > constant(FREE)
_IS_EXHAUSTED = jobs.c.owner == constant(EXHAUSTED)
Index(
    "ix_jobs_due",
    jobs.c.kind,
    jobs.c.due_at_ms,
    sqlite_where=_IS_FREE,
    postgresql_where=_IS_FREE,
)
Index("ix_jobs_exhausted", jobs.c.kind, sqlite_where=_IS_EXHAUSTED, postgresql_where=_IS_EXHAUSTED)
_IS_WAITING = jobs.c.owner <= constant(FREE)
Index("ix_jobs_about", jobs.c.about, sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING)

workers = Table("workers", metadata, whole("id", key=True), text("name"), whole("started_at_ms"), whole("seen_at_ms"))

_HELD = (jobs.c.key, jobs.c.kind, jobs.c.body, jobs.c.due_at_ms, jobs.c.attempt)

_INSERT = insert_rows(jobs, ignore=True, returning=["key"])


def _finish(_forms: Forms, batch: FromClause) -> Executable:
    mine = in_batch(jobs, batch, ["key", "attempt"])
    return delete(jobs).where(mine, jobs.c.owner == bindparam("me")).returning(jobs.c.key)


def _put_off(_forms: Forms, batch: FromClause) -> Executable:
    changed = update(jobs).where(
        jobs.c.key == batch.c.key, jobs.c.attempt == batch.c.attempt, jobs.c.owner == bindparam("me")
    )
    values = {name: batch.c[name] for name in ("owner", "due_at_ms", "error")}
    return changed.values(values).returning(jobs.c.key)


def _due_kinds(_forms: Forms, batch: FromClause) -> Executable:
    due = exists().where(jobs.c.kind == batch.c.kind, _IS_FREE, jobs.c.due_at_ms <= bindparam("now"))
    return select(batch.c.kind).where(due)


def _load_of(_forms: Forms, batch: FromClause) -> Executable:
    due = (jobs.c.kind == batch.c.kind, _IS_FREE, jobs.c.due_at_ms <= bindparam("now"))
    exhausted = (jobs.c.kind == batch.c.kind, _IS_EXHAUSTED)
    return select(
        batch.c.kind,
        select(func.count()).select_from(jobs).where(*due).correlate(batch).scalar_subquery(),
        select(func.min(jobs.c.due_at_ms)).where(*due).correlate(batch).scalar_subquery(),
        select(func.count()).select_from(jobs).where(*exhausted).correlate(batch).scalar_subquery(),
    )


def _finish_one(_forms: Forms, row: OneRow) -> Executable:
    return delete(jobs).where(matches(jobs, row, ["key", "attempt"]), jobs.c.owner == bindparam("me"))


_FINISH = Statement(columns_of(jobs, ["key", "attempt"]), _finish, Each(_finish_one, ["key"]))
_PUT_OFF = Statement({"key": str, "attempt": int, "owner": int, "due_at_ms": int, "error": str}, _put_off)
_DUE_KINDS = Statement({"kind": str}, _due_kinds)
_LOAD_OF = Statement({"kind": str}, _load_of)
_CLAIMABLE = (
    select(jobs.c.key)
    .where(jobs.c.kind == bindparam("of_kind"), _IS_FREE, jobs.c.due_at_ms <= bindparam("now"))
    .order_by(jobs.c.due_at_ms)
    .limit(bindparam("room"))
    .with_for_update(skip_locked=True)
)
_CLAIM = plain(
    update(jobs)
    .where(jobs.c.key.in_(_CLAIMABLE), _IS_FREE)
    .values(owner=bindparam("me"), attempt=jobs.c.attempt + 1)
    .returning(*_HELD)
)
_OWNED = plain(select(*_HELD).where(jobs.c.owner == bindparam("me")))
_HAND_BACK = plain(update(jobs).where(jobs.c.owner == bindparam("whose")).values(owner=FREE))
_NEXT_DUE = plain(select(func.min(jobs.c.due_at_ms)).where(_IS_FREE))
_COUNTS = plain(
    select(
        jobs.c.kind,
        func.count().filter(_IS_FREE),
        func.count().filter(_IS_HELD),
        func.count().filter(_IS_EXHAUSTED),
    )
    .group_by(jobs.c.kind)
    .order_by(jobs.c.kind)
)
_OUTSTANDING = plain(
    select(
        jobs.c.kind,
        func.count().filter(_IS_FREE, jobs.c.due_at_ms <= bindparam("now")),
        func.count().filter(_IS_FREE, jobs.c.due_at_ms > bindparam("now")),
        func.count().filter(_IS_HELD),
        func.count().filter(_IS_EXHAUSTED),
    )
    .where(jobs.c.owner != constant(GIVEN_UP))
    .group_by(jobs.c.kind)
    .order_by(jobs.c.kind)
)
_LOST = (jobs.c.key, jobs.c.kind, jobs.c.about, jobs.c.attempt, jobs.c.error, jobs.c.due_at_ms)
_EXHAUSTED_DUE = plain(
    select(*_LOST)
    .where(_IS_EXHAUSTED, tuple_(jobs.c.due_at_ms, jobs.c.about) >= tuple_(bindparam("from_due"), bindparam("from_id")))
    .order_by(jobs.c.due_at_ms, jobs.c.about, jobs.c.key)
    .limit(bindparam("most"))
)
_EXHAUSTED_COUNT = plain(select(func.count()).select_from(jobs).where(_IS_EXHAUSTED))
_ABOUT = plain(
    select(jobs.c.key, jobs.c.kind, jobs.c.due_at_ms, jobs.c.attempt, jobs.c.error, jobs.c.owner)
    .where(jobs.c.about == bindparam("order"), _IS_WAITING)
    .order_by(jobs.c.due_at_ms, jobs.c.key)
    .limit(bindparam("most"))
)
_OLDEST_DUE = plain(select(func.min(jobs.c.due_at_ms)).where(_IS_FREE, jobs.c.due_at_ms <= bindparam("now")))
_EXHAUSTED = plain(
    select(*_LOST).where(_IS_EXHAUSTED, jobs.c.key > bindparam("after")).order_by(jobs.c.key).limit(bindparam("most"))
)
_RETRY = plain(
    update(jobs)
    .where(jobs.c.key == bindparam("wanted"), _IS_EXHAUSTED)
    .values(owner=FREE, attempt=0, due_at_ms=bindparam("now"))
    .returning(jobs.c.key)
)
_GIVE_UP = plain(
    update(jobs)
    .where(jobs.c.key == bindparam("wanted"), _IS_EXHAUSTED)
    .values(owner=GIVEN_UP, error=bindparam("why", type_=jobs.c.error.type) + jobs.c.error)
    .returning(jobs.c.key)
)
_ARRIVE = insert_rows(workers)
_SEEN = plain(
    update(workers).where(workers.c.id == bindparam("me")).values(seen_at_ms=bindparam("now")).returning(workers.c.id)
)
_LEAVE = plain(delete(workers).where(workers.c.id == bindparam("whose")))
_ORPHANED = plain(select(jobs.c.owner).distinct().where(_IS_HELD, jobs.c.owner.not_in(select(workers.c.id))))
_OTHERS = plain(
    select(workers.c.id, workers.c.seen_at_ms).where(workers.c.id != bindparam("me")).order_by(workers.c.id)
)
_PRESENT = plain(
    select(workers.c.name, workers.c.started_at_ms, workers.c.seen_at_ms).order_by(workers.c.started_at_ms)
)


async def insert(tx: Tx, new: Iterable[tuple[NewJob, int]]) -> set[str]:
    """Insert jobs with their owner; returns the keys that were not there yet."""
    rows = sorted((job.key, job.kind, job.body, job.about, job.due_at_ms, owner, 0, "") for job, owner in new)
    return {key for (key,) in await tx.rows(_INSERT, rows)}


async def finish(tx: Tx, held: Sequence[Job], me: int) -> set[str]:
    """Delete jobs that are done; returns those that were still this process's to finish."""
    return {key for (key,) in await tx.rows(_FINISH, [(job.key, job.attempt) for job in held], me=me)}


async def put_off(tx: Tx, rows: Sequence[tuple[Job, int, int, str]], me: int) -> set[str]:
    """Give jobs back with (job, owner, due_at_ms, error); returns those that were still this process's."""
    batch = [(job.key, job.attempt, owner, due_at_ms, error) for job, owner, due_at_ms, error in rows]
    return {key for (key,) in await tx.rows(_PUT_OFF, batch, me=me)}


async def due_kinds(tx: Tx, kinds: Iterable[str], now_ms: int) -> list[str]:
    """Which of the kinds have a free job that is due."""
    return [kind for (kind,) in await tx.rows(_DUE_KINDS, [(kind,) for kind in kinds], now=now_ms)]


async def claim(tx: Tx, kind: str, room: int, now_ms: int, me: int) -> list[Job]:
    """Take up to `room` free jobs of a kind, oldest first; two processes never get the same."""
    rows = await tx.rows(_CLAIM, of_kind=kind, room=room, now=now_ms, me=me)
    return sorted((Job(*row) for row in rows), key=lambda job: (job.due_at_ms, job.key))


async def owned(tx: Tx, me: int) -> list[Job]:
    """Every job that the database says is this process's."""
    return [Job(*row) for row in await tx.rows(_OWNED, me=me)]


async def hand_back(tx: Tx, whose: int) -> None:
    """Free all jobs of a process and forget it."""
    await tx.run(_HAND_BACK, whose=whose)
    await tx.run(_LEAVE, whose=whose)


async def next_due_ms(tx: Tx) -> int | None:
    """When the next free job is due."""
    found: int | None = (await tx.rows(_NEXT_DUE))[0][0]
    return found


async def counts(tx: Tx) -> dict[str, tuple[int, int, int]]:
    """Free, held and exhausted jobs of each kind."""
    return {kind: (free, held, lost) for kind, free, held, lost in await tx.rows(_COUNTS)}


async def outstanding(tx: Tx, now_ms: int) -> dict[str, Counts]:
    """Jobs of each kind that are due, due later, held by a process and exhausted."""
    return {row[0]: Counts(*row[1:]) for row in await tx.rows(_OUTSTANDING, now=now_ms)}


async def exhausted(tx: Tx, most: int, after: str = "") -> list[Exhausted]:
    """Jobs that were tried too often, in order of their keys."""
    return [Exhausted(*row) for row in await tx.rows(_EXHAUSTED, most=most, after=after)]


async def exhausted_due(tx: Tx, due_ms: int, from_id: str, most: int) -> list[Exhausted]:
    """Jobs that were tried too often from a moment and what they are about on: the oldest first."""
    return [Exhausted(*row) for row in await tx.rows(_EXHAUSTED_DUE, from_due=due_ms, from_id=from_id, most=most)]


async def exhausted_count(tx: Tx) -> int:
    """How many jobs were tried too often."""
    count: int = (await tx.rows(_EXHAUSTED_COUNT))[0][0]
    return count


async def about(tx: Tx, order_id: str, most: int = 100) -> list[Outstanding]:
    """Jobs about an order that no process is running at the moment."""
    rows = await tx.rows(_ABOUT, order=order_id, most=most)
    return [Outstanding(row[0], row[1], row[2], row[3], row[4], _STATES[row[5]]) for row in rows]


async def oldest_due_ms(tx: Tx, now_ms: int) -> int | None:
    """Since when the oldest free job has been due; None when none is."""
    found: int | None = (await tx.rows(_OLDEST_DUE, now=now_ms))[0][0]
    return found


async def load_of(tx: Tx, kinds: Iterable[str], now_ms: int) -> dict[str, tuple[int, int | None, int]]:
    """Of each kind how many free jobs are due, since when the oldest is, and how many are exhausted, by index alone."""
    rows = await tx.rows(_LOAD_OF, [(kind,) for kind in kinds], now=now_ms)
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def retry(tx: Tx, key: str, now_ms: int) -> bool:
    """Free an exhausted job for another round of attempts."""
    return bool(await tx.rows(_RETRY, wanted=key, now=now_ms))


async def give_up(tx: Tx, key: str, reason: str) -> bool:
    """Keep an exhausted job as one that a person decided not to do."""
    return bool(await tx.rows(_GIVE_UP, wanted=key, why=f"given up: {reason}; "))


async def arrive(tx: Tx, me: int, name: str, now_ms: int) -> None:
    """Enter this process."""
    await tx.run(_ARRIVE, [(me, name, now_ms, now_ms)])


async def seen(tx: Tx, me: int, now_ms: int) -> bool:
    """Note that this process lives; False when it was already given up for dead."""
    return bool(await tx.rows(_SEEN, me=me, now=now_ms))


async def others(tx: Tx, me: int) -> list[tuple[int, int]]:
    """The other processes: id and when each was last seen, in milliseconds."""
    return [(row[0], row[1]) for row in await tx.rows(_OTHERS, me=me)]


async def present(tx: Tx) -> list[Present]:
    """Every process on record, the one that started first at the head."""
    return [Present(*row) for row in await tx.rows(_PRESENT)]


async def orphaned(tx: Tx) -> list[int]:
    """Processes that hold jobs and are not on record: they enqueued in a transaction that outlasted them."""
    return [owner for (owner,) in await tx.rows(_ORPHANED)]
