"""A migrated database has what the stores' tables say, on SQLite and on PostgreSQL, whoever comes first."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, NullPool, Table, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate
from doorstep.storage.migrations.tables import all_tables
from doorstep.storage.migrations.upgrade import history
from doorstep.storage.migrations.version import VERSIONS, head, is_current, known
from doorstep.storage.migrations.write import write_step
from doorstep.storage.statement import Value, insert_rows, select_by

Found = TypeVar("Found")

_START = """
import asyncio, sys
from doorstep.storage.migrations.migrate import migrate
steps = asyncio.run(migrate(sys.argv[1]))
print(len(steps), "alembic" in sys.modules)
"""


async def on(url: str, look: Callable[[Connection], Found]) -> Found:
    """What a function finds on a connection of its own; what it writes is kept."""
    if url.startswith("sqlite"):
        with create_engine(url, poolclass=NullPool).begin() as connection:
            return look(connection)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(look)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def without_rowid(connection: Connection) -> set[str]:
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    return {name for name, sql in found if sql.rstrip().endswith("WITHOUT ROWID")}


def indexes(connection: Connection) -> dict[str, str]:
    """Every index by name, as the database itself writes it down, conditions included."""
    on_sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    on_postgres = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    found = connection.execute(text(on_sqlite if connection.dialect.name == "sqlite" else on_postgres))
    return {name: " ".join(sql.split()) for name, sql in found if not name.startswith("alembic_")}


def as_the_tables_say(connection: Connection) -> dict[str, str]:
    """The indexes of the tables after they are made anew, without the history."""
    all_tables().drop_all(connection)
    all_tables().create_all(connection)
    return indexes(connection)


def stamp_as_newer(connection: Connection) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


async def written_and_read(url: str, table: Table, row: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """The rows of a table after one was written to it, in another transaction."""
    database = Database(url)
    await database.open()
    try:
        async with database.begin() as tx:
            await tx.run(insert_rows(table), [row])
        async with database.read() as tx:
            key = next(iter(table.primary_key.columns)).name
            return [tuple(found) for found in await tx.rows(select_by(table, [key]), [(row[0],)])]
    finally:
        await database.close()


def largest(table: Table) -> tuple[Value, ...]:
    """A row that only 64-bit numbers and full Unicode can hold."""
    return tuple(2**63 - 1 if column.type.python_type is int else f"{column.name} é 北 📦" for column in table.columns)


def test_the_steps_stand_in_one_line() -> None:
    numbers = [path.name[1:5] for path in sorted(VERSIONS.glob("r*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    steps = [script.revision for script in history().walk_revisions()]
    assert steps[::-1] == numbers


async def test_a_migrated_database_is_what_the_tables_say(database_url: str) -> None:
    await migrate(database_url)
    differences = await on(
        database_url, lambda connection: compare_metadata(MigrationContext.configure(connection), all_tables())
    )
    assert differences == []


async def test_a_migrated_database_has_the_indexes_and_their_conditions(database_url: str) -> None:
    await migrate(database_url)
    migrated = await on(database_url, indexes)
    assert migrated == await on(database_url, as_the_tables_say)
    assert "WHERE" in migrated["ix_jobs_due"]


async def test_a_migrated_file_keeps_the_tables_without_rowid(sqlite_url: str) -> None:
    await migrate(sqlite_url)
    wanted = {table.name for table in all_tables().tables.values() if not table.dialect_options["sqlite"]["with_rowid"]}
    assert wanted
    assert await on(sqlite_url, without_rowid) == wanted


async def test_every_column_holds_what_the_program_puts_there(database_url: str) -> None:
    await migrate(database_url)
    for table in all_tables().sorted_tables:
        assert await written_and_read(database_url, table, largest(table)) == [largest(table)]


async def test_migrating_takes_every_step_once(database_url: str) -> None:
    assert not await is_current(database_url)
    assert await migrate(database_url) == known()
    assert await is_current(database_url)
    assert await migrate(database_url) == []


async def test_of_many_that_start_at_once_one_migrates(database_url: str) -> None:
    taken = await asyncio.gather(*(migrate(database_url) for _ in range(5)))
    assert sorted(taken) == [[], [], [], [], known()]


async def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    command = [sys.executable, "-c", _START, database_url]
    starting = [await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for _ in range(3)]
    said = [(await process.communicate())[0].split()[0] for process in starting]
    assert sorted(said) == [b"0", b"0", str(len(known())).encode()]


async def test_a_database_of_a_newer_program_is_refused(database_url: str) -> None:
    await migrate(database_url)
    await on(database_url, stamp_as_newer)
    with pytest.raises(Refused, match="version 9999") as refused:
        await migrate(database_url)
    assert refused.value.code == "database_is_newer"


async def test_a_migration_that_fails_leaves_nothing_behind(database_url: str) -> None:
    await on(database_url, lambda connection: connection.execute(text("CREATE TABLE workers (hours bigint)")))
    with pytest.raises(DBAPIError, match="workers"):
        await migrate(database_url)
    assert await on(database_url, tables) == {"workers"}


async def test_a_current_database_is_not_looked_at_twice(database_url: str) -> None:
    await migrate(database_url)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _START, database_url, stdout=subprocess.PIPE)
    assert (await process.communicate())[0].split() == [b"0", b"False"]


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1:1") as refused:
        await migrate("postgresql://doorstep@127.0.0.1:1/shop")
    assert refused.value.code == "no_database"


async def test_a_relative_path_starts_where_the_program_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await migrate("sqlite:///shop #1/orders?.db")
    assert await is_current(f"sqlite:///{tmp_path}/shop #1/orders?.db")


def test_the_files_are_the_history() -> None:
    steps = [*history().walk_revisions()][::-1]
    assert [step.revision for step in steps] == known() == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert history().get_heads() == [head()]
    assert {Path(step.path).parent for step in steps} == {VERSIONS}


def test_there_is_nothing_left_to_write() -> None:
    with pytest.raises(Refused, match="nothing to write") as refused:
        write_step("nothing")
    assert refused.value.code == "nothing_to_migrate"


def test_a_step_is_named_plainly() -> None:
    with pytest.raises(Refused, match="no name for a step"):
        write_step("../Add bins")
