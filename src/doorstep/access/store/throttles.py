"""The table of throttles, and every statement on it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table, bindparam, delete

from doorstep.access.model.throttling import CALM, Throttle, untried
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import delete_by, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

throttles = Table(
    "throttles",
    metadata,
    text("key", key=True),
    whole("failures"),
    whole("tried_at_ms"),
    whole("blocked_until_ms"),
    sqlite_with_rowid=False,
)

_NEW = insert_rows(throttles, ignore=True)
_LOCK = select_by(throttles, ["key"], lock=True)
_SAVE = update_by(throttles, ["key"], ["failures", "tried_at_ms", "blocked_until_ms"])
_CLEAR = delete_by(throttles, ["key"])
_TIDY = plain(delete(throttles).where(throttles.c.tried_at_ms <= bindparam("long_ago")))


async def lock(tx: Tx, keys: Iterable[str], at: datetime) -> list[Throttle]:
    """The throttles of some keys, made where there are none, locked in one order until the transaction ends."""
    wanted = sorted(set(keys))
    await tx.run(_NEW, [(key, 0, to_ms(at), to_ms(at)) for key in wanted])
    rows = await tx.rows(_LOCK, [(key,) for key in wanted])
    found = {row[0]: Throttle(row[0], row[1], from_ms(row[2]), from_ms(row[3])) for row in rows}
    return [found.get(key, untried(key, at)) for key in wanted]


async def save(tx: Tx, changed: Iterable[Throttle]) -> None:
    """Write throttles that were locked."""
    rows = ((one.key, one.failures, to_ms(one.tried_at), to_ms(one.blocked_until)) for one in changed)
    await tx.run(_SAVE, sorted(rows))


async def clear(tx: Tx, keys: Iterable[str]) -> None:
    """Forget the tries of some keys."""
    await tx.run(_CLEAR, [(key,) for key in sorted(set(keys))])


async def tidy(tx: Tx, at: datetime) -> None:
    """Delete what has been calm for long."""
    await tx.run(_TIDY, long_ago=to_ms(at - CALM))
