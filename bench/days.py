"""A day's orders copied to the days before it, inside the database, moments and ids moved."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, timedelta

from sqlalchemy import Table

from doorstep.journey.ledger.store import facts, headlines, orders
from doorstep.kernel.ids import id_from
from tests.postgres_server import execute

_LETTERS = 5  # of an id's time; one step of the last of them is a little over nine hours
_DAY_MS, _HALF_A_DAY_MS = 86_400_000, 43_200_000
_NUMBERS_APART = 10_000_000
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T)")
_MOMENTS = {"placed_at_ms", "since_ms", "at_ms"}


def copy_back(url: str, placed_ms: int, bodies: Iterable[str], seed: str, days: int) -> None:
    """Copy all orders, placed at one moment, to the same hour of each of so many days before.

    The bodies are those of the orders' facts: they say which dates are to be moved; `seed` is what the orders' ids have
    after their prefix. A copy's id is of some moment in the day before it was placed.
    """
    dates = sorted({date.fromisoformat(found) for body in bodies for found in _DATE.findall(body)})
    steps = ", ".join(f"({step}, {_row(step, placed_ms, dates)})" for step in range(1, days + 1))
    columns = ", ".join(f"d{number} text" for number, _ in enumerate(dates))
    tables = (orders, facts, headlines)
    is_server = url.startswith("postgres")
    _run(
        url,
        [
            *(f"CREATE TABLE seed_{table.name} AS SELECT * FROM {table.name}" for table in tables),  # noqa: S608
            f"CREATE TABLE days_back (step bigint, letters text, {columns})",
            f"INSERT INTO days_back VALUES {steps}",  # noqa: S608 - our own numbers
            *(_copied(table, dates, seed[:_LETTERS]) for table in tables),
            "VACUUM ANALYZE" if is_server else "PRAGMA wal_checkpoint(TRUNCATE)",
        ],
    )


def _row(step: int, placed_ms: int, dates: Sequence[date]) -> str:
    letters = id_from("ord", placed_ms - step * _DAY_MS - _HALF_A_DAY_MS, 0)[4 : 4 + _LETTERS]
    return ", ".join(f"'{text}'" for text in (letters, *(str(day - timedelta(days=step)) for day in dates)))


def _copied(table: Table, dates: Sequence[date], seed: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_moved(column.name, dates, seed) for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM days_back, seed_{table.name} ORDER BY 1"  # noqa: S608


def _moved(name: str, dates: Sequence[date], seed: str) -> str:
    if name in ("id", "order_id"):
        return f"'ord_' || letters || substr({name}, {5 + _LETTERS})"
    if name == "number":
        return f"CAST(CAST(number AS bigint) + step * {_NUMBERS_APART} AS text)"
    if name in _MOMENTS:
        return f"{name} - step * {_DAY_MS}"
    if name != "body":
        return f'"{name}"'
    moved = f"replace({name}, '\"ord_{seed}', '\"ord_' || letters)"
    for number, day in enumerate(dates):  # the earliest first, so that none is moved twice
        moved = f"replace({moved}, '{day}T', d{number} || 'T')"
    return moved


def _run(url: str, statements: Iterable[str]) -> None:
    if url.startswith("postgres"):
        for statement in statements:
            execute(url, statement)
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
