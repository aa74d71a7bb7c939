"""Something spoiled fails alone, is seen, and goes on once it is mended."""

import pytest

from doorstep.jobs import store as jobs
from doorstep.journey.standing import Stage
from doorstep.kernel.clock import to_ms
from tests.an_order import HOUR, AnOrder, Store, backlog, open_store, running
from tests.crash.contents import alter

SPOILED = {
    "a job": "UPDATE jobs SET body = $1 || body WHERE about = $2 AND kind = 'payment.authorize'",
    "an order": "UPDATE orders SET body = $1 || body WHERE id = $2",
    "a headline": "UPDATE headlines SET standing = $1 || standing WHERE order_id = $2",
}
MENDED = {
    "a job": "UPDATE jobs SET body = substr(body, 2) WHERE about = $1 AND kind = 'payment.authorize'",
    "an order": "UPDATE orders SET body = substr(body, 2) WHERE id = $1",
    "a headline": "UPDATE headlines SET standing = substr(standing, 2) WHERE order_id = $1",
}
COUNT = 20


async def spoil(url: str, what: str) -> str:
    """Place some orders and spoil something of one; returns which."""
    async with open_store(url) as store:
        spoiled: str = (await backlog(store, COUNT))[7].id
    await alter(url, SPOILED[what], "{", spoiled)
    return spoiled


async def days_later(store: Store) -> None:
    for _ in range(12):
        await store.drain(3 * HOUR)


@pytest.mark.parametrize("what", SPOILED)
async def test_what_is_spoiled_fails_alone_and_is_seen(database_url: str, what: str) -> None:
    spoiled = await spoil(database_url, what)
    async with running(database_url) as store:
        await days_later(store)
        # The numbers of its day cannot be counted either while an order cannot be read; they are about no order.
        assert {about for _, about, _ in await store.given_up()} - {""} == {spoiled}
        orders = [AnOrder(store, {"TEA": 1}, f"{number:05}") for number in range(COUNT)]
        assert {await one.stage() for one in orders if one.id != spoiled} == {Stage.PICKING}


@pytest.mark.parametrize("what", SPOILED)
async def test_what_was_mended_goes_on_when_it_is_tried_again(database_url: str, what: str) -> None:
    spoiled = await spoil(database_url, what)
    async with running(database_url) as store:
        await days_later(store)
        await alter(database_url, MENDED[what], spoiled)
        async with store.app.database.begin() as tx:
            for key, _, _ in await store.given_up():
                assert await jobs.retry(tx, key, to_ms(store.now))
        await days_later(store)
        mended = AnOrder(store, {"TEA": 1}, "00007")
        assert (await mended.stage(), await store.given_up()) == (Stage.PICKING, [])
        assert (await store.broken(), len(store.bank.books())) == ([], COUNT)
