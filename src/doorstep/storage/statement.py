"""Statements written once with SQLAlchemy Core and compiled once for each database.

A statement works on a batch: rows of plain values that the database sees as a table, passed as one parameter a column
(PostgreSQL) or one in all (SQLite), so that 256 rows cost about what one costs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sqlalchemy import FromClause, Select, Table, and_, select, tuple_, update
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.dml import Delete, Update

Value: TypeAlias = str | int | None
Row: TypeAlias = Sequence[Any]
Columns: TypeAlias = Mapping[str, type[str] | type[int]]
Build: TypeAlias = Callable[["Forms", FromClause], Executable]


class Compiled(Protocol):
    """A statement in one database's SQL: the text, and how the arguments of a run are laid out."""

    def arguments(self, rows: Sequence[Sequence[Value]] | None, given: Mapping[str, Value]) -> Sequence[object]:
        """The driver's argument list for a batch and the named parameters."""
        ...

    @property
    def sql(self) -> str: ...


class Forms(Protocol):
    """The few forms in which the two databases differ."""

    name: str

    def batch(self, columns: Columns) -> FromClause:
        """A batch of rows as a table called `b`."""
        ...

    def insert(self, table: Table, rows: Select[Any], ignore: bool) -> Executable:  # noqa: FBT001 - a form, not a knob
        """Insert from a select; `ignore` skips the rows whose key exists."""
        ...

    def compile(self, statement: Executable, columns: Columns) -> Compiled:
        """The statement in this database's SQL."""
        ...


class Statement:
    """One SQL statement over a batch with the given columns. Made once, at import."""

    def __init__(self, columns: Columns, build: Build) -> None:
        self._columns = dict(columns)
        self._build = build
        self._compiled: dict[str, Compiled] = {}

    def on(self, forms: Forms) -> Compiled:
        """The compiled form for a database."""
        compiled = self._compiled.get(forms.name)
        if compiled is None:
            statement = self._build(forms, forms.batch(self._columns))
            compiled = self._compiled[forms.name] = forms.compile(statement, self._columns)
        return compiled


def plain(statement: Executable) -> Statement:
    """A statement without a batch; its `bindparam`s are given by name when it is run."""
    return Statement({}, lambda _forms, _batch: statement)


def insert_rows(table: Table, *, ignore: bool = False, returning: Iterable[str] = ()) -> Statement:
    """Insert a batch, whose columns are the table's in order. With `ignore`, rows whose key exists are skipped."""
    names = [column.name for column in table.columns]

    def build(forms: Forms, batch: FromClause) -> Executable:
        rows = select(*(batch.c[name] for name in names))
        statement: Any = forms.insert(table, rows, ignore)
        wanted = [table.c[name] for name in returning]
        return statement.returning(*wanted) if wanted else statement  # type: ignore[no-any-return]

    return Statement(columns_of(table, names), build)


def select_by(table: Table, keys: Sequence[str], *, lock: bool = False, columns: Sequence[str] = ()) -> Statement:
    """Select the rows whose keys are in the batch, by primary key; with `lock` they are locked in that order."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        wanted = [table.c[name] for name in columns] or list(table.columns)
        found = select(*wanted).join_from(batch, table, matches(table, batch, keys))
        found = found.order_by(*table.primary_key.columns)
        return found.with_for_update(of=table) if lock else found

    return Statement(columns_of(table, keys), build)


def update_by(table: Table, keys: Sequence[str], names: Sequence[str]) -> Statement:
    """Set the named columns of the rows with the given keys; the batch has the keys, then the columns."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        changed: Update = update(table).where(matches(table, batch, keys))
        return changed.values({name: batch.c[name] for name in names})

    return Statement(columns_of(table, [*keys, *names]), build)


def delete_by(table: Table, keys: Sequence[str]) -> Statement:
    """Delete the rows with the given keys."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        return Delete(table).where(in_batch(table, batch, keys))

    return Statement(columns_of(table, keys), build)


def matches(table: Table, batch: FromClause, keys: Sequence[str]) -> Any:
    """The join condition of a table and a batch on the given keys."""
    return and_(*(table.c[key] == batch.c[key] for key in keys))


def in_batch(table: Table, batch: FromClause, keys: Sequence[str]) -> Any:
    """The condition that a row's key is in the batch, where a join is not possible."""
    if len(keys) == 1:
        return table.c[keys[0]].in_(select(batch.c[keys[0]]))
    return tuple_(*(table.c[key] for key in keys)).in_(select(*(batch.c[key] for key in keys)))


def columns_of(table: Table, names: Iterable[str]) -> dict[str, type[str] | type[int]]:
    """Name and Python type of a table's columns, as a batch needs them."""
    return {name: table.c[name].type.python_type for name in names}
