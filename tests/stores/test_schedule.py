"""A schedule is one job that comes again by itself, for ever."""

from datetime import timedelta

from doorstep.storage.database import Database
from tests.stores.a_worker import NOON, Packing, broken, open_shop, poisoned

HOUR = timedelta(hours=1)


async def test_a_schedule_comes_again_by_itself(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.hourly()) as shop:
        turns = [await shop.drain(timedelta(minutes=20)) for _ in range(7)]
    assert turns == [1, 0, 1, 0, 0, 1, 0]
    assert [task.at - NOON for task in packing.tasks] == [HOUR * hour for hour in range(3)]


async def test_missed_turns_are_not_made_up_for(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.hourly()) as shop:
        assert [await shop.drain(), await shop.drain(HOUR * 24), await shop.drain()] == [1, 1, 0]


async def test_two_starts_are_one_schedule(database: Database) -> None:
    packing = Packing()
    for _ in range(2):
        async with open_shop(database, packing.hourly()) as shop:
            await shop.drain()
    assert len(packing.tasks) == 1


async def test_a_schedule_is_never_given_up(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.hourly()) as shop:
        for _ in range(12):
            await shop.drain(HOUR)
        packing.before = broken
        for _ in range(30):
            await shop.drain(HOUR * 3)
        packing.before = poisoned()
        assert (await shop.given_up(), await shop.drain(HOUR * 3)) == ([], 1)


async def test_a_turn_that_fails_is_tried_again_before_the_next(database: Database) -> None:
    packing = Packing(before=broken)
    async with open_shop(database, packing.hourly()) as shop:
        await shop.drain()
        packing.before = poisoned()
        assert await shop.drain(timedelta(seconds=2)) == 1
