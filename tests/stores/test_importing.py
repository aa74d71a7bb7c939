"""What comes in from files: items are written where they differ, and a count is taken in once."""

from datetime import UTC, datetime, timedelta

from doorstep.catalog import store as catalog
from doorstep.catalog.flow import Catalog
from doorstep.catalog.model import Item
from doorstep.stock import store as stock
from doorstep.stock.flow import Shelf
from doorstep.stock.model.counting import Counted, Tallied, Tally
from doorstep.stock.model.sourcing import Hold, Want
from doorstep.storage.database import Database

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
TEA, CUP = Item("TEA", "Tea", 495, 100), Item("CUP", "Cup", 700, 300)


async def count(database: Database, name: str, on_hand: int) -> Tallied:
    tally = Tally(name=name, at=NOON, counts=(Counted(2, "TEA", "north", on_hand),))
    async with database.begin() as tx:
        return await Shelf().count(tx, tally)


async def on_hand(database: Database) -> int:
    async with database.read() as tx:
        (balance,) = await stock.balances(tx)
        assert (await stock.movement_sums(tx))["TEA", "north"][0] == balance.on_hand
    return balance.on_hand


async def test_items_are_brought_in_and_then_unchanged(database: Database) -> None:
    async with database.begin() as tx:
        first = await Catalog().bring_in(tx, [TEA, CUP])
        again = await Catalog().bring_in(tx, [TEA, CUP])
        assert await catalog.load(tx, ["TEA", "CUP"]) == {"TEA": TEA, "CUP": CUP}
    assert (len(first.new), len(again.new), again.unchanged) == (2, 0, 2)


async def test_an_item_that_differs_is_changed(database: Database) -> None:
    dearer = Item("TEA", "Tea", 595, 100)
    async with database.begin() as tx:
        await Catalog().bring_in(tx, [TEA, CUP])
        outcome = await Catalog().bring_in(tx, [dearer])
        assert await catalog.load(tx, ["TEA", "CUP"]) == {"TEA": dearer, "CUP": CUP}
    assert [one.before for one in outcome.changed] == [TEA]


async def test_a_count_makes_the_balance(database: Database) -> None:
    assert (await count(database, "monday", 7)).new == 1
    assert (await count(database, "tuesday", 5)).changed[0][1] == 7
    assert await on_hand(database) == 5


async def test_a_count_that_is_repeated_changes_nothing_more(database: Database) -> None:
    await count(database, "monday", 7)
    await count(database, "tuesday", 5)
    assert (await count(database, "monday", 7)).earlier == 1
    assert await on_hand(database) == 5


async def test_a_count_below_what_is_promised_is_not_taken_in(database: Database) -> None:
    await count(database, "monday", 7)
    wish = Hold(Want("ord_1", ((1, "TEA", 3),), ("north",)), NOON, NOON + timedelta(hours=1))
    async with database.begin() as tx:
        await Shelf().hold(tx, [wish])
    outcome = await count(database, "tuesday", 2)
    assert [one.reason for one in outcome.bad] == ["3 are promised to orders, so it cannot be 2."]
    assert await on_hand(database) == 7
