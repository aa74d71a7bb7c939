"""Copies of orders, made inside the database: all rows of all tables, with ids, moments and numbers of an earlier time.

A copy is an order as it would have been some days before: its id and its number are its own, and so are its customer's
e-mail address and its parcels' tracking numbers; its moments are whole days earlier.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta

from msgspec import Struct
from sqlalchemy import Dialect, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, DropIndex

from doorstep.journey.ledger.store import encode, headline_rows, load_facts, load_orders, order_ids
from doorstep.journey.search.model import WEEK_MS
from doorstep.kernel.clock import wall_ms
from doorstep.kernel.ids import id_from
from doorstep.storage.database import Database
from doorstep.storage.schema import metadata
from tests.postgres_server import execute

_NOT_OF_ORDERS = {"counted_days", "counters", "day_numbers", "items", "jobs", "plans", "stock", "workers"}
_LETTERS = 5  # of an id's time; one step of the last of them is 2^25 ms, a little over nine hours
STEP_MS = 2**25
_DAY_MS = 86_400_000
_NUMBERS_APART = 10_000_000
_STEPS_AT_ONCE = 50
_TRACKING_CHARS = 18  # no other term of an order is as long, but for addresses
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T)")
_MOMENT = re.compile(r"(?<!\d)1[5-9]\d{11}(?!\d)")


class Times(Struct, frozen=True):
    """The dates that orders and facts name, and the moments (milliseconds) that each order's standing names."""

    dates: tuple[date, ...] = ()
    moments: Mapping[str, tuple[int, ...]] = {}


