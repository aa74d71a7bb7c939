"""Many tell of one order at the same moment: every fact is told once, numbered once, and counted once."""

import asyncio

from doorstep.journey import facts as f
from doorstep.storage.database import Database
from tests.stores.a_ledger import Story


async def test_facts_that_are_told_at_once_are_all_counted(database: Database) -> None:
    story = Story(database)
    await story.begin()
    events = [story.fact(f.ParcelTracked, event_id=f"e{n}", parcel_id="B1", status="moving") for n in range(20)]
    await asyncio.gather(*(story.tell(event) for event in events))
    assert [seq for seq, _ in await story.told()] == list(range(1, 22))
    assert await story.headline() == await story.rebuilt()


async def test_a_fact_that_is_told_by_many_at_once_is_one(database: Database) -> None:
    story = Story(database)
    await story.begin()
    fresh = await asyncio.gather(*(story.tell(story.authorized()) for _ in range(10)))
    assert sorted(map(len, fresh)) == [0] * 9 + [1]
    assert await story.headline() == await story.rebuilt()


async def test_an_order_that_is_placed_by_many_at_once_is_placed_once(database: Database) -> None:
    story = Story(database)
    placed = await asyncio.gather(*(story.begin() for _ in range(10)))
    assert sorted(map(len, placed)) == [0] * 9 + [1]
