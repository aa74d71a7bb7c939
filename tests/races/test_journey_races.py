"""Two processes and one order, one shelf or one parcel: whoever is first wins, and nothing is lost or counted twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.fulfillment.model import PickReport
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.journey.returns.model import InspectionReport
from doorstep.journey.shipping.model import HandOver
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from tests.an_order import AnOrder, Store, an_order, open_store, running

PATIENCE_SECONDS = 20
Two = tuple[Store, Store]


@pytest_asyncio.fixture
async def two(postgres_url: str, tmp_path: Path) -> AsyncIterator[Two]:
    """Two processes on one server, with the same bank."""
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(open_store(postgres_url, books=tmp_path))
        there = await stack.enter_async_context(running(postgres_url, books=tmp_path))
        yield here, there


async def collide(here: Store, first: tuple[Any, Any], there: Store, second: tuple[Any, Any]) -> tuple[Any, Any]:
    """The answers to two requests (a flow and what it is asked): the second waits for a lock that the first holds."""
    (flow, request), (rival_flow, rival) = first, second
    async with here.app.database.begin() as tx:
        (answer,) = await flow(tx, [request])
        waiting = asyncio.create_task(there.ask(rival_flow, rival))
        await until_one_waits(here)
    return answer, await waiting


async def until_one_waits(store: Store) -> None:
    """Until some transaction of this database waits for another one's lock."""
    server = await asyncpg.connect(store.app.database.engine.url)  # type: ignore[union-attr]  # it is PostgreSQL
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await server.fetchval(blocked):
            continue
    await server.close()


def at(store: Store, order: AnOrder) -> AnOrder:
    """The same order, seen by another process."""
    return AnOrder(store, order.cart, order.name)


async def all_at_once(two: Two, wishes: Sequence[Complete]) -> list[Checkout | BaseException]:
    asked = (two[index % 2].app.lanes.complete.ask(wish) for index, wish in enumerate(wishes))
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_the_last_units_are_sold_once(two: Two) -> None:
    here = two[0]
    orders = [an_order(here, f"{number:03}", POT=1) for number in range(60)]
    checkouts = await here.ask(here.app.stages.placement.create, *(order.wished() for order in orders))
    wishes = [Complete(one.id, here.now, "key", one.totals.total) for one in checkouts]
    answers = await all_at_once(two, wishes)
    for store in two:
        await store.drain()
    assert sum(isinstance(answer, Checkout) for answer in answers) == 20
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"insufficient_stock"}
    assert ((await here.shelves())["POT north"], len(here.bank.books())) == ((20, 0, 20), 20)
    assert await here.broken() == []


@pytest.mark.parametrize("keys", [("one", "one"), ("one", "two")])
async def test_a_double_click_is_one_order(two: Two, keys: tuple[str, str]) -> None:
    here = two[0]
    total = (await an_order(here).opened()).totals.total
    wishes = [Complete(an_order(here).checkout_id, here.now, key, total) for key in keys]
    answers = await all_at_once(two, wishes)
    for store in two:
        await store.drain()
    placed = [answer for answer in answers if isinstance(answer, Checkout)]
    assert len(placed) == 3 - len(set(keys))
    assert len({checkout.order_number for checkout in placed}) == 1
    assert (len(here.bank.books()), await here.broken()) == (1, [])


async def test_what_is_canceled_first_is_not_picked(two: Two) -> None:
    here, there = two
    order = await an_order(here).released()
    (fulfillment_id,) = (await order.standing()).units.promises
    cancel = (here.app.stages.returns.cancel, order.cancel_request())
    pick = (there.app.stages.fulfillment.report_picks, PickReport(order.id, fulfillment_id, here.now))
    canceled, _ = await collide(here, cancel, there, pick)
    await here.drain()
    assert isinstance(canceled, f.UnitsCanceled)
    assert (await order.stage(), await order.facts(f.UnitsPicked)) == (Stage.CANCELED, [])
    assert ((await here.shelves())["TEA north"], await here.broken()) == ((50, 0, 0), [])


async def test_what_is_picked_first_is_not_canceled(two: Two) -> None:
    here, there = two
    order = await an_order(here).released()
    (fulfillment_id,) = (await order.standing()).units.promises
    pick = (here.app.stages.fulfillment.report_picks, PickReport(order.id, fulfillment_id, here.now))
    cancel = (there.app.stages.returns.cancel, order.cancel_request())
    _, refused = await collide(here, pick, there, cancel)
    assert isinstance(refused, Conflict)
    assert (refused.code, await order.facts(f.UnitsCanceled)) == ("too_late", [])
    assert ((await here.shelves())["TEA north"], await here.broken()) == ((47, 0, 0), [])


