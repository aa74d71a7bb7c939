"""SQLite: one file, one writer, durable. The only place that knows its dialect.

Statements run inline on the event loop, only COMMIT (the disk) goes to a thread: handing every statement to a thread
costs several times the statement itself.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

import msgspec
from sqlalchemy import BigInteger, FromClause, Select, Table, Text, bindparam, func, literal_column, select, true
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.base import Executable

from doorstep.kernel.errors import Refused
from doorstep.storage.statement import Columns, Each, OneRow, Row, Statement, Value
from doorstep.storage.transaction import Transient, unstorable
from doorstep.storage.vitals import Vitals

_DIALECT = sqlite.dialect(paramstyle="named")
_EACH_DIALECT = sqlite.dialect(paramstyle="qmark")
_encode = msgspec.json.Encoder().encode
_BUSY_WAITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, *([0.1] * 50))


class SqliteCompiled:
    """SQL with named parameters, a batch being one JSON text; and, where the statement has one, the form for one row.

    Repeating the prepared form for one row costs half of what reading a batch from JSON does. It cannot say which rows
    it had an effect on, only how many, which is enough when it is all of them.
    """

    def __init__(self, statement: Executable, of: Statement) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self.only_locks = of.only_locks
        self.each_sql = ""
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        if of.each:
            self._compile_each(of.each, list(of.columns))

    def _compile_each(self, each: Each, columns: list[str]) -> None:
        compiled: Any = each.build(SqliteForms(), OneRow(dict.fromkeys(columns, str))).compile(dialect=_EACH_DIALECT)  # type: ignore[attr-defined]
        self.each_sql = str(compiled)
        order = [name.removeprefix("b_") for name in compiled.positiontup]
        self._in_order = order == columns
        self._picks = [columns.index(name) if name in columns else name for name in order]
        self._returned = [columns.index(name) for name in each.returns]
        self._each_fixed = compiled.params

    def arguments(self, rows: Sequence[Sequence[Value]] | None, given: Mapping[str, Value]) -> Any:
        """The named parameters; the driver takes them as a mapping."""
        if rows is None:
            return {**self._fixed, **given}
        return {**self._fixed, "batch": _batch(rows), **given}

    def each_arguments(self, rows: Sequence[Sequence[Value]], given: Mapping[str, Value]) -> Sequence[Sequence[Value]]:
        """The parameters of the form for one row, for each row."""
        _check_storable(rows)
        if self._in_order:
            return rows
        values = {**self._each_fixed, **given}
        return [[row[p] if isinstance(p, int) else values[p] for p in self._picks] for row in rows]

    def returned(self, rows: Sequence[Sequence[Value]]) -> Sequence[Row]:
        """What the statement returns when it had an effect on every row."""
        return [[row[index] for index in self._returned] for row in rows]

    @property
    def asks_which(self) -> bool:
        """Whether the statement is to say which rows it had an effect on."""
        return bool(self._returned)


def _batch(rows: Sequence[Sequence[Value]]) -> str:
    text = _encode(rows).decode()
    if "\\u0000" in text:
        _check_storable(rows)
    return text


def _check_storable(rows: Sequence[Sequence[Value]]) -> None:
    if any("\0" in value for row in rows for value in row if isinstance(value, str)):
        raise unstorable()


class SqliteForms:
    """How SQLite says what the two databases say differently."""

    name = "sqlite"

    def batch(self, columns: Columns) -> FromClause:
        """`json_each` over an array of arrays."""
        if not columns:
            return select(literal_column("1").label("none")).subquery("b")
        rows = func.json_each(bindparam("batch", type_=Text)).table_valued("value", name="j")
        picked = [
            literal_column(f"json_extract(j.value, '$[{index}]')", BigInteger() if kind is int else Text()).label(name)
            for index, (name, kind) in enumerate(columns.items())
        ]
        return select(*picked).select_from(rows).subquery("b")

    def insert(self, table: Table, rows: Select[Any], ignore: bool) -> Executable:  # noqa: FBT001
        """The `WHERE true` keeps SQLite from reading ON CONFLICT as part of a join."""
        names = [item.name for item in table.columns]
        statement = sqlite.insert(table).from_select(names, rows.where(true()))
        return statement.on_conflict_do_nothing(index_elements=table.primary_key.columns) if ignore else statement

    def insert_one(self, table: Table, row: OneRow, ignore: bool) -> Executable:  # noqa: FBT001
        """INSERT … VALUES … ON CONFLICT DO NOTHING."""
        statement = sqlite.insert(table).values(dict(row.c))
        return statement.on_conflict_do_nothing(index_elements=table.primary_key.columns) if ignore else statement

    def compile(self, statement: Executable, of: Statement) -> SqliteCompiled:
        """Compile for SQLite."""
        return SqliteCompiled(statement, of)


class SqliteTx:
    """A transaction on one connection, statements inline."""

    def __init__(self, connection: sqlite3.Connection, forms: SqliteForms) -> None:
        self._connection = connection
        self._forms = forms
        self.afterwards: list[Callable[[], None]] = []

    async def rows(
        self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value
    ) -> Sequence[Row]:
        """See `Tx`."""
        if batch is not None and not batch:
            return ()
        compiled = cast(SqliteCompiled, statement.on(self._forms))
        if compiled.only_locks:
            return ()
        try:
            if batch and compiled.each_sql and (done := self._each(compiled, batch, given)) is not None:
                return done
            return self._connection.execute(compiled.sql, compiled.arguments(batch, given)).fetchall()
        except sqlite3.OperationalError as error:
            raise _translated(error) from error

    def _each(
        self, compiled: SqliteCompiled, batch: Sequence[Sequence[Value]], given: Mapping[str, Value]
    ) -> Sequence[Row] | None:
        """Run the form for one row on each; None, and nothing done, when which rows it concerned must be known."""
        connection, arguments = self._connection, compiled.each_arguments(batch, given)
        if not compiled.asks_which:
            connection.executemany(compiled.each_sql, arguments)
            return ()
        connection.execute("SAVEPOINT each")
        changed = connection.executemany(compiled.each_sql, arguments).rowcount
        if changed != len(batch):
            connection.execute("ROLLBACK TO each")
        connection.execute("RELEASE each")
        return compiled.returned(batch) if changed == len(batch) else None

    async def run(self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value) -> None:
        """See `Tx`."""
        await self.rows(statement, batch, **given)

    def after_commit(self, call: Callable[[], None]) -> None:
        """See `Tx`."""
        self.afterwards.append(call)


class SqliteFile:
    """A database file: one connection that writes, some that read. One process at a time may write to it."""

    forms = SqliteForms()
    slots = 1
    background_slots = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None
        self._writer: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []

    async def open(self, *, writer: bool) -> None:
        """Open the file, made if it is to be written and is not there yet."""
        if writer:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._writer = self._connect()
        elif not self.path.exists():
            raise Refused("no_database", f"There is no database at {self.path}.")
        else:
            self._readers.append(self._connect())

    async def close(self) -> None:
        """Close every connection and let another process have the file."""
        for connection in (*self._readers, *filter(None, [self._writer])):
            connection.close()
        self._readers, self._writer = [], None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def backend_pid(self) -> int | None:
        """There is no server: the database runs in this process."""
        return None

    async def vitals(self) -> Vitals:
        """What it is and how large, with what is written and not yet in the file itself."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return Vitals("SQLite", sqlite3.sqlite_version, sum(file.stat().st_size for file in files if file.exists()))

    def signals(self) -> "SqliteSignals":
        """How this process is known as alive."""
        return SqliteSignals()

    def wire(self) -> None:
        """There is no other process to tell what changed."""
        return

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqliteTx]:
        """BEGIN IMMEDIATE, statements, COMMIT in a thread; the after-commit calls come last."""
        connection = self._writer
        if connection is None:
            raise Refused("read_only", f"{self.path} was opened for reading.")
        await self._begin(connection)
        transaction = SqliteTx(connection, self.forms)
        try:
            yield transaction
            await _finish_commit(connection)
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqliteTx]:
        """One consistent snapshot."""
        connection = self._readers.pop() if self._readers else self._connect()
        try:
            connection.execute("BEGIN")
            yield SqliteTx(connection, self.forms)
        finally:
            if connection.in_transaction:
                connection.rollback()
            self._readers.append(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def _begin(self, connection: sqlite3.Connection) -> None:
        for wait in _BUSY_WAITS:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise _translated(error) from error
                await asyncio.sleep(wait)
            else:
                return
        raise Transient(f"{self.path} is locked by another program.")

    def _take_lock(self) -> None:
        descriptor = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Refused(
                "database_in_use",
                f"Another Doorstep process works on {self.path}. Stop it first; to run several processes, "
                "use PostgreSQL (DOORSTEP_DATABASE_URL=postgresql://…).",
            ) from None
        self._lock = descriptor


class SqliteSignals:
    """The file's lock lets one process write, so every other process that is on record is gone."""

    async def start(self, me: int, woken: Callable[[], None]) -> None:
        """Nothing is needed: the lock of the file is held."""

    async def is_gone(self, other: int) -> bool:
        """Always: only one process can have the file."""
        del other
        return True

    async def stop(self) -> None:
        """Nothing to let go."""


async def _finish_commit(connection: sqlite3.Connection) -> None:
    """COMMIT in a thread, and see it through even when the waiting task is canceled."""
    commit = asyncio.get_running_loop().run_in_executor(None, connection.commit)
    try:
        await asyncio.shield(commit)
    except asyncio.CancelledError:
        while not commit.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([commit])
        raise
    except sqlite3.OperationalError as error:
        raise _translated(error) from error


def _translated(error: sqlite3.OperationalError) -> Exception:
    if "locked" in str(error) or "busy" in str(error):
        return Transient(f"The database is busy: {error}.")
    return error
