"""The tables of staff and of their recovery codes, and every statement on them.

The key is the e-mail address, so that of two who are entered with the same one at once there is one.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, Table, and_, bindparam, delete, func, or_, select, update

from doorstep.access.model.permissions import Role
from doorstep.access.model.staff import StaffMember, StaffState
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import constant, metadata, text, whole
from doorstep.storage.statement import Row, Value, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

staff = Table(
    "staff",
    metadata,
    text("email", key=True),
    text("id"),
    text("name"),
    text("role"),
    text("state"),
    text("language"),
    whole("created_at_ms"),
    whole("changed_at_ms"),
    text("password_hash"),
    text("totp_secret"),
    text("totp_pending"),
    whole("totp_last_step"),
    whole("seen_at_ms", null=True),
    sqlite_with_rowid=False,
)
Index("ix_staff_id", staff.c.id, unique=True)

recovery_codes = Table(
    "recovery_codes", metadata, text("staff_id", key=True), text("digest", key=True), sqlite_with_rowid=False
)

_CHANGING = [
    *("name", "role", "state", "language", "changed_at_ms"),
    *("password_hash", "totp_secret", "totp_pending", "totp_last_step"),
]
_IS_OWNER = and_(staff.c.role == constant(Role.OWNER.value), staff.c.state == constant(StaffState.ACTIVE.value))

_INSERT = insert_rows(staff, ignore=True, returning=["id"])
_SELECT = select_by(staff, ["id"])
_LOCK = select_by(staff, ["id"], lock=True)
_BY_EMAIL = select_by(staff, ["email"])
_SAVE = update_by(staff, ["id"], _CHANGING)
_SEEN = plain(update(staff).where(staff.c.id == bindparam("who")).values(seen_at_ms=bindparam("now")))
_ALL = plain(select(*staff.columns).order_by(staff.c.email))
_ANYBODY = plain(select(staff.c.id).limit(1))
_LOCK_WITH_OWNERS = plain(
    select(*staff.columns)
    .where(or_(staff.c.id == bindparam("who"), _IS_OWNER))
    .order_by(staff.c.email)
    .with_for_update()
)
_ADD_CODES = insert_rows(recovery_codes)
_DROP_CODES = plain(delete(recovery_codes).where(recovery_codes.c.staff_id == bindparam("who")))
_USE_CODE = plain(
    delete(recovery_codes)
    .where(recovery_codes.c.staff_id == bindparam("who"), recovery_codes.c.digest == bindparam("code"))
    .returning(recovery_codes.c.digest)
)
_COUNT_CODES = plain(
    select(func.count()).select_from(recovery_codes).where(recovery_codes.c.staff_id == bindparam("who"))
)


async def insert(tx: Tx, member: StaffMember) -> bool:
    """Write a new person; False when there is one of this e-mail address."""
    row = (member.email, member.id, *_changing(member)[:4], to_ms(member.created_at), *_changing(member)[4:], None)
    return bool(await tx.rows(_INSERT, [row]))


async def load(tx: Tx, staff_id: str) -> StaffMember | None:
    """A person by id."""
    return _first(await tx.rows(_SELECT, [(staff_id,)]))


async def lock(tx: Tx, staff_id: str) -> StaffMember | None:
    """A person by id, locked until the transaction ends."""
    return _first(await tx.rows(_LOCK, [(staff_id,)]))


async def lock_with_owners(tx: Tx, staff_id: str) -> list[StaffMember]:
    """A person and all active owners, locked in one order."""
    return [_record(row) for row in await tx.rows(_LOCK_WITH_OWNERS, who=staff_id)]


async def by_email(tx: Tx, email: str) -> StaffMember | None:
    """A person by e-mail address."""
    return _first(await tx.rows(_BY_EMAIL, [(email,)]))


async def everyone(tx: Tx) -> list[StaffMember]:
    """All staff, by e-mail address."""
    return [_record(row) for row in await tx.rows(_ALL)]


async def is_anybody_there(tx: Tx) -> bool:
    """Whether there is any staff at all."""
    return bool(await tx.rows(_ANYBODY))


async def save(tx: Tx, member: StaffMember) -> None:
    """Write a person who was locked."""
    await tx.run(_SAVE, [(member.id, *_changing(member))])


async def seen(tx: Tx, staff_id: str, at: datetime) -> None:
    """Write down that a person is there."""
    await tx.run(_SEEN, who=staff_id, now=to_ms(at))


async def replace_codes(tx: Tx, staff_id: str, digests: Iterable[str]) -> None:
    """Give a person these recovery codes in place of those before."""
    await tx.run(_DROP_CODES, who=staff_id)
    await tx.run(_ADD_CODES, [(staff_id, digest) for digest in sorted(digests)])


async def use_code(tx: Tx, staff_id: str, digest: str) -> bool:
    """Use a recovery code up; False when there is no such code, or not any more."""
    return bool(await tx.rows(_USE_CODE, who=staff_id, code=digest))


async def count_codes(tx: Tx, staff_id: str) -> int:
    """How many recovery codes a person has left."""
    return int((await tx.rows(_COUNT_CODES, who=staff_id))[0][0])


def _changing(one: StaffMember) -> tuple[Value, ...]:
    is_what = (one.name, one.role.value, one.state.value, one.language, to_ms(one.changed_at))
    return (*is_what, one.password_hash, one.totp_secret, one.totp_pending, one.totp_last_step)


def _first(rows: Iterable[Row]) -> StaffMember | None:
    return next((_record(row) for row in rows), None)


def _record(row: Row) -> StaffMember:
    return StaffMember(
        email=row[0],
        id=row[1],
        name=row[2],
        role=Role(row[3]),
        state=StaffState(row[4]),
        language=row[5],
        created_at=from_ms(row[6]),
        changed_at=from_ms(row[7]),
        password_hash=row[8],
        totp_secret=row[9],
        totp_pending=row[10],
        totp_last_step=row[11],
        seen_at=None if row[12] is None else from_ms(row[12]),
    )
