"""How the databases find what the board and the work list show: by indexes, however many orders have ended."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import pytest_asyncio

from doorstep.journey.ledger.store import headlines
from doorstep.journey.overview.work import WorkQuery
from doorstep.storage.schema import metadata
from doorstep.storage.statement import Compiled, Forms, Row, Statement, Value, insert_rows
from doorstep.storage.transaction import Tx
from tests.an_order import Store, an_order, open_store

_ENDED = 20_000
_OPEN = "ix_headlines_open"
_OF_UNFINISHED = {
    index.name
    for table in metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None
}
_GROWING = {"orders", "headlines", "facts", "order_terms", "fulfillment_orders", "shipments", "returns", "notices"}


class Explained:
    """A statement that tells its plan instead of doing anything."""

    only_locks = False
    each_sql = ""

    def __init__(self, statement: Statement, forms: Forms) -> None:
        self._compiled: Any = statement.on(forms)
        words = "EXPLAIN QUERY PLAN" if forms.name == "sqlite" else "EXPLAIN (FORMAT JSON)"
        self.sql = f"{words} {self._compiled.sql}"

    def on(self, _forms: Forms) -> Compiled:
        return self

    def arguments(self, rows: Sequence[Sequence[Value]] | None, given: Mapping[str, Value]) -> Any:
        return self._compiled.arguments(rows, given)


class Noting:
    """A transaction that asks for the plan of every statement before it runs it."""

    def __init__(self, tx: Tx, forms: Forms) -> None:
        self._tx, self._forms = tx, forms
        self.plans: list[list[Row]] = []

    async def rows(
        self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value
    ) -> Sequence[Row]:
        if batch is None or batch:
            plan: Any = Explained(statement, self._forms)
            self.plans.append([*await self._tx.rows(plan, batch, **given)])
        return await self._tx.rows(statement, batch, **given)


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store with a few open orders and very many that have ended."""
    async with open_store(database_url) as store:
        for name in "abc":
            await an_order(store, name).released()
        ended = [(f"ord_0{n:06}", f"{n}", n, "delivered", n, "captured", 9, "{}" * 500, 0, "1") for n in range(_ENDED)]
        async with store.app.database.begin() as tx:
            await tx.run(insert_rows(headlines), ended)
        yield store


async def test_the_board_reads_indexes(store: Store) -> None:
    found = await _accesses(store, lambda tx: store.app.overview.board(tx, store.now))
    assert _OPEN in {index for index, _ in found}
    assert [one for one in found if not _is_by_index(*one)] == []


async def test_the_work_list_reads_open_orders_only(store: Store) -> None:
    found = await _accesses(store, lambda tx: store.app.overview.work(tx, WorkQuery(), store.now))
    assert _OPEN in {index for index, _ in found}
    assert [one for one in found if not _is_by_index(*one)] == []


async def _accesses(store: Store, read: Any) -> list[tuple[str, bool]]:
    """The index by which each table that grows is read, if any, and whether it is entered by a key."""
    forms = store.app.database.engine.forms
    async with store.app.database.read() as tx:
        noting = Noting(tx, forms)
        await read(noting)
    told = _by_sqlite if forms.name == "sqlite" else _by_postgres
    return [access for plan in noting.plans for row in plan for access in told(row)]


def _is_by_index(index: str, has_key: bool) -> bool:  # noqa: FBT001 - as a plan tells it
    return index in _OF_UNFINISHED or bool(index and has_key)


def _by_sqlite(row: Row) -> Iterator[tuple[str, bool]]:
    """A line such as "SEARCH headlines USING COVERING INDEX ix_headlines_stage (stage=? AND order_id>?)"."""
    how, table, *rest = row[3].split()
    if how in ("SCAN", "SEARCH") and table in _GROWING:
        text = " ".join(rest)
        name = text.partition("INDEX ")[2].partition(" ")[0] or text.partition("USING ")[2]
        yield name, how == "SEARCH"


def _by_postgres(row: Row) -> Iterator[tuple[str, bool]]:
    nodes = [one["Plan"] for one in json.loads(row[0])]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node.get("Relation Name") in _GROWING or (not node.get("Relation Name") and "Index Name" in node):
            yield _index_of(node), "Index Cond" in node or "Recheck Cond" in node


def _index_of(node: Mapping[str, Any]) -> str:
    """A bitmap's heap scan has no index of its own; that of the scan below it is told too."""
    return str(node.get("Index Name") or ("bitmap" if node["Node Type"] == "Bitmap Heap Scan" else ""))
