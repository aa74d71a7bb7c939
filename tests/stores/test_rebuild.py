"""Lists are made again from what happened, whatever they said before; stopped in between, nothing is lost."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import bindparam, delete, select, update

from doorstep.journey.ledger.store import headlines
from doorstep.journey.overview.lists import OrderQuery
from doorstep.journey.rebuild import is_needed, rebuild
from doorstep.journey.search.store import order_terms
from doorstep.storage.statement import plain
from tests.an_order import Store, an_order, backlog, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Orders as an earlier program left them: due never, under no plan, found by nothing."""
    async with open_store(database_url) as store:
        await an_order(store).packed()
        await backlog(store, 250)
        async with store.app.database.begin() as tx:
            await tx.run(plain(update(headlines).values(due_at_ms=0, plan_version=bindparam("none"))), none="")
            await tx.run(plain(delete(order_terms)))
        yield store


async def rebuilt(store: Store, *, only_old: bool = True) -> tuple[int, list[int]]:
    pages: list[int] = []
    return await rebuild(store.app.database, store.app.ledger, pages.append, only_old=only_old), pages


async def terms(store: Store) -> int:
    async with store.app.database.read() as tx:
        return len(await tx.rows(plain(select(order_terms.c.term))))


async def test_what_an_earlier_program_left_is_made_whole(store: Store) -> None:
    assert await is_needed(store.app.database)
    assert await rebuilt(store) == (251, [200, 51])
    assert not await is_needed(store.app.database)
    assert await store.broken() == []


async def test_it_may_be_done_again(store: Store) -> None:
    await rebuilt(store)
    before = await terms(store)
    assert await rebuilt(store, only_old=False) == (0, [200, 51])
    assert await terms(store) == before > 251


async def test_one_that_is_stopped_goes_on_where_it_was(store: Store) -> None:
    def stop(_count: int) -> None:
        raise KeyError("stopped")

    with pytest.raises(KeyError):
        await rebuild(store.app.database, store.app.ledger, stop, only_old=True)
    assert await rebuilt(store) == (51, [51])
    assert await store.broken() == []


async def test_an_order_goes_on_before_it_is_rebuilt(store: Store) -> None:
    order = an_order(store)
    (parcel,) = await order.parcels("packed")
    await order.hand_over(parcel)
    assert (await order.story()).owner == "carrier"
    await rebuilt(store)
    assert await store.broken() == []


async def test_a_parcel_is_found_again_by_its_tracking_number(store: Store) -> None:
    await rebuilt(store)
    story = await an_order(store).story()
    async with store.app.database.read() as tx:
        (label,) = (await store.app.overview.records(tx, story)).shipments
        found = await store.app.overview.orders(tx, OrderQuery(text=label.tracking_number), store.now)
    assert [row.order_id for row in found.rows] == [story.order.id]
