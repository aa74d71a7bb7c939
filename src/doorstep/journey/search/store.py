"""The table of terms that orders are found by, and every statement on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, Table, bindparam, func, intersect, select
from sqlalchemy.sql.base import Executable

from doorstep.journey.search.model import WORDS_MAX, Term, after_prefix
from doorstep.kernel.ids import OrderId
from doorstep.storage.schema import exact, metadata, text, whole
from doorstep.storage.statement import Forms, Statement, insert_rows, plain
from doorstep.storage.transaction import Tx

order_terms = Table(
    "order_terms",
    metadata,
    whole("week", key=True),
    exact("term", key=True),
    text("order_id", key=True),
    sqlite_with_rowid=False,
)

_INSERT = insert_rows(order_terms, ignore=True)
# Two questions, each answered by one end of the key: asked together, SQLite reads all of it.
_WEEKS = plain(
    select(
        select(func.min(order_terms.c.week)).scalar_subquery(), select(func.max(order_terms.c.week)).scalar_subquery()
    )
)


def _held(words: int) -> Statement:
    """Those of some weeks in which each word begins a term: one look at the key for each word and week."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        each = (select(order_terms.c.order_id).where(*_begins(batch, number)).exists() for number in range(words))
        return select(batch.c.week).where(*each).order_by(batch.c.week.desc())

    return Statement({"week": int}, build)


def _find(words: int) -> Statement:
    """Orders of some weeks of which each word begins a term: each word is one range of the key in each week."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        found = [_having(batch, number) for number in range(words)]
        # Grouped, SQLite sorts what it found; as DISTINCT it would look each up in a tree, seven times as slow.
        both: Any = intersect(*found) if words > 1 else found[0].group_by(order_terms.c.order_id)
        ids = both.subquery("found")
        return select(ids.c.order_id).order_by(ids.c.order_id.desc()).limit(bindparam("most"))

    return Statement({"week": int}, build)


def _having(batch: FromClause, number: int) -> Any:
    return select(order_terms.c.order_id).where(*_begins(batch, number), order_terms.c.order_id < _text("before"))


def _begins(batch: FromClause, number: int) -> tuple[ColumnElement[bool], ...]:
    term = order_terms.c.term
    return order_terms.c.week == batch.c.week, term >= _text(f"from_{number}"), term < _text(f"to_{number}")


def _text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=order_terms.c.order_id.type)


_FIND: Mapping[int, Statement] = {words: _find(words) for words in range(1, WORDS_MAX + 1)}
_HELD: Mapping[int, Statement] = {words: _held(words) for words in range(1, WORDS_MAX + 1)}


async def insert(tx: Tx, terms: Iterable[Term]) -> None:
    """Write terms; one that is there already is the same."""
    await tx.run(_INSERT, sorted(terms))


async def weeks(tx: Tx) -> tuple[int, int] | None:
    """The first and the last week that have orders; None when there are none."""
    first, last = (await tx.rows(_WEEKS))[0]
    return None if first is None else (first, last)


async def weeks_with(tx: Tx, words: Sequence[str], weeks: Iterable[int]) -> list[int]:
    """Those of some weeks that have each of the words, though not in one order: the latest first."""
    rows = await tx.rows(_HELD[len(words)], [(week,) for week in weeks], **_ranges(words))
    return [row[0] for row in rows]


async def find(tx: Tx, words: Sequence[str], weeks: Iterable[int], before: str, most: int) -> list[OrderId]:
    """Orders of some weeks, before an id, that have a term for each word: the newest first."""
    batch = [(week,) for week in weeks]
    rows = await tx.rows(_FIND[len(words)], batch, before=before, most=most, **_ranges(words))
    return [row[0] for row in rows]


def _ranges(words: Sequence[str]) -> dict[str, str]:
    given = {f"from_{number}": word for number, word in enumerate(words)}
    return given | {f"to_{number}": after_prefix(word) for number, word in enumerate(words)}
