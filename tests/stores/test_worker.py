"""What becomes of jobs: done in batches, tried again, given up where a person sees it, and never lost."""

from collections.abc import Sequence
from datetime import timedelta

from doorstep.jobs import store
from doorstep.jobs.model import FlowKind, Task
from doorstep.kernel.clock import to_ms
from doorstep.storage.database import Database
from doorstep.storage.transaction import Transient, Tx
from tests.stores.a_worker import NOON, Packing, Shop, a_shop, open_shop, pack, poisoned

DAY = timedelta(days=1)


async def give_up_all(shop: Shop) -> int:
    """Let days pass until no attempt is left; returns how many there were."""
    before = shop.worker.runner.failed
    for _ in range(20):
        await shop.drain(DAY)
    return shop.worker.runner.failed - before


async def test_a_batch_is_one_transaction_with_its_flow(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a", "b", "c"))
        assert await shop.drain() == 3
        assert (packing.batches, await shop.packed(), await shop.counts()) == ([["a", "b", "c"]], ["a", "b", "c"], {})


async def test_a_batch_is_no_larger_than_its_kind_allows(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind(batch_max=2)) as shop:
        await shop.enqueue(*pack("a", "b", "c"))
        await shop.drain()
    assert packing.batches == [["a", "b"], ["c"]]


async def test_work_counts_as_done_when_it_was_due(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind(), now=NOON + DAY) as shop:
        await shop.enqueue(*pack("a"))
        await shop.drain()
    assert [task.at for task in packing.tasks] == [NOON]


async def test_what_a_job_enqueues_is_drained_too(database: Database) -> None:
    shops: list[Shop] = []

    async def pass_on(tx: Tx, tasks: Sequence[Task[str]]) -> None:
        await shops[0].queue.enqueue(tx, pack(*(task.body for task in tasks)))

    picking = FlowKind(name="pick", body=str, run=pass_on)
    async with open_shop(database, Packing().kind(), picking) as shop:
        shops.append(shop)
        await shop.enqueue(*pack("a", "b", kind="pick"))
        assert (await shop.drain(), await shop.packed()) == (4, ["a", "b"])


async def test_one_poisoned_job_of_many_fails_alone(database: Database) -> None:
    packing = Packing(before=poisoned("077"))
    names = [f"{number:03}" for number in range(256)]
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack(*names))
        await shop.drain()
        assert await shop.packed() == [name for name in names if name != "077"]
        assert (shop.worker.runner.done, shop.worker.runner.failed) == (255, 1)
    assert len(packing.batches) == 17


async def test_a_job_that_fails_is_tried_again_after_a_while(database: Database) -> None:
    packing = Packing(before=poisoned("a"))
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a"))
        await shop.drain()
        packing.before = poisoned()
        assert await shop.drain() == 0
        assert await shop.drain(timedelta(seconds=2)) == 1
        assert await shop.packed() == ["a"]


async def test_every_wait_of_the_list_is_waited(database: Database) -> None:
    packing = Packing(before=poisoned("a"))
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a"))
        await shop.drain()
        for seconds in (1, 5, 30, 120, 600, 1800, 3600, 7200):
            assert (await shop.drain(timedelta(seconds=seconds * 0.7)), await shop.given_up()) == (0, [])
            failed = shop.worker.runner.failed
            await shop.drain(timedelta(seconds=seconds * 0.6))
            assert shop.worker.runner.failed == failed + 1
        assert await shop.given_up() == [("pack:a", "ValueError: no box for a")]


async def test_a_job_that_is_given_up_is_kept_and_can_be_tried_again(database: Database) -> None:
    packing = Packing(before=poisoned("a"))
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a"))
        await give_up_all(shop)
        assert (await shop.packed(), await shop.counts()) == ([], {"pack": (0, 0, 1)})
        packing.before = poisoned()
        async with database.begin() as tx:
            assert await store.retry(tx, "pack:a", to_ms(shop.clock.now()))
        assert (await shop.drain(), await shop.packed(), await shop.counts()) == (1, ["a"], {})


async def test_only_what_was_given_up_is_retried_by_hand(database: Database) -> None:
    shop = a_shop(database, [])
    await shop.enqueue(*pack("a"))
    async with database.begin() as tx:
        assert not await store.retry(tx, "pack:a", 0)
        assert not await store.retry(tx, "pack:b", 0)


async def test_a_job_that_is_given_up_says_what_it_is_about(database: Database) -> None:
    async with open_shop(database, Packing(before=poisoned("a")).kind()) as shop:
        await shop.enqueue(*pack("a", about="ord_0A"))
        await give_up_all(shop)
    async with database.read() as tx:
        lost = [(job.key, job.kind, job.about) for job in await store.exhausted(tx, 10)]
    assert lost == [("pack:a", "pack", "ord_0A")]


async def test_an_error_may_say_anything(database: Database) -> None:
    def fail(_tasks: object) -> None:
        raise ValueError("bytes \0 and 🚪")

    async with open_shop(database, Packing(before=fail).kind()) as shop:
        await shop.enqueue(*pack("a"))
        await give_up_all(shop)
        assert await shop.given_up() == [("pack:a", "ValueError: bytes � and 🚪")]


async def test_a_job_whose_body_cannot_be_read_fails_alone(database: Database) -> None:
    async with open_shop(database, Packing().kind()) as shop:
        await shop.enqueue(*pack("a", 'b"', "c"))
        await shop.drain()
        assert (await shop.packed(), shop.worker.runner.failed) == (["a", "c"], 1)


async def test_a_batch_is_not_halved_for_the_databases_sake(database: Database) -> None:
    packing, troubles = Packing(), [Transient("busy"), Transient("busy")]

    def fail_at_first(_tasks: object) -> None:
        if troubles:
            raise troubles.pop()

    packing.before = fail_at_first
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a", "b"))
        assert await shop.drain() == 2
    assert packing.batches == [["a", "b"]] * 3


async def test_what_was_taken_over_is_not_saved(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a", "b"))
        async with database.begin() as tx:
            await store.hand_back(tx, shop.queue.me)
            await store.claim(tx, "pack", 1, to_ms(NOON), 12345)
        await shop.worker.drain()
        assert len(await shop.packed()) == 1
        assert await shop.counts() == {"pack": (0, 1, 0)}


async def test_what_was_handed_back_is_not_saved(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a"))
        stale = shop.queue.take_batch("pack", 1)
        async with database.begin() as tx:
            await store.hand_back(tx, shop.queue.me)
        await shop.worker.runner.run_flow(packing.kind(), stale)
        assert (packing.batches, await shop.counts()) == ([], {"pack": (1, 0, 0)})


async def test_what_was_taken_over_and_came_back_is_another_attempt(database: Database) -> None:
    packing = Packing()
    async with open_shop(database, packing.kind()) as shop:
        await shop.enqueue(*pack("a"))
        stale = shop.queue.take_batch("pack", 1)
        async with database.begin() as tx:
            await store.hand_back(tx, shop.queue.me)
            await store.claim(tx, "pack", 1, to_ms(NOON), shop.queue.me)
        await shop.worker.runner.run_flow(packing.kind(), stale)
    assert packing.batches == []
