"""Which step of the history a database is at. It is asked at every start, so it needs no Alembic."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Select, column, select, table

from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.sqlite import SqliteFile
from doorstep.storage.statement import plain
from doorstep.storage.transaction import Tx

VERSIONS = Path(__file__).parent / "versions"
LOCK_WAIT_SECONDS = 60.0
_QUERY: Select[Any] = select(column("version_num")).select_from(table("alembic_version"))
_VERSION = plain(_QUERY)


def known() -> list[str]:
    """The numbers of the steps that this program has, oldest first."""
    return sorted(path.name[1:5] for path in VERSIONS.glob("r*.py"))


def head() -> str:
    """The step that this program needs."""
    return known()[-1]


async def step_of(tx: Tx) -> str:
    """The step that an open database is at."""
    return str((await tx.rows(_VERSION))[0][0])


async def is_current(database_url: str) -> bool:
    """Whether the database is at `head`; one that is empty, or a file that does not exist, is not.

    Refused when a newer program has migrated it, or when no server answers.
    """
    database = Database(database_url)
    if isinstance(database.engine, SqliteFile):
        found = await asyncio.to_thread(_of_file, database.engine.path)
    else:
        found = await _of_server(database)
    refuse_newer(found)
    return found == head()


def refuse_newer(found: str | None) -> None:
    """Refused when a database is at a step that this program does not have."""
    if found is not None and found not in known():
        raise Refused(
            "database_is_newer",
            f"A newer Doorstep has migrated the database to version {found}; this one knows versions up to {head()}. "
            "Install the newer one, or restore the backup from before the migration.",
        )


def _of_file(path: Path) -> str | None:
    """Read only, and leaving the file's journal mode alone, because another process may be migrating it."""
    if not path.exists():
        return None
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=LOCK_WAIT_SECONDS)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute(str(_QUERY)).fetchone()
    return str(row[0]) if row else None


async def _of_server(database: Database) -> str | None:
    await database.open(writer=False)
    try:
        async with database.read() as tx:
            rows = await tx.rows(_VERSION)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await database.close()
    return str(rows[0][0]) if rows else None
