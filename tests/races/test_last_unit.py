"""Many want the last units at the same moment: each unit is promised to one, and nobody waits for ever."""

import asyncio
from datetime import UTC, datetime

import pytest

from doorstep.stock import store
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Hold, Moved, Source, Want
from doorstep.storage.database import Database

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
SHELF = Shelf()


async def receive(database: Database, *skus: str, count: int) -> None:
    async with database.begin() as tx:
        await SHELF.receive(tx, [Moved("r", NOON, tuple(Source("main", 1, sku, count) for sku in skus))])


async def hold(database: Database, key: str, *skus: str) -> bool:
    wanted = Want(key, tuple((position, sku, 1) for position, sku in enumerate(skus, 1)), ("main",))
    async with database.begin() as tx:
        [taken] = await SHELF.hold(tx, [Hold(wanted, NOON, NOON)])
    return isinstance(taken[0], Source)


async def test_seven_units_are_promised_to_seven(database: Database) -> None:
    await receive(database, "MUG", count=7)
    held = await asyncio.gather(*(hold(database, f"o{number}", "MUG") for number in range(30)))
    assert sum(held) == 7


async def test_orders_that_want_the_same_items_in_another_order_never_lock_each_other_out(database: Database) -> None:
    skus = ("A", "B", "C", "D")
    await receive(database, *skus, count=50)
    turns = [skus[turn % 4 :] + skus[: turn % 4] for turn in range(40)]
    held = await asyncio.gather(*(hold(database, f"o{turn}", *wanted) for turn, wanted in enumerate(turns)))
    assert sum(held) == 40


async def test_the_balance_is_what_all_have_taken(database: Database) -> None:
    await test_seven_units_are_promised_to_seven(database)
    async with database.read() as tx:
        assert await store.movement_sums(tx) == {("MUG", "main"): (7, 7, 0)}
        assert len(await store.active(tx)) == 7


@pytest.mark.parametrize("end", ["commit", "let_go"])
async def test_a_hold_ends_once_though_two_end_it(database: Database, end: str) -> None:
    await receive(database, "MUG", count=1)
    await hold(database, "o1", "MUG")

    async def finish(act: str) -> int:
        async with database.begin() as tx:
            return len(await getattr(SHELF, act)(tx, {"o1": NOON}))

    ended = await asyncio.gather(finish(end), finish("let_go"), finish(end), finish("commit"))
    assert sum(ended) == 1
