"""What comes back: within the window, less than announced, good or not, paid back once and no more than it cost."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.returns.model import InspectionReport, ReturnRequest, ReviewDecision
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, Refused
from tests.an_order import DAY, PLAN, AnOrder, Store, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


@pytest_asyncio.fixture
async def careful(database_url: str) -> AsyncIterator[Store]:
    """A store in which a person approves every return."""
    plan = replace(PLAN, returns=replace(PLAN.returns, approve_without_person=False))
    async with open_store(database_url, plan) as store:
        yield store


async def test_a_whole_order_that_comes_back_is_paid_back_with_its_delivery(store: Store) -> None:
    order = await an_order(store).returned()
    assert (await order.stage(), await order.amounts(f.PaymentRefunded)) == (Stage.RETURNED, [3 * 1099 + 495])
    assert ((await store.shelves())["TEA north"], await store.broken()) == ((50, 0, 0), [])


async def test_a_part_that_comes_back_is_paid_back_without_delivery(store: Store) -> None:
    order = await an_order(store).returned(TEA=2)
    assert (await order.stage(), await order.amounts(f.PaymentRefunded)) == (Stage.DELIVERED, [2 * 1099])
    assert await store.broken() == []


async def test_parts_that_come_back_one_after_the_other_are_paid_back_like_the_whole(store: Store) -> None:
    order = await an_order(store).returned(TEA=1)
    await order.ask_back(order.return_id("2"), order.units(TEA=2))
    await order.receive(order.return_id("2"))
    await order.inspect(order.return_id("2"))
    await store.drain()
    assert await order.amounts(f.PaymentRefunded) == [1099, 2 * 1099 + 495]
    assert (await order.stage(), await store.broken()) == (Stage.RETURNED, [])


async def test_what_is_written_off_is_paid_back_and_what_is_rejected_is_not(store: Store) -> None:
    order = await an_order(store).returned(written_off=((1, 1),), rejected=((1, 1),))
    assert await order.amounts(f.PaymentRefunded) == [2 * 1099]
    assert ((await store.shelves())["TEA north"], await store.broken()) == ((48, 0, 0), [])


async def test_less_may_arrive_than_was_announced(store: Store) -> None:
    order = await an_order(store).delivered()
    await order.ask_back(order.return_id(), order.units())
    await order.receive(order.return_id(), order.units(TEA=2))
    await order.inspect(order.return_id())
    await store.drain()
    assert await order.amounts(f.PaymentRefunded) == [2 * 1099]
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.DELIVERED, (49, 0, 0))


async def test_what_did_not_arrive_can_be_announced_again(store: Store) -> None:
    order = await an_order(store).delivered()
    await order.ask_back(order.return_id(), order.units())
    await order.receive(order.return_id(), order.units(TEA=2))
    assert isinstance(await order.ask_back(order.return_id("2"), order.units(TEA=1)), f.ReturnRequested)


async def test_more_than_was_announced_is_not_received(store: Store) -> None:
    order = await an_order(store).delivered()
    await order.ask_back(order.return_id(), order.units(TEA=1))
    assert isinstance(await order.receive(order.return_id(), order.units(TEA=2)), Refused)


@pytest.mark.parametrize(("days", "answer"), [(18, f.ReturnRequested), (19, Refused)])
async def test_units_come_back_within_thirty_days_only(store: Store, days: int, answer: type[object]) -> None:
    order = await an_order(store).delivered()  # on 9 May; it is the 21st
    await store.drain(days * DAY)
    assert isinstance(await order.ask_back(order.return_id(), order.units()), answer)


async def test_what_is_on_its_way_cannot_be_sent_back(store: Store) -> None:
    order = await an_order(store).shipped()
    refused = await order.ask_back(order.return_id(), order.units())
    assert isinstance(refused, Refused)
    assert refused.code == "not_returnable"


async def test_no_unit_comes_back_twice(store: Store) -> None:
    order = await an_order(store).returned(TEA=2)
    assert isinstance(await order.ask_back(order.return_id("2"), order.units(TEA=2)), Refused)


async def test_a_return_that_is_asked_for_again_is_the_same_one(store: Store) -> None:
    order = await an_order(store).delivered()
    first = await order.ask_back(order.return_id(), order.units(TEA=2))
    second = await order.ask_back(order.return_id(), order.units(TEA=2))
    assert first == second
    assert (await order.standing()).units.total("return_requested") == 2


@pytest.mark.parametrize("units", [1, 3])
async def test_a_return_that_is_asked_for_twice_in_one_batch_is_one(store: Store, units: int) -> None:
    order = await an_order(store).delivered()
    wish = ReturnRequest(order.id, order.return_id(), order.units(TEA=units), store.now, "too big")
    first, second = await store.ask(store.app.stages.returns.request, wish, wish)
    assert first == second
    assert (await order.standing()).units.total("return_requested") == units


async def test_an_inspection_that_is_reported_again_restocks_nothing_and_pays_nothing(store: Store) -> None:
    order = await an_order(store).returned()
    again = await order.inspect(order.return_id())
    await store.drain()
    assert isinstance(again, Conflict)
    assert ((await store.shelves())["TEA north"], await order.amounts(f.PaymentRefunded)) == ((50, 0, 0), [3792])


async def test_an_inspection_that_comes_twice_in_one_batch_restocks_once(store: Store) -> None:
    order = await an_order(store).delivered()
    await order.ask_back(order.return_id(), order.units())
    await order.receive(order.return_id())
    report = InspectionReport(order.id, order.return_id(), store.now)
    first, second = await store.ask(store.app.stages.returns.inspect, report, report)
    assert first == second
    assert (await store.shelves())["TEA north"] == (50, 0, 0)


async def test_a_return_waits_for_a_person_where_the_plan_says_so(careful: Store) -> None:
    order = await an_order(careful).delivered()
    await order.ask_back(order.return_id(), order.units())
    assert isinstance(await order.receive(order.return_id()), Conflict)
    assert isinstance(await review(order, approve=True), f.ReturnAuthorized)
    assert isinstance(await order.receive(order.return_id()), f.UnitsReceived)


async def test_a_declined_return_leaves_the_units_with_the_customer(careful: Store) -> None:
    order = await an_order(careful).delivered()
    await order.ask_back(order.return_id(), order.units())
    assert isinstance(await review(order, approve=False), f.ReturnDeclined)
    assert (await order.stage(), await careful.broken()) == (Stage.DELIVERED, [])
    assert isinstance(await review(order, approve=True), Conflict)


async def review(order: AnOrder, *, approve: bool) -> object:
    decision = ReviewDecision(order.id, order.return_id(), order.store.now, approve)
    answer: object = await order.store.ask(order.store.app.stages.returns.review, decision)
    return answer
