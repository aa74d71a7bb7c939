"""Several processes on one server: each job is one's alone, and a dead one's jobs are taken over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from doorstep.jobs import store
from doorstep.jobs.presence import LEASE_MS, Presence
from doorstep.kernel.clock import wall_ms
from doorstep.storage.database import Database
from tests.database import again, opened
from tests.stores.a_worker import Packing, Shop, a_shop, open_shop, pack


@asynccontextmanager
async def two_processes(url: str, packing: Packing) -> AsyncIterator[tuple[Shop, Shop]]:
    """Two processes that have started on one server."""
    async with (
        opened(url) as here,
        again(url) as there,
        open_shop(here, packing.kind()) as first,
        open_shop(there, packing.kind()) as second,
    ):
        yield first, second


async def test_two_workers_never_do_the_same_job(postgres_url: str) -> None:
    ours, theirs = Packing(), Packing()
    names = [f"{number:03}" for number in range(400)]
    async with opened(postgres_url) as here, again(postgres_url) as there:
        await a_shop(here, []).enqueue(*pack(*names))
        async with open_shop(here, ours.kind(), room=40) as first, open_shop(there, theirs.kind(), room=40) as second:
            await asyncio.gather(first.drain(), second.drain())
            assert await first.packed() == names
    assert sorted(task.body for task in (*ours.tasks, *theirs.tasks)) == names


async def test_two_workers_share_the_work(postgres_url: str) -> None:
    async with opened(postgres_url) as here, again(postgres_url) as there:
        await a_shop(here, []).enqueue(*pack("a", "b", "c", "d"))
        async with here.begin() as ours, there.begin() as theirs:
            mine = await store.claim(ours, "pack", 2, wall_ms(), 1)
            yours = await store.claim(theirs, "pack", 9, wall_ms(), 2)
        assert [job.key for job in (*mine, *yours)] == ["pack:a", "pack:b", "pack:c", "pack:d"]


async def test_a_dead_workers_jobs_are_taken_over_at_once(postgres_url: str) -> None:
    packing = Packing()
    async with opened(postgres_url) as here, again(postgres_url) as there:
        dead = a_shop(here, [packing.kind()])
        await dead.worker.start()
        await dead.enqueue(*pack("a", "b"))
        await dead.vanish()
        async with open_shop(there, packing.kind()) as heir:
            assert (await heir.drain(), await heir.packed()) == (2, ["a", "b"])


async def test_a_living_workers_jobs_are_its_own(postgres_url: str) -> None:
    packing = Packing()
    async with two_processes(postgres_url, packing) as (alive, other):
        await alive.enqueue(*pack("a"))
        assert (await other.drain(), await alive.drain()) == (0, 1)


async def test_a_worker_that_was_silent_for_a_lease_is_given_up(postgres_url: str) -> None:
    packing = Packing()
    async with two_processes(postgres_url, packing) as (silent, other):
        await silent.enqueue(*pack("a"))
        async with silent.database.begin() as tx:
            await store.seen(tx, silent.queue.me, wall_ms() - LEASE_MS - 1)
        async with open_shop(other.database, packing.kind()) as heir:
            assert (await heir.drain(), await silent.drain()) == (1, 1)
    assert packing.batches == [["a"]]


async def test_a_worker_that_was_given_up_learns_it_at_its_next_beat(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        presence = Presence(database, database.engine.signals())
        await presence.arrive(lambda: None)
        assert await presence.beat()
        async with database.begin() as tx:
            await store.hand_back(tx, presence.me)
        assert not await presence.beat()
        await presence.leave()


async def test_on_a_file_the_next_process_takes_over_at_its_start(sqlite_url: str) -> None:
    packing = Packing()
    async with opened(sqlite_url) as database:
        dead = a_shop(database, [packing.kind()])
        await dead.worker.start()
        await dead.enqueue(*pack("a"))
    async with again(sqlite_url) as database, open_shop(database, packing.kind()) as heir:
        assert (await heir.drain(), await heir.packed()) == (1, ["a"])


async def test_what_was_committed_for_a_worker_that_had_left_is_taken_over(database: Database) -> None:
    async with database.begin() as tx:
        await store.insert(tx, [(job, 12345) for job in pack("a")])
    async with open_shop(database, Packing().kind()) as shop:
        assert (await shop.drain(), await shop.packed()) == (1, ["a"])


async def test_each_start_is_another_worker(database: Database) -> None:
    numbers = {Presence(database, database.engine.signals()).me for _ in range(100)}
    assert len(numbers) == 100
    assert 0 not in numbers
