"""A database that has tables in it, open for one test."""

import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing

from sqlalchemy import Dialect, MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from doorstep.catalog import store as _catalog
from doorstep.jobs import store as _jobs
from doorstep.journey.ledger import store as _ledger
from doorstep.journey.plans import store as _plans
from doorstep.stock import store as _stock
from doorstep.storage.database import Database, Probe
from doorstep.storage.schema import metadata
from tests.postgres_server import execute

STORES = (_catalog, _jobs, _ledger, _plans, _stock)


@asynccontextmanager
async def opened(url: str, *, tables: MetaData = metadata, probe: Probe | None = None) -> AsyncIterator[Database]:
    """A database with empty tables: those of the lower floors' stores, unless others are given."""
    create(url, tables)
    async with again(url, probe=probe) as database:
        yield database


@asynccontextmanager
async def again(url: str, *, probe: Probe | None = None) -> AsyncIterator[Database]:
    """A database whose tables are there already, as the next process or a second one opens it."""
    database = Database(url, probe or (lambda _point: None))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def create(url: str, tables: MetaData) -> None:
    """Make the tables, empty."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(";".join(_statements(tables, sqlite.dialect())))
    else:
        execute(url, ";".join(_statements(tables, postgresql.dialect())))  # type: ignore[no-untyped-call]


def _statements(tables: MetaData, dialect: Dialect) -> Iterable[str]:
    for table in tables.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        yield from (str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