@pytest.mark.parametrize("hand_over_first", [True, False])
async def test_a_parcel_goes_while_the_rest_of_its_order_is_canceled(two: Two, hand_over_first: bool) -> None:  # noqa: FBT001
    here, there = two
    order = await one_parcel_packed(here)
    (parcel_id,) = await order.parcels("packed")
    stores = (here, there) if hand_over_first else (there, here)
    hand_over = (stores[0].app.stages.shipping.hand_over, HandOver(order.id, parcel_id, here.now))
    cancel = (stores[1].app.stages.returns.cancel, order.cancel_request(partly=True))
    both = (hand_over, cancel) if hand_over_first else (cancel, hand_over)
    answers = await collide(here, both[0], there, both[1])
    for store in two:
        await store.drain()
    assert {type(answer) for answer in answers} == {f.ParcelHandedOver, f.UnitsCanceled}
    assert await order.amounts(f.PaymentCaptured) == [3 * 1099 + 495]
    assert await here.broken() == []


async def one_parcel_packed(store: Store) -> AnOrder:
    """An order for two locations, of which the first has packed."""
    order = await an_order(store, TEA=3, POT=1, CUP=1).released()
    north, _ = (await order.standing()).units.promises
    await order.cancel("pot", POT=1)
    await order.pick(north)
    return await order.packed()


async def test_a_parcel_that_two_report_is_handed_over_once(two: Two) -> None:
    here, there = two
    order = await an_order(here).packed()
    (parcel_id,) = await order.parcels("packed")
    report = HandOver(order.id, parcel_id, here.now)
    first, second = await collide(
        here, (here.app.stages.shipping.hand_over, report), there, (there.app.stages.shipping.hand_over, report)
    )
    await here.drain()
    assert isinstance(first, f.ParcelHandedOver)
    assert isinstance(second, Conflict)
    assert (await order.amounts(f.PaymentCaptured), await here.broken()) == ([3792], [])


async def test_a_pick_that_two_report_takes_from_the_shelf_once(two: Two) -> None:
    here, there = two
    order = await an_order(here).released()
    (fulfillment_id,) = (await order.standing()).units.promises
    report = PickReport(order.id, fulfillment_id, here.now)
    _, second = await collide(
        here,
        (here.app.stages.fulfillment.report_picks, report),
        there,
        (there.app.stages.fulfillment.report_picks, report),
    )
    assert isinstance(second, DoorstepError)
    assert ((await here.shelves())["TEA north"], await here.broken()) == ((47, 0, 0), [])


async def test_an_inspection_that_two_report_restocks_and_pays_once(two: Two) -> None:
    here, there = two
    order = await an_order(here).delivered()
    await order.ask_back(order.return_id(), order.units())
    await order.receive(order.return_id())
    report = InspectionReport(order.id, order.return_id(), here.now)
    _, second = await collide(
        here, (here.app.stages.returns.inspect, report), there, (there.app.stages.returns.inspect, report)
    )
    await here.drain()
    assert isinstance(second, Conflict)
    assert (await order.amounts(f.PaymentRefunded), (await here.shelves())["TEA north"]) == ([3792], (50, 0, 0))


async def test_two_cancellations_of_the_same_units_free_them_once(two: Two) -> None:
    here, there = two
    order = await an_order(here).confirmed()
    rivals = [order.cancel_request(name, TEA=2) for name in ("one", "two")]
    first, second = await collide(
        here, (here.app.stages.returns.cancel, rivals[0]), there, (there.app.stages.returns.cancel, rivals[1])
    )
    assert isinstance(first, f.UnitsCanceled)
    assert isinstance(second, Conflict)
    assert ((await here.shelves())["TEA north"], await here.broken()) == ((50, 0, 1), [])


async def test_of_two_orders_that_are_short_one_gets_the_last_unit(two: Two) -> None:
    here, there = two
    orders = [await an_order(here, name, TEA=count).released() for name, count in (("a", 25), ("b", 25), ("c", 49))]
    for order in orders[:2]:
        (fulfillment_id,) = (await order.standing()).units.promises
        await order.pick(fulfillment_id, ((1, 1),))
    await asyncio.gather(here.drain(), there.drain())
    found = [len(await order.facts(f.UnitsReallocated)) for order in orders[:2]]
    canceled = [len(await order.facts(f.UnitsCanceled)) for order in orders[:2]]
    assert (sorted(found), sorted(canceled)) == ([0, 1], [0, 1])
    assert await here.broken() == []
