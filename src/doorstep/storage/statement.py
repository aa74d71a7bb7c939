"""Statements written once with SQLAlchemy Core and compiled once for each database.

A statement works on a batch: rows of plain values that the database sees as a table, passed as one parameter a column
(PostgreSQL) or one in all (SQLite), so that 256 rows cost about what one costs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sqlalchemy import BindParameter, FromClause, Select, Table, and_, bindparam, select, tuple_, update
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

    def insert_one(self, table: Table, row: "OneRow", ignore: bool) -> Executable:  # noqa: FBT001
        """Insert one row; `ignore` skips it when its key exists."""
        ...

    def compile(self, statement: Executable, of: "Statement") -> Compiled:
        """The statement in this database's SQL."""
        ...


class OneRow:
    """A single row of a batch, as parameters: `row.c[name]` is the value of its column."""

    def __init__(self, columns: Columns) -> None:
        self.c: dict[str, BindParameter[Any]] = {name: bindparam(f"b_{name}") for name in columns}


class Each:
    """The same work on one row. A database that repeats a prepared statement cheaply may use it for a whole batch.

    `returns` names the columns of the batch that the statement returns of each row that it had an effect on.
    """

    def __init__(self, build: Callable[["Forms", OneRow], Executable], returns: Iterable[str] = ()) -> None:
        self.build = build
        self.returns = tuple(returns)


class Statement:
    """One SQL statement over a batch with the given columns. Made once, at import."""

    def __init__(self, columns: Columns, build: Build, each: Each | None = None) -> None:
        self.columns = dict(columns)
        self.each = each
        self.only_locks = False
        self._build = build
        self._compiled: dict[str, Compiled] = {}

    def on(self, forms: Forms) -> Compiled:
        """The compiled form for a database."""
        compiled = self._compiled.get(forms.name)
        if compiled is None:
            statement = self._build(forms, forms.batch(self.columns))
            compiled = self._compiled[forms.name] = forms.compile(statement, self)
        return compiled


def plain(statement: Executable) -> Statement:
    """A statement without a batch; its `bindparam`s are given by name when it is run."""
    return Statement({}, lambda _forms, _batch: statement)


def insert_rows(table: Table, *, ignore: bool = False, returning: Sequence[str] = ()) -> Statement:
    """Insert a batch, whose columns are the table's in order. With `ignore`, rows whose key exists are skipped."""
    names = [column.name for column in table.columns]

    def build(forms: Forms, batch: FromClause) -> Executable:
        rows = select(*(batch.c[name] for name in names))
        statement: Any = forms.insert(table, rows, ignore)
        wanted = [table.c[name] for name in returning]
        return statement.returning(*wanted) if wanted else statement  # type: ignore[no-any-return]

    each = Each(lambda forms, row: forms.insert_one(table, row, ignore), returning)
    return Statement(columns_of(table, names), build, each)


def select_by(table: Table, keys: Sequence[str], *, lock: bool = False, columns: Sequence[str] = ()) -> Statement:
    """Select the rows whose keys are in the batch, by primary key; with `lock` they are locked in that order."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        wanted = [table.c[name] for name in columns] or list(table.columns)
        found = select(*wanted).join_from(batch, table, matches(table, batch, keys))
        found = found.order_by(*table.primary_key.columns)
        return found.with_for_update(of=table) if lock else found

    return Statement(columns_of(table, keys), build)


def lock_by(table: Table, keys: Sequence[str]) -> Statement:
    """Lock the rows whose keys are in the batch, in the order of the primary key, without wanting to read them.

    Where one writer has the whole database there is nothing to do.
    """
    statement = select_by(table, keys, lock=True, columns=keys)
    statement.only_locks = True
    return statement


def update_by(table: Table, keys: Sequence[str], names: Sequence[str]) -> Statement:
    """Set the named columns of the rows with the given keys; the batch has the keys, then the columns."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        changed: Update = update(table).where(matches(table, batch, keys))
        return changed.values({name: batch.c[name] for name in names})

    def build_one(_forms: Forms, row: OneRow) -> Executable:
        return update(table).where(matches(table, row, keys)).values({name: row.c[name] for name in names})

    return Statement(columns_of(table, [*keys, *names]), build, Each(build_one))


def delete_by(table: Table, keys: Sequence[str]) -> Statement:
    """Delete the rows with the given keys."""

    def build(_forms: Forms, batch: FromClause) -> Executable:
        return Delete(table).where(in_batch(table, batch, keys))

    each = Each(lambda _forms, row: Delete(table).where(matches(table, row, keys)))
    return Statement(columns_of(table, keys), build, each)


def matches(table: Table, batch: FromClause | OneRow, keys: Sequence[str]) -> Any:
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
