"""Two hundred want the last twenty, and stock is held from the start of a checkout: nobody gets what is not there."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio

from doorstep.journey.placement.model.checkout import Cancel, Change, CheckoutState, Complete
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.errors import DoorstepError
from tests.an_order import MINUTE, AnOrder, Store, a_plan, an_order, open_store, running

PLAN = a_plan(hold_from="checkout")
BUYERS = 200
Stores = tuple[Store, ...]


@pytest_asyncio.fixture
async def stores(database_url: str, tmp_path: Path) -> AsyncIterator[Stores]:
    """A store, on PostgreSQL in two processes."""
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(open_store(database_url, PLAN, books=tmp_path))
        if database_url.startswith("sqlite"):
            yield (here,)
        else:
            yield here, await stack.enter_async_context(running(database_url, PLAN, books=tmp_path))


async def shop(order: AnOrder, number: int) -> str:
    """A shopper takes a pot, changes their mind once or twice, and buys it, gives up or just leaves; how it ended."""
    lanes, now = order.store.app.lanes, order.store.now
    opened = await lanes.create.ask(order.wished())
    for count in range(2, 2 + number % 3):
        lines = (LineWish("TEA", number % 2 + 1), LineWish("POT", count))
        wish = Change(order.checkout_id, now, Wishes(lines=lines[:: 1 - 2 * (number % 2)]), ("lines",))
        opened = await lanes.change.ask(wish)
    if opened.state is not CheckoutState.READY:
        return "told"
    if number % 5 == 0:
        return str((await lanes.cancel.ask(Cancel(order.checkout_id, now))).state)
    wish_to_buy = Complete(order.checkout_id, now, "once", opened.totals.total, "approve")
    try:
        return str((await lanes.complete.ask(wish_to_buy)).state)
    except DoorstepError as error:
        return error.code


async def test_the_last_units_are_held_and_sold_once(stores: Stores) -> None:
    orders = [an_order(stores[n % len(stores)], f"{n:03}", POT=1) for n in range(BUYERS)]
    ends = Counter(await asyncio.gather(*(shop(order, n) for n, order in enumerate(orders))))
    for store in stores:
        await store.drain()
    assert set(ends) == {"told", "canceled", "complete_in_progress"}
    on_hand, reserved, allocated = (await stores[0].shelves())["POT north"]
    assert on_hand == 20 >= reserved + allocated
    assert allocated > 0
    assert len(stores[0].bank.books()) == ends["complete_in_progress"]
    assert await stores[0].broken() == []


async def test_what_is_freed_at_the_end_of_its_time_is_not_bought_twice(stores: Stores) -> None:
    """While one process lets holds pass, everybody who held buys, and as many others want the same."""
    here, there = stores[0], stores[-1]
    holders = [an_order(here, f"{n:03}", POT=1) for n in range(20)]
    opened = await here.ask(here.app.stages.placement.create, *(order.wished() for order in holders))
    here.clock.advance_to(here.now + 30 * MINUTE)
    there.clock.advance_to(here.now)
    wishes = [Complete(one.id, there.now, "once", one.totals.total, "approve") for one in opened]
    rivals = [an_order(there, f"r{n:03}", POT=1).wished() for n in range(20)]
    answers = await asyncio.gather(
        here.app.worker.drain(),
        *(there.app.lanes.complete.ask(wish) for wish in wishes),
        *(there.app.lanes.create.ask(rival) for rival in rivals),
        return_exceptions=True,
    )
    for store in stores:
        await store.drain()
    codes = {one.code for one in answers if isinstance(one, DoorstepError)}
    assert codes <= {"insufficient_stock", "checkout_not_ready"}
    held, bought = (await here.shelves())["POT north"][1:]
    assert held + bought <= 20
    assert (len(here.bank.books()), await here.broken()) == (bought, [])
