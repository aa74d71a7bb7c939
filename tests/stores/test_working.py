"""A worker that works by itself: it finds its jobs, waits for nobody's slow call, and stops without losing anything."""

import asyncio

import pytest

from doorstep.storage.database import Database
from tests.database import opened
from tests.stores.a_worker import Bank, Packing, Shop, a_shop, open_shop, pack, succeed, working

SLOW = "key-slow"


class Counter:
    """A bank's line on which SLOW waits until it is let through, and which notes how many talk at once."""

    def __init__(self) -> None:
        self.rung, self.through = asyncio.Event(), asyncio.Event()
        self.talking = self.most = 0

    async def answer(self, key: str) -> str:
        self.talking += 1
        self.most = max(self.most, self.talking)
        if key.startswith(SLOW):
            self.rung.set()
            await self.through.wait()
        self.talking -= 1
        return f"paid {key}"


async def test_what_is_enqueued_here_is_done(database: Database) -> None:
    packing = Packing(enough=3)
    async with open_shop(database, packing.kind()) as shop, working(shop):
        await shop.enqueue(*pack("a", "b", "c"))
        await packing.done.wait()
        assert await shop.packed() == ["a", "b", "c"]


async def test_what_was_enqueued_elsewhere_is_found_and_done(database: Database) -> None:
    packing = Packing(enough=2)
    await a_shop(database, []).enqueue(*pack("a", "b"))
    async with open_shop(database, packing.kind()) as shop, working(shop):
        await packing.done.wait()
        assert await shop.packed() == ["a", "b"]


async def test_a_slow_call_holds_up_nobody_elses_settlement(database: Database) -> None:
    line = Counter()
    bank = Bank(line.answer)
    async with open_shop(database, bank.kind()) as shop, working(shop):
        await shop.enqueue(*pack("slow", "a", "b", kind="charge"))
        await bank.until_settled(2)
        assert await shop.packed() == ["key-a", "key-b"]
        line.through.set()
        await bank.until_settled(3)


async def test_no_more_calls_are_under_way_than_the_kind_allows(database: Database) -> None:
    line = Counter()
    bank = Bank(line.answer)
    async with open_shop(database, bank.kind(at_once_max=3)) as shop, working(shop):
        await shop.enqueue(*pack(*(f"slow{number}" for number in range(9)), kind="charge"))
        await line.rung.wait()
        line.through.set()
        await bank.until_settled(9)
    assert line.most == 3


async def test_a_call_that_is_under_way_at_the_stop_is_settled(database: Database) -> None:
    line = Counter()
    bank = Bank(line.answer)
    async with open_shop(database, bank.kind()) as shop:
        async with working(shop):
            await shop.enqueue(*pack("slow", kind="charge"))
            await line.rung.wait()
            shop.worker.stop()
            line.through.set()
        assert (await shop.packed(), await shop.counts()) == ([SLOW], {})


async def test_a_call_that_is_being_opened_at_the_stop_is_made_and_settled(database_url: str) -> None:
    bank, shops = Bank(succeed), list[Shop]()

    def stop(_point: str) -> None:
        if bank.opened:
            shops[0].worker.stop()

    async with opened(database_url, probe=stop) as database, open_shop(database, bank.kind()) as shop:
        shops.append(shop)
        async with working(shop):
            await shop.enqueue(*pack("a", kind="charge"))
            await bank.until_settled(1)
        assert (await shop.packed(), await shop.counts()) == (["key-a"], {})


async def test_what_was_not_begun_at_the_stop_is_handed_back(database: Database) -> None:
    line = Counter()
    bank = Bank(line.answer)
    shop = a_shop(database, [bank.kind(batch_max=1, at_once_max=1)])
    await shop.worker.start()
    async with working(shop):
        await shop.enqueue(*pack("slow1", "slow2", "slow3", kind="charge"))
        await line.rung.wait()
        shop.worker.stop()
        line.through.set()
    await shop.worker.leave()
    done = len(bank.settled)
    assert (done < 3, await shop.counts()) == (True, {"charge": (3 - done, 0, 0)})


async def test_after_the_worker_has_left_what_is_enqueued_is_free(database: Database) -> None:
    shop = a_shop(database, [Packing().kind()])
    await shop.worker.start()
    await shop.worker.leave()
    await shop.enqueue(*pack("a"))
    assert await shop.counts() == {"pack": (1, 0, 0)}


async def test_jobs_whose_failure_could_not_be_noted_are_not_lost(database_url: str) -> None:
    packing, troubles = Packing(enough=2), ["the job's commit", "the note of its failure"]

    def fail(point: str) -> None:
        if packing.batches and troubles and point == "before commit":
            raise OSError(troubles.pop(0))

    kind = packing.kind(batch_max=1)
    async with opened(database_url, probe=fail) as database, open_shop(database, kind) as shop, working(shop):
        await shop.enqueue(*pack("a", "b"))
        await packing.done.wait()
        assert (await shop.packed(), troubles) == (["a", "b"], [])


@pytest.mark.parametrize("count", [1, 300])
async def test_a_stop_right_at_the_start_loses_nothing(database: Database, count: int) -> None:
    packing = Packing()
    shop = a_shop(database, [packing.kind()])
    await shop.worker.start()
    async with working(shop):
        await shop.enqueue(*pack(*(f"{number:03}" for number in range(count))))
        shop.worker.stop()
    await shop.worker.leave()
    free = (await shop.counts()).get("pack", (0, 0, 0))
    assert (free[0] + len(await shop.packed()), free[1:]) == (count, (0, 0))
