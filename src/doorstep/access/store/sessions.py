"""The table of sessions, and every statement on it."""

from datetime import datetime

from sqlalchemy import Index, Table, bindparam, delete, or_, select, update

from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import IDLE, SEEN_EVERY, Session, SignedIn, Stage
from doorstep.access.model.staff import StaffState
from doorstep.access.store.staff import staff
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain
from doorstep.storage.transaction import Tx

sessions = Table(
    "sessions",
    metadata,
    text("digest", key=True),
    text("id"),
    text("staff_id"),
    text("stage"),
    whole("created_at_ms"),
    whole("seen_at_ms"),
    whole("expires_at_ms"),
    whole("fresh_until_ms"),
    text("address"),
    text("agent"),
    sqlite_with_rowid=False,
)
Index("ix_sessions_staff", sessions.c.staff_id, sessions.c.id)
Index("ix_sessions_expires", sessions.c.expires_at_ms)

_IS_MINE = sessions.c.staff_id == bindparam("who")
_IS_ALIVE = (sessions.c.expires_at_ms > bindparam("now")) & (sessions.c.seen_at_ms > bindparam("idle_since"))

_INSERT = insert_rows(sessions)
_SIGNED_IN = plain(
    select(*sessions.columns, staff.c.email, staff.c.name, staff.c.role, staff.c.language, staff.c.totp_secret)
    .join_from(sessions, staff, staff.c.id == sessions.c.staff_id)
    .where(
        sessions.c.digest == bindparam("token"),
        _IS_ALIVE,
        staff.c.state == constant(StaffState.ACTIVE.value),
    )
)
_SEEN = plain(
    update(sessions)
    .where(sessions.c.digest == bindparam("token"), sessions.c.seen_at_ms <= bindparam("long_ago"))
    .values(seen_at_ms=bindparam("now"))
)
_ROTATE = plain(
    update(sessions)
    .where(sessions.c.digest == bindparam("old"))
    .values(
        digest=bindparam("new"),
        stage=bindparam("reached"),
        fresh_until_ms=bindparam("fresh"),
        seen_at_ms=bindparam("now"),
    )
    .returning(sessions.c.id)
)
_OF = plain(select(*sessions.columns).where(_IS_MINE, _IS_ALIVE).order_by(sessions.c.id.desc()))
_BY_ID = plain(select(*sessions.columns).where(sessions.c.id == bindparam("which"), _IS_ALIVE))
_END = plain(delete(sessions).where(sessions.c.digest == bindparam("token")).returning(sessions.c.id))
_END_OTHERS = plain(delete(sessions).where(_IS_MINE, sessions.c.digest != bindparam("kept")).returning(sessions.c.id))
_TIDY = plain(
    delete(sessions).where(
        or_(sessions.c.expires_at_ms <= bindparam("now"), sessions.c.seen_at_ms <= bindparam("idle_since"))
    )
)


async def insert(tx: Tx, session: Session) -> None:
    """Write a session that begins."""
    times = (session.created_at, session.seen_at, session.expires_at, session.fresh_until)
    named = (session.digest, session.id, session.staff_id, session.stage.value)
    await tx.run(_INSERT, [(*named, *map(to_ms, times), session.address, session.agent)])


async def signed_in(tx: Tx, digest: str, at: datetime) -> SignedIn | None:
    """The live session of a digest, with the person as they are now; None for whoever is not active."""
    rows = await tx.rows(_SIGNED_IN, token=digest, now=to_ms(at), idle_since=to_ms(at - IDLE))
    return _signed_in(rows[0]) if rows else None


async def seen(tx: Tx, digest: str, at: datetime) -> None:
    """Write down that a session is in use, unless that was done a short while ago."""
    await tx.run(_SEEN, token=digest, now=to_ms(at), long_ago=to_ms(at - SEEN_EVERY))


async def rotate(tx: Tx, old: Session, new: Session) -> bool:
    """Give a session another digest; False when it has another one already, or has ended."""
    given = {"old": old.digest, "new": new.digest, "reached": new.stage.value}
    times = {"fresh": to_ms(new.fresh_until), "now": to_ms(new.seen_at)}
    return bool(await tx.rows(_ROTATE, None, **given, **times))


async def of(tx: Tx, staff_id: str, at: datetime) -> list[Session]:
    """A person's live sessions, newest first."""
    rows = await tx.rows(_OF, who=staff_id, now=to_ms(at), idle_since=to_ms(at - IDLE))
    return [_record(row) for row in rows]


async def by_id(tx: Tx, session_id: str, at: datetime) -> Session | None:
    """A live session by id."""
    rows = await tx.rows(_BY_ID, which=session_id, now=to_ms(at), idle_since=to_ms(at - IDLE))
    return _record(rows[0]) if rows else None


async def end(tx: Tx, digest: str) -> bool:
    """End a session; False when there is none."""
    return bool(await tx.rows(_END, token=digest))


async def end_others(tx: Tx, staff_id: str, kept: str = "") -> int:
    """End a person's sessions but the one of the digest `kept`; returns how many there were."""
    return len(await tx.rows(_END_OTHERS, who=staff_id, kept=kept))


async def tidy(tx: Tx, at: datetime) -> None:
    """Delete what has ended by itself."""
    await tx.run(_TIDY, now=to_ms(at), idle_since=to_ms(at - IDLE))


def _signed_in(row: Row) -> SignedIn:
    email, name, role, language, totp_secret = row[10:]
    return SignedIn(
        session=_record(row),
        email=email,
        name=name,
        role=Role(role),
        language=language,
        has_second_factor=bool(totp_secret),
    )


def _record(row: Row) -> Session:
    return Session(
        digest=row[0],
        id=row[1],
        staff_id=row[2],
        stage=Stage(row[3]),
        created_at=from_ms(row[4]),
        seen_at=from_ms(row[5]),
        expires_at=from_ms(row[6]),
        fresh_until=from_ms(row[7]),
        address=row[8],
        agent=row[9],
    )
