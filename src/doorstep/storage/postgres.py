"""PostgreSQL: any number of processes that meet only there. The only place that knows its dialect."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from sqlalchemy import ARRAY, BigInteger, FromClause, Select, Table, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.base import Executable

from doorstep.kernel.errors import Refused
from doorstep.storage.statement import Columns, Compiled, OneRow, Row, Statement, Value
from doorstep.storage.transaction import Transient, unstorable
from doorstep.storage.vitals import Vitals

_DIALECT = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
_TRANSIENT = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    ConnectionError,
)
_CHANNEL = "doorstep"
_ANSWER_SECONDS = 10.0
_SLOTS, _BACKGROUND_SLOTS, _READERS = 4, 2, 4
# Every statement looks its batch up by an index. Told so, the planner does it from the first row on, without
# statistics, and plans each statement once; left to itself it plans for empty tables and keeps that plan while
# they fill.
_PLANNING = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}


class PostgresCompiled:
    """SQL with numbered parameters; a batch is one array for each column."""

    def __init__(self, statement: Executable, columns: Columns) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self._order: list[str] = list(compiled.positiontup)
        self._fixed = compiled.params
        self._columns = {f"b_{name}": index for index, name in enumerate(columns)}

    def arguments(self, rows: Sequence[Sequence[Value]] | None, given: Mapping[str, Value]) -> list[object]:
        """The parameters in the order of their numbers."""
        arrays = list(zip(*rows, strict=True)) if rows else []
        values = {**self._fixed, **given}
        return [arrays[self._columns[name]] if name in self._columns else values[name] for name in self._order]


class PostgresForms:
    """How PostgreSQL says what the two databases say differently."""

    name = "postgresql"

    def batch(self, columns: Columns) -> FromClause:
        """`unnest` over one array a column."""
        if not columns:
            return select(literal_column("1").label("none")).subquery("b")
        arrays = [
            cast(bindparam(f"b_{name}"), ARRAY(BigInteger if kind is int else Text)) for name, kind in columns.items()
        ]
        return func.unnest(*arrays).table_valued(*columns, name="b").render_derived()

    def insert(self, table: Table, rows: Select[Any], ignore: bool) -> Executable:  # noqa: FBT001
        """INSERT … SELECT … ON CONFLICT (key) DO NOTHING."""
        statement = postgresql.insert(table).from_select([item.name for item in table.columns], rows)
        return statement.on_conflict_do_nothing(index_elements=table.primary_key.columns) if ignore else statement

    def insert_one(self, table: Table, row: OneRow, ignore: bool) -> Executable:  # noqa: FBT001
        """INSERT … VALUES … ON CONFLICT (key) DO NOTHING."""
        statement = postgresql.insert(table).values(dict(row.c))
        return statement.on_conflict_do_nothing(index_elements=table.primary_key.columns) if ignore else statement

    def compile(self, statement: Executable, of: Statement) -> Compiled:
        """Compile for asyncpg."""
        return PostgresCompiled(statement, of.columns)


class PostgresTx:
    """A transaction on one connection."""

    def __init__(self, connection: Any, forms: PostgresForms) -> None:
        self._connection = connection
        self._forms = forms
        self.afterwards: list[Callable[[], None]] = []

    async def rows(
        self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value
    ) -> Sequence[Row]:
        """See `Tx`."""
        if batch is not None and not batch:
            return ()
        compiled = statement.on(self._forms)
        try:
            found: Sequence[Row] = await self._connection.fetch(compiled.sql, *compiled.arguments(batch, given))
        except asyncpg.CharacterNotInRepertoireError as error:
            raise unstorable() from error
        return found

    async def run(self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value) -> None:
        """See `Tx`."""
        await self.rows(statement, batch, **given)

    def after_commit(self, call: Callable[[], None]) -> None:
        """See `Tx`."""
        self.afterwards.append(call)


class PostgresServer:
    """A PostgreSQL database and this process's connections to it."""

    forms = PostgresForms()
    slots = _SLOTS
    background_slots = _BACKGROUND_SLOTS

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool: Any = None

    async def open(self, *, writer: bool) -> None:
        """Connect. A server that cannot be reached is named in the error."""
        del writer
        try:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=_SLOTS + _READERS,
                statement_cache_size=512,
                reset=_no_reset,
                server_settings=_PLANNING,
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise Refused(
                "no_database", f"PostgreSQL does not answer at {_without_password(self.url)}: {error}"
            ) from error

    async def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            await self._pool.close()

    async def backend_pid(self) -> int | None:
        """The process id of one of the server's processes, when it runs on this machine."""
        if urlsplit(self.url).hostname not in ("127.0.0.1", "localhost", "::1"):
            return None
        async with self._pool.acquire() as connection:
            pid: int = connection.get_server_pid()
            return pid

    async def vitals(self) -> Vitals:
        """What it is and how large."""
        connection = await self._connection()
        try:
            size = await connection.fetchval("SELECT pg_database_size(current_database())")
            return Vitals("PostgreSQL", connection.get_settings().server_version, size)
        finally:
            await self._pool.release(connection)

    def signals(self) -> "PostgresSignals":
        """How this process is known as alive."""
        return PostgresSignals(self.url)

    def wire(self) -> "PostgresWire":
        """How this process tells the others what changed."""
        return PostgresWire(self.url)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PostgresTx]:
        """BEGIN, statements, COMMIT."""
        async with self._transaction(readonly=False) as transaction:
            yield transaction

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[PostgresTx]:
        """One consistent snapshot."""
        async with self._transaction(readonly=True) as transaction:
            yield transaction

    @asynccontextmanager
    async def _transaction(self, *, readonly: bool) -> AsyncIterator[PostgresTx]:
        isolation = "repeatable_read" if readonly else "read_committed"
        connection = await self._connection()
        try:
            async with connection.transaction(isolation=isolation, readonly=readonly):
                yield PostgresTx(connection, self.forms)
        except _TRANSIENT as error:
            raise Transient(f"PostgreSQL could not do it now: {error}") from error
        finally:
            await self._pool.release(connection)

    async def _connection(self) -> Any:
        try:
            return await self._pool.acquire()
        except (*_TRANSIENT, OSError) as error:
            raise Transient(f"PostgreSQL could not be reached: {error}") from error


