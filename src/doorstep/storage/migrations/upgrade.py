"""Taking the steps: under a lock, in one transaction, so that a database is never between two of them."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, create_engine, event, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from doorstep.storage.database import Database
from doorstep.storage.migrations.version import LOCK_WAIT_SECONDS, VERSIONS, refuse_newer
from doorstep.storage.schema import metadata
from doorstep.storage.sqlite import SqliteFile

# Two numbers: processes on record lock with one number, and PostgreSQL keeps the two kinds apart.
_LOCK = select(func.pg_advisory_xact_lock(0x646F6F72, 1))


async def upgrade(database_url: str) -> list[str]:
    """Take every step that the database lacks; returns their numbers."""
    engine = Database(database_url).engine
    if isinstance(engine, SqliteFile):
        return await asyncio.to_thread(_upgrade_file, engine.path)
    return await _upgrade_server(engine.url)


def history() -> ScriptDirectory:
    """The steps as Alembic reads them."""
    return ScriptDirectory(str(VERSIONS.parent))


def take_steps(connection: Connection, last: str = "head") -> list[str]:
    """Take the steps up to `last` in the caller's transaction; returns the numbers of those that were lacking."""
    names = MetaData(naming_convention=metadata.naming_convention)
    context = MigrationContext.configure(connection, opts={"target_metadata": names})
    current = context.get_current_revision()
    refuse_newer(current)
    steps = [*history().iterate_revisions(last, current or "base")][::-1]
    for step in steps:
        step.module.upgrade(Operations(context))
        context.stamp(history(), step.revision)
    return [step.revision for step in steps]


def _upgrade_file(path: Path) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, timeout=LOCK_WAIT_SECONDS, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "begin", _begin)
    with engine.begin() as connection:
        return take_steps(connection)


def _begin(connection: Connection) -> None:
    """Python's driver would begin after the first CREATE TABLE, and without the lock."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def _upgrade_server(url: str) -> list[str]:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.execute(_LOCK)
        return await connection.run_sync(take_steps)
