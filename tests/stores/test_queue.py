"""Jobs are enqueued with the work that wants them, once, and by whoever has room for them run at once."""

from datetime import datetime, timedelta

import pytest

from doorstep.jobs import store
from doorstep.jobs.model import Job
from doorstep.jobs.queue import Queue
from doorstep.storage.database import Database
from tests.stores.a_worker import NOON, Packing, a_shop, open_shop, pack


async def test_a_job_is_kept_with_the_transaction_that_wants_it(database: Database) -> None:
    shop = a_shop(database, [])
    await shop.enqueue(*pack("a", "b"))
    assert await shop.counts() == {"pack": (2, 0, 0)}


async def test_a_job_goes_with_the_transaction_that_wanted_it(database: Database) -> None:
    async def change_ones_mind(queue: Queue) -> None:
        async with database.begin() as tx:
            await queue.enqueue(tx, pack("a"))
            raise ValueError("no")

    async with open_shop(database, Packing().kind()) as shop:
        with pytest.raises(ValueError, match="no"):
            await change_ones_mind(shop.queue)
        assert (await shop.counts(), shop.queue.held) == ({}, set())


async def test_the_same_key_is_the_same_job(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a", "a"))
        await shop.enqueue(*pack("a", "b"))
        assert await shop.drain() == 2
    assert packing.batches == [["a", "b"]]


async def test_a_job_that_is_done_may_come_again(database: Database) -> None:
    async with open_shop(database, Packing().kind()) as shop:
        await shop.enqueue(*pack("a"))
        await shop.drain()
        await shop.enqueue(*pack("a"))
        assert await shop.drain() == 1


async def test_a_job_that_this_process_can_run_now_is_born_its_own(database: Database) -> None:
    async with open_shop(database, Packing().kind()) as shop:
        await shop.enqueue(*pack("a"))
        assert await shop.owned() == [Job("pack:a", "pack", '"a"', 1714996800000, 0)]
        assert shop.queue.take_batch("pack", 10) == await shop.owned()


@pytest.mark.parametrize(("kind", "due"), [("ship", NOON), ("pack", NOON + timedelta(minutes=1))])
async def test_a_job_for_another_or_for_later_is_born_free(database: Database, kind: str, due: datetime) -> None:
    async with open_shop(database, Packing().kind()) as shop:
        await shop.enqueue(*pack("a", kind=kind, due=due))
        assert await shop.counts() == {kind: (1, 0, 0)}


async def test_a_process_holds_no_more_than_it_has_room_for(database: Database) -> None:
    async with open_shop(database, Packing().kind(), room=3) as shop:
        await shop.enqueue(*pack("a", "b"))
        await shop.enqueue(*pack("c", "d", "e"))
        assert await shop.counts() == {"pack": (2, 3, 0)}
        assert shop.queue.room == 0


async def test_a_process_with_no_room_still_does_everything_in_the_end(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind(), room=3) as shop:
        await shop.enqueue(*pack(*(f"{number:02}" for number in range(10))))
        assert await shop.drain() == 10
    assert sorted(task.body for task in packing.tasks) == [f"{number:02}" for number in range(10)]


async def test_the_oldest_is_claimed_first(database: Database) -> None:
    outside = a_shop(database, [])
    for minutes, name in ((1, "third"), (3, "first"), (2, "second")):
        await outside.enqueue(*pack(name, due=NOON - timedelta(minutes=minutes)))
    async with database.begin() as tx:
        claimed = await store.claim(tx, "pack", 2, 1714996800000, 7)
    assert [(job.key, job.attempt) for job in claimed] == [("pack:first", 1), ("pack:second", 1)]


async def test_what_is_not_due_is_not_claimed(database: Database) -> None:
    await a_shop(database, []).enqueue(*pack("a", due=NOON + timedelta(milliseconds=1)))
    async with open_shop(database, Packing().kind()) as shop:
        assert await shop.drain() == 0
        assert await shop.drain(timedelta(milliseconds=1)) == 1


async def test_the_next_due_is_known(database: Database) -> None:
    shop = a_shop(database, [])
    async with database.read() as tx:
        assert await store.next_due_ms(tx) is None
    await shop.enqueue(*pack("a", due=NOON + timedelta(hours=1)), *pack("b", due=NOON + timedelta(minutes=1)))
    async with database.read() as tx:
        assert await store.next_due_ms(tx) == 1714996800000 + 60_000


async def test_what_was_not_seen_through_is_next_again(database: Database) -> None:
    def fail_after_the_first(queue: Queue) -> None:
        with queue.batch("pack", 2) as jobs:
            queue.let_go(jobs[:1])
            raise ConnectionError

    async with open_shop(database, Packing().kind()) as shop:
        await shop.enqueue(*pack("a", "b", "c"))
        with pytest.raises(ConnectionError):
            fail_after_the_first(shop.queue)
        assert [job.key for job in shop.queue.take_batch("pack", 9)] == ["pack:b", "pack:c"]
