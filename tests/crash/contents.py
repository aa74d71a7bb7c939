"""What a store consists of between two processes: every row of its database and what its providers remember."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from doorstep.storage.schema import metadata

Rows = list[tuple[Any, ...]]

# Which process holds a job and how often it was taken up, who works, when a plan was first written, in which order an
# order's facts came, when the numbers were counted: this may differ after a restart. Headlines are folds over facts,
# and the laws check them.
_OF_NO_ACCOUNT = {
    "workers": {"id", "name", "started_at_ms", "seen_at_ms"},
    "plans": {"stored_at_ms"},
    "jobs": {"owner", "attempt"},
    "facts": {"seq"},
    "headlines": {"seq", "standing", "since_ms"},
    "counted_days": {"counted_at_ms", "facts", "open", "orders", "placed_day", "rules"},
    "day_numbers": {"count", "day", "location", "metric", "placed_day", "total", "up_to"},
}


@dataclass(frozen=True)
class Contents:
    """All rows by table, all journals by name."""

    tables: dict[str, Rows]
    journals: dict[str, bytes]

    def comparable(self) -> dict[str, Rows]:
        """The rows without what is of no account, in one order."""
        return {name: _comparable(name, rows) for name, rows in self.tables.items()}


def _comparable(table: str, rows: Rows) -> Rows:
    kept = [
        i for i, column in enumerate(metadata.tables[table].columns) if column.name not in _OF_NO_ACCOUNT.get(table, ())
    ]
    return sorted({tuple(row[i] for i in kept) for row in rows} - {()})


class Keeper:
    """Looks at a database and the folder of the providers' books from outside, and makes them as they were."""

    def __init__(self, url: str, books: Path) -> None:
        self._url = url
        self._books = books
        self._server: Any = None

    async def open(self) -> None:
        """Connect to the server, if there is one. It need not wait for the disk: processes die here, not machines."""
        if self._url.startswith("postgresql"):
            self._server = await asyncpg.connect(self._url)
            name = await self._server.fetchval("SELECT current_database()")
            await self._server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")

    async def close(self) -> None:
        if self._server:
            await self._server.close()

    async def contents(self) -> Contents:
        """Everything that there is."""
        tables = await _postgres_rows(self._server) if self._server else _sqlite_rows(self._url)
        return Contents(tables, {path.name: path.read_bytes() for path in self._books.iterdir()})

    async def restore(self, contents: Contents) -> None:
        """Make everything as it was."""
        if self._server:
            await _restore_postgres(self._server, contents.tables)
        else:
            _restore_sqlite(self._url, contents.tables)
        for name, text in contents.journals.items():
            (self._books / name).write_bytes(text)


_KEPT_FOR_EVER = {"audit"}  # nothing can be deleted from it, and nobody acts in these stories


def _names() -> Iterable[tuple[str, str]]:
    tables = ((name, table) for name, table in metadata.tables.items() if name not in _KEPT_FOR_EVER)
    return ((name, ", ".join(table.columns.keys())) for name, table in tables)


def _sqlite_rows(url: str) -> dict[str, Rows]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return {
            name: connection.execute(f"SELECT {columns} FROM {name}").fetchall()  # noqa: S608 - our own tables
            for name, columns in _names()
        }


def _restore_sqlite(url: str, tables: dict[str, Rows]) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        for name, columns in _names():
            connection.execute(f"DELETE FROM {name}")  # noqa: S608 - our own tables
            marks = ", ".join("?" for _ in metadata.tables[name].columns)
            connection.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", tables[name])  # noqa: S608


async def _postgres_rows(server: Any) -> dict[str, Rows]:
    return {
        name: [tuple(row) for row in await server.fetch(f"SELECT {columns} FROM {name}")]  # noqa: S608 - our own tables
        for name, columns in _names()
    }


async def _restore_postgres(server: Any, tables: dict[str, Rows]) -> None:
    await server.execute(";".join(f"DELETE FROM {name}" for name, _ in _names()))  # noqa: S608 - our own tables
    for name, rows in tables.items():
        if rows:
            await server.copy_records_to_table(name, records=rows, columns=metadata.tables[name].columns.keys())


async def alter(url: str, statement: str, *values: str) -> None:
    """Change rows behind the store's back; `$1`, `$2` stand for the values."""
    if url.startswith("postgresql"):
        server = await asyncpg.connect(url)
        await server.execute(statement, *values)
        await server.close()
    else:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.execute(statement.replace("$", "?"), values)
