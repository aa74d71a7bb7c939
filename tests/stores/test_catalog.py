"""Items are written, replaced and read as they were written."""

from doorstep.catalog import store
from doorstep.catalog.model import Item
from doorstep.storage.database import Database

MUG, CUP = Item("MUG", "Mug “blue”", 900, 300, "4006381333931"), Item("CUP", "Cup 🍵", 500, 100, "", "reduced")


async def test_an_item_is_read_as_it_was_written(database: Database) -> None:
    async with database.begin() as tx:
        await store.put(tx, [MUG, CUP])
        assert await store.load(tx, ["CUP", "MUG", "MUG", "PAN"]) == {"CUP": CUP, "MUG": MUG}


async def test_sides_danger_and_substitutes_are_kept(database: Database) -> None:
    lamp = Item("LAMP", "Lamp", 2000, 800, "", "standard", 300, 200, 90, is_dangerous=True, substitutes="MUG CUP")
    async with database.begin() as tx:
        await store.put(tx, [lamp])
        (read,) = (await store.load(tx, ["LAMP"])).values()
    assert (read, read.is_dangerous) == (lamp, True)


async def test_an_item_is_replaced(database: Database) -> None:
    dearer = Item("MUG", "Mug", 1000, 300)
    async with database.begin() as tx:
        await store.put(tx, [MUG, CUP])
        await store.put(tx, [dearer])
        assert await store.load(tx, ["CUP", "MUG"]) == {"CUP": CUP, "MUG": dearer}


async def test_items_are_paged_in_order(database: Database) -> None:
    async with database.begin() as tx:
        await store.put(tx, [Item(f"{number:02}", "", 1, 1) for number in range(5)])
        pages = [await store.page(tx, after, 2) for after in ("", "01", "03", "04")]
    assert [[item.sku for item in page] for page in pages] == [["00", "01"], ["02", "03"], ["04"], []]