async def _no_reset(connection: Any) -> None:
    """Nothing is ever set on a pooled connection, so nothing needs resetting (saves a round trip a transaction)."""
    del connection


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    return f"{head.split('://')[0]}://…@{tail}" if head else url


class PostgresSignals:
    """A process is alive as long as it holds the advisory lock of its number, on a connection of its own.

    The lock goes with the connection, so the work of a killed process is taken over at once; the lease covers a
    machine that vanished without closing it. New jobs are found by a short poll: NOTIFY would take a lock that all
    commits share.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._arguments: tuple[int, Callable[[], None]]

    async def start(self, me: int, woken: Callable[[], None]) -> None:
        """Take the lock of this worker's number."""
        self._arguments = (me, woken)
        self._connection = await asyncpg.connect(self._url)
        await self._connection.fetchval("SELECT pg_advisory_lock($1)", me)

    async def is_gone(self, other: int) -> bool:
        """Whether the other's lock is free; it is only tried, not kept."""
        try:
            if self._connection.is_closed():
                await self.start(*self._arguments)
            free: bool = await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", other)
            if free:
                await self._connection.fetchval("SELECT pg_advisory_unlock($1)", other)
        except _TRANSIENT as error:
            raise Transient(f"PostgreSQL could not be asked who is alive: {error}") from error
        return free

    async def stop(self) -> None:
        """Let the lock go."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


class PostgresWire:
    """LISTEN and NOTIFY on a connection of its own, never inside a transaction that changes orders.

    Transactions that notify take turns at their commit; those that do not are not held up. What is sent is a hint that
    may be lost with the server, so its commit does not wait for the disk.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None

    async def connect(self, heard: Callable[[str], None]) -> None:
        """Listen; a message of this very connection is not heard."""

        def receive(connection: Any, sender: int, _channel: str, message: str) -> None:
            if sender != connection.get_server_pid():
                heard(message)

        try:
            self._connection = await asyncpg.connect(
                self._url, timeout=_ANSWER_SECONDS, server_settings={"synchronous_commit": "off"}
            )
            await self._connection.add_listener(_CHANNEL, receive)
        except (*_TRANSIENT, OSError, TimeoutError) as error:
            raise Transient(f"PostgreSQL could not be listened to: {error}") from error

    async def send(self, messages: Sequence[str]) -> None:
        """One NOTIFY for each message, in one statement."""
        await self._ask("SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message", _CHANNEL, messages)

    async def look(self) -> None:
        """Ask for nothing, to see whether there is an answer."""
        await self._ask("SELECT 1")

    async def close(self) -> None:
        """Listen no more; a connection that is broken is dropped."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _ask(self, sql: str, *arguments: object) -> None:
        try:
            await self._connection.fetch(sql, *arguments, timeout=_ANSWER_SECONDS)
        except (*_TRANSIENT, OSError, TimeoutError) as error:
            raise Transient(f"PostgreSQL could not be told: {error}") from error
