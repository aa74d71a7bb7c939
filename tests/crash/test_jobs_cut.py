"""A process that is cut at any commit of its jobs leaves nothing half done, and the next one goes on."""

import pytest

from doorstep.storage.database import Database
from doorstep.storage.schema import metadata
from tests.database import again, create
from tests.stores.a_worker import Bank, Packing, Shop, open_shop, pack, succeed


class Cut:
    """Cuts the process at the n-th commit point that it passes: none of its code runs any more."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.passed = 0

    def __call__(self, _point: str) -> None:
        self.passed += 1
        if self.passed >= self.at:
            raise KeyboardInterrupt


async def work(database: Database, bank: Bank, packing: Packing) -> Shop:
    """One process's day: two charges and a parcel."""
    async with open_shop(database, bank.kind(), packing.kind()) as shop:
        await shop.enqueue(*pack("a", "b", kind="charge"), *pack("x"))
        await shop.drain()
    return shop


@pytest.mark.parametrize("point", range(1, 15))
async def test_the_next_process_brings_everything_to_its_end_once(database_url: str, point: int) -> None:
    create(database_url, metadata)
    bank, packing = Bank(succeed), Packing()
    async with again(database_url, probe=Cut(point)) as database:
        with pytest.raises(KeyboardInterrupt):
            await work(database, bank, packing)
    async with again(database_url) as database:
        shop = await work(database, bank, packing)
        assert await shop.packed() == ["key-a", "key-b", "x"]
        assert await shop.counts() == {}


async def test_a_call_that_was_cut_off_is_repeated_with_its_key(database_url: str) -> None:
    bank = Bank(succeed)

    def cut(point: str) -> None:
        if len(bank.called) == 2 and point == "before commit":
            raise KeyboardInterrupt

    create(database_url, metadata)
    async with again(database_url, probe=cut) as database:
        with pytest.raises(KeyboardInterrupt):
            await work(database, bank, Packing())
    async with again(database_url) as database:
        await work(database, bank, Packing())
    assert sorted(bank.called) == ["key-a", "key-a", "key-b", "key-b"]
