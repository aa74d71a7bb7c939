"""How often the doorbell rings was agreed to: what is short comes in a parcel that is to come anyway, or not at all."""

import pytest

from doorstep.journey import facts as f
from doorstep.journey.fulfillment.model import PickReport
from doorstep.journey.standing import Stage
from doorstep.stock.model.sourcing import Moved, Source
from tests.an_order import AnOrder, Store, a_plan, an_order, open_store
from tests.stores.test_flows_fulfillment import to_the_door


async def split(store: Store, deliveries_max: int) -> AnOrder:
    """An order of pots from the north and cups from the south, where there are pots as well by now."""
    order = await an_order(store, POT=2, CUP=2, deliveries_max=deliveries_max).released()
    await store.ask(store.app.shelf.receive, Moved("more", store.now, (Source("south", 0, "POT", 5),)))
    return order


async def pick(order: AnOrder, index: int, *missing: tuple[int, int]) -> None:
    promises = list((await order.standing()).units.promises)
    report = PickReport(order.id, promises[index], order.store.now, missing)
    await order.store.ask(order.store.app.stages.fulfillment.report_picks, report)
    await order.store.drain()


@pytest.mark.parametrize("agreed", [2, 3])
async def test_what_is_short_comes_with_what_is_still_to_be_picked(database_url: str, agreed: int) -> None:
    async with open_store(database_url, a_plan(deliveries_max=3)) as store:
        order = await split(store, agreed)
        await pick(order, 0, (1, 1))
        (again,) = await order.facts(f.UnitsReallocated)
        assert [(one.fulfillment_id, one.units) for one in again.promises] == [
            (list((await order.standing()).units.promises)[1], ((1, 1),))
        ]
        await to_the_door(order)
        assert (await order.stage(), len(await order.parcels("delivered"))) == (Stage.DELIVERED, 2)
        assert ((await order.standing()).units.total("canceled"), await store.broken()) == (0, [])


async def test_a_part_that_was_short_as_a_whole_comes_with_the_other(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await split(store, 2)
        await pick(order, 0, (1, 2))
        await to_the_door(order)
        assert (await order.stage(), len(await order.parcels("delivered"))) == (Stage.DELIVERED, 1)
        assert ((await order.standing()).units.total("canceled"), await store.broken()) == (0, [])


async def test_what_is_short_is_canceled_when_the_other_part_is_picked_already(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await split(store, 2)
        await pick(order, 1)
        await pick(order, 0, (1, 1))
        assert [fact.units for fact in await order.facts(f.UnitsCanceled)] == [((1, 1),)]
        await to_the_door(order)
        assert (len(await order.parcels("delivered")), await store.broken()) == (2, [])


async def test_what_is_short_is_sent_by_itself_when_so_much_was_agreed_to(database_url: str) -> None:
    async with open_store(database_url, a_plan(deliveries_max=3)) as store:
        order = await split(store, 3)
        await pick(order, 1)
        await pick(order, 0, (1, 1))
        await to_the_door(order)
        assert (await order.stage(), len(await order.parcels("delivered"))) == (Stage.DELIVERED, 3)
        assert ((await order.standing()).units.total("canceled"), await store.broken()) == (0, [])


async def test_short_again_in_the_parcel_that_it_was_to_come_with_is_canceled(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await split(store, 2)
        await pick(order, 0, (1, 1))
        await pick(order, 1, (1, 1))
        await to_the_door(order)
        assert ((await order.standing()).units.total("canceled"), len(await order.parcels("delivered"))) == (1, 2)
        assert await store.broken() == []
