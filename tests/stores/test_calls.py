"""An outside call sits between two transactions; what became of it is committed, or known to be unknown."""

import asyncio
from collections.abc import Sequence

from doorstep.jobs import store
from doorstep.jobs.model import Called
from doorstep.kernel.clock import to_ms
from doorstep.storage.database import Database
from tests.stores.a_worker import NOON, Bank, Shop, broken, open_shop, pack, succeed


async def test_a_call_is_opened_made_and_settled(database: Database) -> None:
    bank = Bank(succeed)
    async with open_shop(database, bank.kind()) as shop:
        await shop.enqueue(*pack("a", "b", kind="charge"))
        assert await shop.drain() == 2
        assert await shop.packed() == ["key-a", "key-b"]
    assert bank.settled == [("key-a", "paid key-a"), ("key-b", "paid key-b")]


async def test_nothing_is_called_when_there_is_nothing_to_call(database: Database) -> None:
    bank = Bank(succeed)
    async with open_shop(database, bank.kind()) as shop:
        await shop.enqueue(*pack("idle", kind="charge"))
        assert (await shop.drain(), await shop.counts()) == (1, {})
    assert (bank.opened, bank.called, bank.settled) == (["idle"], [], [])


async def test_a_call_that_breaks_is_lost_and_not_failed(database: Database) -> None:
    async def break_down(_key: str) -> str:
        raise OSError("the line is dead")

    bank = Bank(break_down)
    async with open_shop(database, bank.kind()) as shop:
        await shop.enqueue(*pack("a", kind="charge"))
        assert (await shop.drain(), shop.worker.runner.failed) == (1, 0)
    assert bank.settled == [("key-a", "lost key-a")]


async def test_a_call_that_takes_too_long_is_lost(database: Database) -> None:
    async def say_nothing(_key: str) -> str:
        await asyncio.Event().wait()
        return ""

    bank = Bank(say_nothing)
    async with open_shop(database, bank.kind(timeout_seconds=0.01)) as shop:
        await shop.enqueue(*pack("a", kind="charge"))
        await shop.drain()
    assert bank.settled == [("key-a", "lost key-a")]


async def test_an_outcome_of_a_job_that_was_taken_over_is_not_saved(database: Database) -> None:
    shops: list[Shop] = []

    async def lose_the_job(key: str) -> str:
        async with database.begin() as tx:
            await store.hand_back(tx, shops[0].queue.me)
            await store.claim(tx, "charge", 1, to_ms(NOON), 12345)
        return key

    bank = Bank(lose_the_job)
    async with open_shop(database, bank.kind()) as shop:
        shops.append(shop)
        await shop.enqueue(*pack("a", kind="charge"))
        await shop.drain()
        assert (await shop.packed(), bank.settled, await shop.counts()) == ([], [], {"charge": (0, 1, 0)})


async def test_a_poisoned_outcome_fails_alone(database: Database) -> None:
    def refuse(ended: Sequence[Called[str, str, str]]) -> None:
        if any(one.call == "key-b" for one in ended):
            broken(ended)

    bank = Bank(succeed, before=refuse)
    async with open_shop(database, bank.kind()) as shop:
        await shop.enqueue(*pack("a", "b", "c", kind="charge"))
        await shop.drain()
        assert (await shop.packed(), shop.worker.runner.failed) == (["key-a", "key-c"], 1)
