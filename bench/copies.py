"""Copies of orders, made inside the database: all rows of all tables, with ids of an earlier time."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from sqlalchemy import Table, Text

from doorstep.journey.search.model import WEEK_MS
from doorstep.kernel.clock import wall_ms
from doorstep.kernel.ids import id_from
from doorstep.storage.schema import metadata
from tests.postgres_server import execute

_NOT_OF_ORDERS = {"counted_days", "counters", "day_numbers", "items", "jobs", "plans", "stock", "workers"}
_LETTERS = 5  # of an id's time; one step of the last of them is 2^25 ms, a little over nine hours
_STEP_MS = 2**25
_NUMBERS_APART = 10_000_000


class Copies:
    """The orders that are there when the seed is taken, and copies of them. Their ids are of the last nine hours."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._now_ms = wall_ms()
        self._there = 1

    def take_seed(self) -> None:
        """Keep the rows that are to be copied."""
        self._run(
            f"CREATE TABLE seed_{table.name} AS SELECT * FROM {table.name} WHERE {_is_ours(table, self._letters(0))}"  # noqa: S608 - our own names
            for table in _tables()
        )
        self._run(["CREATE TABLE copies (step bigint, letters text)"])

    def grow_to(self, times: int) -> None:
        """Make the seed so many times as large as it was."""
        steps = range(self._there, times)
        values = ", ".join(f"({step}, '{self._letters(step)}')" for step in steps)
        self._run(["DELETE FROM copies", f"INSERT INTO copies VALUES {values}"])  # noqa: S608 - our own numbers
        self._run(_copied(table, self._letters(0)) for table in _tables())
        self._run(["VACUUM ANALYZE"] if self._url.startswith("postgres") else ["PRAGMA wal_checkpoint(TRUNCATE)"])
        self._there = times

    def _letters(self, step: int) -> str:
        """What ids of an earlier time begin with, underscore and all."""
        return "_" + id_from("chk", self._now_ms - step * _STEP_MS, 0).partition("_")[2][:_LETTERS]

    def _run(self, statements: Iterable[str]) -> None:
        if not self._url.startswith("sqlite"):
            for statement in statements:
                execute(self._url, statement)
            return
        with closing(sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)


def _tables() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if table.name not in _NOT_OF_ORDERS)


def _is_ours(table: Table, letters: str) -> str:
    keys = [column.name for column in table.primary_key.columns if isinstance(column.type, Text)]
    return " OR ".join(f"replace({key}, '{letters}', '') <> {key}" for key in keys)


def _copied(table: Table, letters: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_moved(column.name, isinstance(column.type, Text), letters) for column in table.columns)
    # The week of an id is off by one near the end of a week, which no figure shows.
    keys = ", ".join(f"{index}" for index, column in enumerate(table.columns, 1) if column.primary_key)
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM copies, seed_{table.name} ORDER BY {keys}"  # noqa: S608 - our own names


def _moved(name: str, is_text: bool, letters: str) -> str:  # noqa: FBT001 - a column is one or the other
    if name == "week":
        return f"week - (step * {_STEP_MS}) / {WEEK_MS}"
    if name == "number":
        moved = f'CAST(CAST("number" AS bigint) + step * {_NUMBERS_APART} AS text)'
        return f"CASE WHEN \"number\" = '' THEN '' ELSE {moved} END"
    return f"replace(\"{name}\", '{letters}', letters)" if is_text else f'"{name}"'
