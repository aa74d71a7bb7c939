"""What changes between the price that a shopper saw and the order: it is priced again, and nothing is bought unseen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.kernel.errors import Conflict, Refused
from doorstep.plan.load import load_plan
from doorstep.plan.records import Plan
from tests.an_order import HEAD, SERVICE, AnOrder, Store, a_plan, an_order, open_store, running
from tests.crash.contents import alter

DEARER = load_plan(HEAD + SERVICE.format(name="standard").replace("4.95", "5.95"), "plan.toml")
CLOSED = load_plan(HEAD.replace("[locations.south]\n", "") + SERVICE.format(name="standard"), "plan.toml")


@pytest_asyncio.fixture(params=["placement", "checkout"])
async def store(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A store in which a shopper has a cup in the cart and sees what it comes to."""
    async with open_store(database_url, a_plan(hold_from=request.param)) as store:
        await an_order(store, CUP=1).opened()
        yield store
        assert await store.broken() == []


async def read(order: AnOrder) -> Checkout:
    async with order.store.app.database.read() as tx:
        return (await order.store.app.stages.placement.read(tx, [order.checkout_id]))[order.checkout_id]


async def change(store: Store, item: Item) -> None:
    async with store.app.database.begin() as tx:
        await catalog.put(tx, [item])


async def test_a_price_that_changed_is_shown_first(store: Store) -> None:
    await change(store, Item("CUP", "Cup", 800, 300))
    order = an_order(store, CUP=1)
    refused = await order.completed("approve")
    assert isinstance(refused, Conflict)
    assert (refused.code, refused.fields) == ("total_changed", {"total_minor": "1295"})
    assert ((await read(order)).totals.total, (await read(order)).version > 1) == (1295, True)
    assert isinstance(await order.completed("approve", key="second"), Checkout)
    assert (await order.order()).total_minor == 1295


async def test_an_item_that_changed_but_not_its_price_is_bought_as_it_is(store: Store) -> None:
    await change(store, Item("CUP", "Cup, blue", 700, 300))
    order = an_order(store, CUP=1)
    assert isinstance(await order.completed("approve"), Checkout)
    assert (await order.order()).lines[0].description == "Cup, blue"


async def test_an_item_that_is_gone_is_not_bought(store: Store, database_url: str) -> None:
    await alter(database_url, "DELETE FROM items WHERE sku = $1", "CUP")
    order = an_order(store, CUP=1)
    refused = await order.completed("approve")
    assert isinstance(refused, Refused)
    assert (refused.code, refused.fields["lines[0].sku"]) == ("checkout_not_ready", "There is no item CUP.")
    assert (await read(order)).state is CheckoutState.INCOMPLETE


@asynccontextmanager
async def under(url: str, hold_from: str, plan: Plan) -> AsyncIterator[AnOrder]:
    """A cart of a cup, opened under one plan and seen under another."""
    async with open_store(url, a_plan(hold_from=hold_from)) as store:
        await an_order(store, CUP=1).opened()
    async with running(url, plan) as store:
        yield an_order(store, CUP=1)
        assert await store.broken() == []


@pytest.mark.parametrize("hold_from", ["placement", "checkout"])
async def test_a_rate_that_changed_is_shown_first(database_url: str, hold_from: str) -> None:
    async with under(database_url, hold_from, DEARER) as order:
        refused = await order.completed("approve")
        assert getattr(refused, "fields", {}) == {"total_minor": "1295"}
        assert isinstance(await order.completed("approve", key="second"), Checkout)


@pytest.mark.parametrize("hold_from", ["placement", "checkout"])
async def test_nothing_is_bought_from_a_location_that_was_closed(database_url: str, hold_from: str) -> None:
    async with under(database_url, hold_from, CLOSED) as order:
        refused = await order.completed("approve")
        assert getattr(refused, "fields", {}) == {"lines[0].quantity": "Of CUP only 0 are available."}
        assert (await read(order)).state is CheckoutState.INCOMPLETE
