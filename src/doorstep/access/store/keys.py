"""The table of API keys, and every statement on it."""

from datetime import datetime

from sqlalchemy import Table, bindparam, or_, select, update

from doorstep.access.model.keys import USED_EVERY, ApiKey
from doorstep.access.model.permissions import permissions_of
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by
from doorstep.storage.transaction import Tx

api_keys = Table(
    "api_keys",
    metadata,
    text("id", key=True),
    text("name"),
    text("digest"),
    text("scopes"),
    whole("created_at_ms"),
    whole("expires_at_ms", null=True),
    whole("revoked_at_ms", null=True),
    whole("last_used_at_ms", null=True),
)

_INSERT = insert_rows(api_keys)
_SELECT = select_by(api_keys, ["id"])
_LIST = plain(select(*api_keys.columns).order_by(api_keys.c.id))
_REVOKE = plain(
    update(api_keys)
    .where(api_keys.c.id == bindparam("which"), api_keys.c.revoked_at_ms.is_(None))
    .values(revoked_at_ms=bindparam("now"))
    .returning(*api_keys.columns)
)
_USED = plain(
    update(api_keys)
    .where(
        api_keys.c.id == bindparam("which"),
        or_(api_keys.c.last_used_at_ms.is_(None), api_keys.c.last_used_at_ms <= bindparam("long_ago")),
    )
    .values(last_used_at_ms=bindparam("now"))
)


async def insert(tx: Tx, key: ApiKey) -> None:
    """Write a new key."""
    row = (key.id, key.name, key.digest, " ".join(key.scopes), to_ms(key.created_at), _ms(key.expires_at), None, None)
    await tx.run(_INSERT, [row])


async def load(tx: Tx, key_id: str) -> ApiKey | None:
    """A key by id."""
    rows = await tx.rows(_SELECT, [(key_id,)])
    return _record(rows[0]) if rows else None


async def everything(tx: Tx) -> list[ApiKey]:
    """All keys, oldest first."""
    return [_record(row) for row in await tx.rows(_LIST)]


async def revoke(tx: Tx, key_id: str, at: datetime) -> ApiKey | None:
    """Revoke a key and return it; None when there is none that is in use."""
    rows = await tx.rows(_REVOKE, which=key_id, now=to_ms(at))
    return _record(rows[0]) if rows else None


async def used(tx: Tx, key_id: str, at: datetime) -> None:
    """Write down that a key is in use, unless that was done a short while ago."""
    await tx.run(_USED, which=key_id, now=to_ms(at), long_ago=to_ms(at - USED_EVERY))


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _record(row: Row) -> ApiKey:
    times = (None if value is None else from_ms(value) for value in row[5:8])
    return ApiKey(row[0], row[1], row[2], permissions_of(row[3].split()), from_ms(row[4]), *times)