class Copies:
    """The orders that are there when the seed is taken, and copies of them.

    Their ids are of the nine hours around a moment, the machine's own if none is given. With their times moments are
    moved too.
    """

    def __init__(self, url: str, moment_ms: int | None = None, times: Times = Times()) -> None:  # noqa: B008 - frozen
        self._url = url
        self._moment_ms = wall_ms() if moment_ms is None else moment_ms
        self._dates = sorted(times.dates)
        self._moments = times.moments
        self._moments_most = max(map(len, times.moments.values()), default=0)
        self._there = 1

    def take_seed(self) -> None:
        """Keep the rows that are to be copied."""
        self._run(
            f"CREATE TABLE seed_{table.name} AS SELECT * FROM {table.name} WHERE {_is_ours(table, self.letters(0))}"  # noqa: S608 - our own names
            for table in _tables()
        )
        columns = "".join(f", d{number} text" for number, _ in enumerate(self._dates))
        self._run(["CREATE INDEX seed_orders_id ON seed_orders (id)", *self._kept_moments()])
        self._run([f"CREATE TABLE copies (step bigint, letters text, days bigint{columns})"])

    def grow_to(self, times: int) -> None:
        """Make the seed so many times as large as it was."""
        is_server = self._url.startswith("postgres")
        dialect: Dialect = postgresql.dialect() if is_server else sqlite.dialect()  # type: ignore[no-untyped-call]
        indexes = [index for table in _tables() for index in table.indexes]
        self._run(str(DropIndex(index).compile(dialect=dialect)) for index in indexes)
        for first in range(self._there, times, _STEPS_AT_ONCE):
            values = ", ".join(self._step(step) for step in range(first, min(first + _STEPS_AT_ONCE, times)))
            self._run(["DELETE FROM copies", f"INSERT INTO copies VALUES {values}"])  # noqa: S608 - our own numbers
            self._run(self._copied(table) for table in _tables())
        self._run(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
        self._run(["VACUUM ANALYZE"] if is_server else ["PRAGMA wal_checkpoint(TRUNCATE)"])
        self._there = times

    def letters(self, step: int) -> str:
        """What ids of an earlier time begin with, underscore and all."""
        return "_" + id_from("chk", self._moment_ms - step * STEP_MS, 0).partition("_")[2][:_LETTERS]

    def _step(self, step: int) -> str:
        """Whole days between the moments of an order and of its copy, never more than between their ids."""
        days = step * STEP_MS // _DAY_MS if self._dates else 0
        moved = "".join(f", '{one - timedelta(days=days)}'" for one in self._dates)
        return f"({step}, '{self.letters(step)}', {days}{moved})"

    def _kept_moments(self) -> Iterator[str]:
        """Each order's moments in a row; where there are fewer than of others, the last is there more than once."""
        if self._moments_most:
            columns = "".join(f", m{number} bigint" for number in range(self._moments_most))
            yield f"CREATE TABLE seed_moments (order_id text PRIMARY KEY{columns})"
            for order_id, found in self._moments.items():
                filled = (*found, *(found[-1:] * (self._moments_most - len(found))))
                yield f"INSERT INTO seed_moments VALUES ('{order_id}', {', '.join(map(str, filled))})"  # noqa: S608

    def _run(self, statements: Iterable[str]) -> None:
        if not self._url.startswith("sqlite"):
            for statement in statements:
                execute(self._url, statement)
            return
        with closing(sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            for statement in statements:
                connection.execute(statement)

    def _copied(self, table: Table) -> str:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(self._moved(table.name, column.name, column.type) for column in table.columns)
        # The week of an id is off by one near the end of a week, which no figure shows.
        keys = ", ".join(f"{index}" for index, column in enumerate(table.columns, 1) if column.primary_key)
        return f"INSERT INTO {table.name} ({names}) SELECT {values} FROM copies, seed_{table.name} AS s ORDER BY {keys}"  # noqa: S608 - our own names

    def _moved(self, table: str, name: str, kind: object) -> str:
        if name == "week":
            return f"week - (step * {STEP_MS}) / {WEEK_MS}"
        if name.endswith("_ms"):
            return f"CASE WHEN {name} > 0 THEN {name} - days * {_DAY_MS} ELSE {name} END"
        if not isinstance(kind, Text):
            return f'"{name}"'
        if name in _OWN_NUMBER:
            return _number(f'"{name}"')
        if table == "order_terms" and name == "term":
            return _TERM
        moved = f"replace(\"{name}\", '{self.letters(0)}', letters)"
        if name == "body":
            for number, day in enumerate(self._dates):  # the earliest first, so that none is moved twice
                moved = f"replace({moved}, '{day}T', d{number} || 'T')"
        if (table, name) == ("headlines", "standing"):
            for number in range(self._moments_most):
                one = f"(SELECT m{number} FROM seed_moments WHERE order_id = s.order_id)"  # noqa: S608 - our own names
                moved = f"replace({moved}, CAST({one} AS text), CAST({one} - days * {_DAY_MS} AS text))"
        before, after = _OWN.get((table, name), ("", ""))
        return f"{before}{moved}{after}"


async def times_of(database: Database) -> Times:
    """All times of the orders that are there."""
    async with database.read() as tx:
        ids = await order_ids(tx, "", 1_000_000)
        bodies = [encode(fact) for facts in (await load_facts(tx, ids)).values() for _, fact in facts]
        placed = {order.placed_at.date() for order in (await load_orders(tx, ids)).values()}
        rows = await headline_rows(tx, ids)
    dates = placed | {date.fromisoformat(day) for body in bodies for day in _DATE.findall(body)}
    moments = {order_id: sorted(set(map(int, _MOMENT.findall(str(row))))) for order_id, row in rows.items()}
    return Times(tuple(dates), {order_id: tuple(found) for order_id, found in moments.items()})


def _number(column: str) -> str:
    return f"CASE WHEN {column} = '' THEN '' ELSE CAST(CAST({column} AS bigint) + step * {_NUMBERS_APART} AS text) END"


_OWN_NUMBER = {"number", "order_number"}
_IS_NUMBER = "term = (SELECT number FROM seed_orders WHERE id = s.order_id)"
_TERM = (
    "CASE WHEN term LIKE '%@%' THEN 'c' || step || '.' || term "
    f"WHEN {_IS_NUMBER} THEN {_number('term')} "
    f"WHEN length(term) >= {_TRACKING_CHARS} THEN term || step ELSE term END"
)
# What is put before and after a column's own text once it is moved.
_OWN = {
    ("orders", "body"): (
        "replace(replace(",
        f", '\"number\":\"' || number || '\"', '\"number\":\"' || {_number('number')} || '\"'), "
        "'\"email\":\"', '\"email\":\"c' || step || '.')",
    ),
    ("notices", "recipient"): ("'c' || step || '.' || ", ""),
    ("notices", "subject"): ("replace(", f", order_number, {_number('order_number')})"),
    ("notices", "text"): ("replace(", f", order_number, {_number('order_number')})"),
    ("shipments", "tracking_number"): ("", " || step"),
}


def _tables() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if table.name not in _NOT_OF_ORDERS)


def _is_ours(table: Table, letters: str) -> str:
    keys = [column.name for column in table.primary_key.columns if isinstance(column.type, Text)]
    return " OR ".join(f"replace({key}, '{letters}', '') <> {key}" for key in keys)
