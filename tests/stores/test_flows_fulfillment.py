"""Picking what is there, settling what is not, and canceling what has not been picked yet."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.fulfillment.model import PickReport
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, Refused
from doorstep.stock.model.sourcing import Moved, Source
from tests.an_order import AnOrder, Store, a_plan, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


def moved(store: Store) -> list[tuple[str, int]]:
    return [(one.act.value, one.amount) for one in store.bank.books()]


async def to_the_door(order: AnOrder) -> AnOrder:
    """Pick, pack and ship until nothing is left to do."""
    for _ in range(3):
        await order.picked()
        await order.packed()
        for parcel_id in await order.parcels("packed"):
            await order.hand_over(parcel_id)
    return await order.delivered()


async def test_units_that_are_short_are_sent_from_the_other_location(store: Store) -> None:
    order = await an_order(store).picked({"TEA": 1})
    (again,) = await order.facts(f.UnitsReallocated)
    assert [(promise.location, promise.units) for promise in again.promises] == [("south", ((1, 1),))]
    shelves = await store.shelves()
    assert (shelves["TEA north"], shelves["TEA south"]) == ((47, 0, 0), (50, 0, 1))


async def test_an_order_that_was_short_arrives_whole_in_two_parcels_and_is_paid_to_the_cent(store: Store) -> None:
    order = await to_the_door(await an_order(store).picked({"TEA": 1}))
    assert (await order.stage(), len(await order.parcels("delivered"))) == (Stage.DELIVERED, 2)
    assert await order.amounts(f.PaymentCaptured) == [2 * 1099 + 495, 1099]
    assert await store.broken() == []


async def test_units_that_are_short_are_canceled_when_the_customer_agreed_to_no_further_delivery(store: Store) -> None:
    order = await to_the_door(await an_order(store, deliveries_max=1).picked({"TEA": 1}))
    assert [fact.units for fact in await order.facts(f.UnitsCanceled)] == [((1, 1),)]
    assert moved(store) == [("authorize", 3 * 1099 + 495), ("capture", 2 * 1099 + 495)]
    assert (await order.stage(), await store.broken()) == (Stage.DELIVERED, [])


async def test_units_that_are_short_everywhere_are_canceled(store: Store) -> None:
    order = await an_order(store, POT=2, TEA=1).picked({"POT": 1})
    (canceled,) = await order.facts(f.UnitsCanceled)
    assert (canceled.units, canceled.value, canceled.reason) == (((1, 1),), 3333, "not in stock")
    assert (await store.shelves())["POT north"] == (18, 0, 0)


async def test_units_that_are_short_are_canceled_when_the_plan_says_so(database_url: str) -> None:
    async with open_store(database_url, a_plan(when_short="cancel")) as store:
        order = await an_order(store).picked({"TEA": 2})
        assert (await order.kinds())[-1] == "UnitsCanceled"
        assert await store.broken() == []


async def test_units_that_are_short_and_paid_for_are_refunded(database_url: str) -> None:
    async with open_store(database_url, a_plan(capture="confirmation", when_short="cancel")) as store:
        order = await an_order(store).picked({"TEA": 2})
        assert await order.amounts(f.PaymentRefunded) == [2 * 1099]
        assert (moved(store)[-1], await store.broken()) == (("refund", 2 * 1099), [])


async def test_an_order_of_which_nothing_is_found_is_canceled_and_its_money_set_free(store: Store) -> None:
    order = await an_order(store, POT=2).picked({"POT": 2})
    assert (await order.stage(), await order.amounts(f.PaymentVoided)) == (Stage.CANCELED, [2 * 3333 + 495])
    assert await store.broken() == []


async def test_two_shorts_of_one_order_do_not_go_beyond_the_deliveries_agreed_to(database_url: str) -> None:
    async with open_store(database_url, a_plan(deliveries_max=3)) as store:
        order = await an_order(store, POT=2, CUP=2, deliveries_max=3).released()
        more = Moved("more", store.now, (Source("south", 0, "POT", 5), Source("north", 0, "CUP", 5)))
        await store.ask(store.app.shelf.receive, more)
        north, south = (await order.standing()).units.promises
        reports = [PickReport(order.id, north, store.now, ((1, 1),)), PickReport(order.id, south, store.now, ((2, 1),))]
        await store.ask(store.app.stages.fulfillment.report_picks, *reports)
        await to_the_door(order)
        assert (await order.stage(), len(await order.parcels("delivered"))) == (Stage.DELIVERED, 3)
        assert (await store.broken(), (await order.standing()).units.total("canceled")) == ([], 1)


async def test_a_pick_is_reported_once(store: Store) -> None:
    order = await an_order(store).picked()
    (fulfillment_id,) = (await order.standing()).units.promises
    again = await order.pick(fulfillment_id)
    assert isinstance(again, Conflict)
    assert (await store.shelves())["TEA north"] == (47, 0, 0)


async def test_a_picker_cannot_miss_more_than_was_asked_for(store: Store) -> None:
    order = await an_order(store).released()
    (fulfillment_id,) = (await order.standing()).units.promises
    refused = await order.pick(fulfillment_id, ((1, 4),))
    assert isinstance(refused, Refused)
    assert (await store.shelves())["TEA north"] == (50, 0, 3)


@pytest.mark.parametrize("capture", ["hand_over", "confirmation"])
async def test_an_order_that_is_canceled_before_its_release_costs_nothing(database_url: str, capture: str) -> None:
    async with open_store(database_url, a_plan(capture)) as store:
        order = await an_order(store).confirmed()
        await order.cancel()
        last = ("void", 3792) if capture == "hand_over" else ("refund", 3792)
        assert (moved(store)[-1], (await store.shelves())["TEA north"]) == (last, (50, 0, 0))
        assert (await order.stage(), await store.broken()) == (Stage.CANCELED, [])


async def test_an_order_that_is_canceled_after_its_release_is_not_picked(store: Store) -> None:
    order = await an_order(store).released()
    await order.cancel()
    await order.picked()
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.CANCELED, (50, 0, 0))
    assert "UnitsPicked" not in await order.kinds()


async def test_what_was_canceled_before_the_release_is_not_given_to_the_location(store: Store) -> None:
    order = await an_order(store).confirmed()
    await order.cancel(TEA=1)
    await order.released()
    (released,) = await order.facts(f.FulfillmentReleased)
    assert (released.units, (await store.shelves())["TEA north"]) == (((1, 2),), (50, 0, 2))


async def test_what_was_picked_cannot_be_canceled_any_more(store: Store) -> None:
    order = await an_order(store).picked()
    late = await order.cancel()
    assert isinstance(late, Conflict)
    assert (late.code, "UnitsCanceled" in await order.kinds()) == ("too_late", False)


async def test_a_customer_who_cancels_partly_gets_what_can_still_be_stopped(store: Store) -> None:
    order = await an_order(store, TEA=51).released()
    north, _ = (await order.standing()).units.promises
    await order.pick(north)
    canceled = await order.cancel(partly=True)
    assert isinstance(canceled, f.UnitsCanceled)
    assert [(promise.location, promise.units) for promise in canceled.released] == [("south", ((1, 1),))]
    assert await store.broken() == []


async def test_the_rest_of_a_partly_canceled_order_is_charged_and_nothing_else(store: Store) -> None:
    order = await an_order(store, TEA=3, CUP=2).confirmed()
    await order.cancel("1", TEA=1)
    await order.cancel("2", CUP=2)
    await order.delivered()
    assert await order.amounts(f.PaymentCaptured) == [2 * 1099 + 495]
    assert (await order.stage(), await store.broken()) == (Stage.DELIVERED, [])


async def test_a_cancellation_that_is_asked_for_again_is_the_same_one(store: Store) -> None:
    order = await an_order(store).confirmed()
    first, second = await order.cancel(TEA=1), await order.cancel(TEA=1)
    assert first == second
    assert ((await order.standing()).units.total("canceled"), (await store.shelves())["TEA north"]) == (1, (50, 0, 2))


@pytest.mark.parametrize("units", [1, 3])
async def test_a_cancellation_that_comes_twice_in_one_batch_is_one(store: Store, units: int) -> None:
    order = await an_order(store).confirmed()
    request = order.cancel_request(TEA=units)
    first, second = await store.ask(store.app.stages.returns.cancel, request, request)
    await store.drain()
    assert first == second
    assert ((await store.shelves())["TEA north"], await store.broken()) == ((50, 0, 3 - units), [])


async def test_an_order_that_is_not_confirmed_cannot_be_canceled(store: Store) -> None:
    order = await an_order(store).paid("decline")
    refused = await order.cancel()
    assert isinstance(refused, Conflict)
    assert refused.code == "not_open"
