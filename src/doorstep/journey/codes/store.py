"""The tables of code uses and of their counters, and every statement on them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import FromClause, Table, update
from sqlalchemy.sql.dml import Update

from doorstep.journey.codes.model import Counter, Use
from doorstep.kernel.ids import OrderId
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import (
    Each,
    Forms,
    OneRow,
    Statement,
    columns_of,
    delete_by,
    insert_rows,
    matches,
    select_by,
)
from doorstep.storage.transaction import Tx

code_uses = Table(
    "code_uses",
    metadata,
    text("order_id", key=True),
    text("code", key=True),
    text("customer"),
    sqlite_with_rowid=False,
)
code_counts = Table(
    "code_counts",
    metadata,
    text("code", key=True),
    text("customer", key=True),
    whole("used"),
    sqlite_with_rowid=False,
)

_KEYS = ["code", "customer"]


def _more(table_or_row: FromClause | OneRow) -> Update:
    changed = update(code_counts).where(matches(code_counts, table_or_row, _KEYS))
    return changed.values(used=code_counts.c.used + table_or_row.c["used"])


def _add(_forms: Forms, batch: FromClause) -> Update:
    return _more(batch)


def _add_one(_forms: Forms, row: OneRow) -> Update:
    return _more(row)


_BEGIN = insert_rows(code_counts, ignore=True)
_LOCK = select_by(code_counts, _KEYS, lock=True)
_READ = select_by(code_counts, _KEYS)
_ADD = Statement(columns_of(code_counts, [*_KEYS, "used"]), _add, Each(_add_one))
_USE = insert_rows(code_uses, ignore=True)
_LOCK_USES = select_by(code_uses, ["order_id"], lock=True)
_FORGET = delete_by(code_uses, ["order_id"])


async def begin(tx: Tx, counters: Sequence[Counter]) -> None:
    """Have a row for each counter."""
    await tx.run(_BEGIN, [(*counter, 0) for counter in sorted(counters)])


async def lock(tx: Tx, counters: Iterable[Counter]) -> dict[Counter, int]:
    """Lock counters in order of code and customer, and read them."""
    return {(code, who): used for code, who, used in await tx.rows(_LOCK, sorted(counters))}


async def read(tx: Tx, counters: Iterable[Counter]) -> dict[Counter, int]:
    """Read counters."""
    return {(code, who): used for code, who, used in await tx.rows(_READ, sorted(counters))}


async def add(tx: Tx, sums: Mapping[Counter, int]) -> None:
    """Add to counters that are locked."""
    await tx.run(_ADD, sorted((*counter, count) for counter, count in sums.items()))


async def write(tx: Tx, uses: Iterable[Use]) -> None:
    """Write uses; one that is there already stays as it is."""
    await tx.run(_USE, sorted((use.order_id, use.code, use.customer) for use in uses))


async def lock_uses(tx: Tx, ids: Iterable[OrderId]) -> list[Use]:
    """Lock what orders have used, in order of their ids, and read it."""
    return [Use(*row) for row in await tx.rows(_LOCK_USES, [(order_id,) for order_id in sorted(set(ids))])]


async def forget(tx: Tx, ids: Iterable[OrderId]) -> None:
    """Delete what orders have used."""
    await tx.run(_FORGET, [(order_id,) for order_id in sorted(set(ids))])
