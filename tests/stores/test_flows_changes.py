"""Until an order is given to its locations its customer may think again: address, quantities, delivery."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.placement.model.amending.records import ChangeState, OrderChange
from doorstep.journey.returns.model import CancelRequest
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, Refused
from tests.a_change import ABROAD, NEXT_DOOR, a_plan, change, wished
from tests.an_order import MINUTE, AnOrder, Store, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url, a_plan()) as store:
        yield store


@pytest_asyncio.fixture(params=["hand_over", "confirmation"])
async def either(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Stores that take the money when the parcel goes, and when the order is confirmed."""
    async with open_store(database_url, a_plan(request.param)) as store:
        yield store


def made(answer: Any) -> OrderChange:
    assert isinstance(answer, OrderChange), getattr(answer, "message", answer)
    return answer


async def test_a_new_address_is_where_the_parcel_goes(store: Store) -> None:
    order = await an_order(store).confirmed()
    assert made(await change(order, 0, address=NEXT_DOOR)).state is ChangeState.CONFIRMED
    assert (await order.order()).address == NEXT_DOOR
    await order.delivered()
    assert (await order.stage(), await store.broken()) == (Stage.DELIVERED, [])


async def test_the_customer_is_told_what_is_sent_now_and_where(store: Store) -> None:
    order = await an_order(store).confirmed()
    await change(order, 0, address=NEXT_DOOR)
    (notice,) = [one.notice for one in await order.notices() if "is changed" in one.notice.subject]
    assert "3 × Tea: £32.97" in notice.text
    assert "3 Mill Lane" in notice.text


async def test_no_fact_holds_an_address(store: Store) -> None:
    order = await an_order(store).confirmed()
    await change(order, 0, address=NEXT_DOOR)
    assert not any("Mill Lane" in str(fact) for fact in await order.facts(f.Fact))


async def test_fewer_units_cost_less_and_are_free_for_others(either: Store) -> None:
    order = await an_order(either, TEA=3).confirmed()
    assert made(await change(order, -1099, units=((1, 2),))).money.after_minor == 2 * 1099 + 495
    assert (await either.shelves())["TEA north"] == (50, 0, 2)
    await order.delivered()
    captured, refunded = sum(await order.amounts(f.PaymentCaptured)), sum(await order.amounts(f.PaymentRefunded))
    assert (captured - refunded, await either.broken()) == (2 * 1099 + 495, [])


async def test_a_line_can_go_altogether(either: Store) -> None:
    order = await an_order(either, TEA=1, CUP=1).confirmed()
    await change(order, -700, units=((2, 0),))
    await order.delivered()
    captured, refunded = sum(await order.amounts(f.PaymentCaptured)), sum(await order.amounts(f.PaymentRefunded))
    assert (captured - refunded, await either.broken()) == (1099 + 495, [])


async def test_more_units_are_paid_by_a_payment_of_their_own(either: Store) -> None:
    order = await an_order(either, TEA=3).confirmed()
    assert made(await change(order, 2198, units=((1, 5),))).state is ChangeState.REQUESTED
    assert await order.amounts(f.PaymentAuthorized) == [3 * 1099 + 495, 2198]
    assert (await either.shelves())["TEA north"] == (50, 0, 5)
    await order.delivered()
    assert sum(await order.amounts(f.PaymentCaptured)) == 5 * 1099 + 495
    assert (await order.stage(), await either.broken()) == (Stage.DELIVERED, [])


async def test_what_comes_back_is_refunded_over_both_payments(either: Store) -> None:
    order = await an_order(either, TEA=1).confirmed()
    await change(order, 2198, units=((1, 3),))
    await order.delivered()
    await order.ask_back(order.return_id(), ((1, 1), (2, 2)))
    await order.receive(order.return_id())
    await order.inspect(order.return_id())
    await either.drain()
    assert sorted(await order.amounts(f.PaymentRefunded)) == sorted([1099 + 495, 2198])
    assert (await order.stage(), await either.broken()) == (Stage.RETURNED, [])


async def test_a_declined_difference_leaves_the_order_as_it_was(store: Store) -> None:
    order = await an_order(store, TEA=3).confirmed()
    await change(order, 1099, units=((1, 4),), token="decline")
    assert (await store.shelves())["TEA north"] == (50, 0, 3)
    assert await order.facts(f.OrderChanged) == []
    assert "Your order # stays as it was" in await order.told()
    await order.delivered()
    assert (sum(await order.amounts(f.PaymentCaptured)), await store.broken()) == (3 * 1099 + 495, [])


async def test_a_difference_that_is_not_paid_in_time_is_dropped_and_its_goods_are_free(store: Store) -> None:
    order = await an_order(store, TEA=3).confirmed()
    await change(order, 1099, units=((1, 4),), token="challenge")
    assert (await store.shelves())["TEA north"] == (50, 1, 3)
    await order.released()
    assert (await store.shelves())["TEA north"] == (50, 0, 3)
    assert [fact.units for fact in await order.facts(f.FulfillmentReleased)] == [((1, 3),)]
    assert await store.broken() == []


async def test_money_that_comes_too_late_for_a_change_is_given_back(store: Store) -> None:
    order = await an_order(store, TEA=3).confirmed()
    await change(order, 1099, units=((1, 4),), token="late:4")
    await order.released()
    for _ in range(30):
        await store.drain(60 * MINUTE)
    assert (await order.amounts(f.PaymentAuthorized))[1:] == await order.amounts(f.PaymentVoided) == [1099]
    assert await store.broken() == []


async def test_a_slow_bank_is_waited_for(store: Store) -> None:
    order = await an_order(store, TEA=3).confirmed()
    await change(order, 1099, units=((1, 4),), token="timeout")
    await store.drain(10 * MINUTE)
    assert len(await order.facts(f.OrderChanged)) == 1
    await order.delivered()
    assert (sum(await order.amounts(f.PaymentCaptured)), await store.broken()) == (4 * 1099 + 495, [])


async def test_abroad_all_is_sent_from_where_that_is_done(either: Store) -> None:
    order = await an_order(either, TEA=40, POT=1).confirmed()
    before = (await order.order()).total_minor
    await change(order, 1200 - 495, address=ABROAD)
    assert (await order.order()).total_minor == before + 705
    await order.delivered()
    assert (await order.stage(), await either.broken()) == (Stage.DELIVERED, [])


async def test_goods_that_nobody_sends_there_keep_the_order_as_it_is(store: Store) -> None:
    order = await an_order(store, CUP=1).confirmed()
    assert isinstance(await change(order, 705, address=ABROAD), Refused)
    assert (await store.shelves())["CUP south"] == (40, 0, 1)
    assert await store.broken() == []


async def test_a_faster_service_is_paid_and_a_slower_one_paid_back(either: Store) -> None:
    order = await an_order(either).confirmed()
    await change(order, 500, service="express")
    await change(order, -795, service="slow", key="2")
    assert ((await order.order()).service, (await order.order()).delivery_minor) == ("slow", 200)
    await order.delivered()
    captured, refunded = sum(await order.amounts(f.PaymentCaptured)), sum(await order.amounts(f.PaymentRefunded))
    assert (captured - refunded, await either.broken()) == (3 * 1099 + 200, [])


async def test_fewer_deliveries_come_from_one_place(store: Store) -> None:
    order = await an_order(store, TEA=60).confirmed()
    assert isinstance(await change(order, 0, deliveries_max=1), Refused)
    other = await an_order(store, "second", CUP=1).confirmed()
    assert made(await change(other, 0, deliveries_max=1, key="2")).order.deliveries_max == 1
    assert await store.broken() == []


async def test_units_that_are_not_there_are_not_promised(store: Store) -> None:
    order = await an_order(store, POT=1).confirmed()
    assert isinstance(await change(order, 20 * 3333, units=((1, 21),)), Refused)
    assert (await store.shelves())["POT north"] == (20, 0, 1)


async def test_further_units_may_come_from_elsewhere_within_the_deliveries(store: Store) -> None:
    order = await an_order(store, TEA=49).confirmed()
    await change(order, 10 * 1099, units=((1, 59),))
    assert {promise.location for promise in (await order.standing()).units.promises.values()} == {"north", "south"}
    await order.delivered()
    assert (await order.stage(), await store.broken()) == (Stage.DELIVERED, [])


async def test_what_was_not_agreed_to_is_not_done(store: Store) -> None:
    order = await an_order(store).confirmed()
    answer = await change(order, 0, service="slow")
    assert isinstance(answer, Conflict)
    assert answer.fields == {"difference_minor": "-295"}
    assert await order.facts(f.OrderChanged) == []


async def test_the_same_key_changes_once(store: Store) -> None:
    order = await an_order(store).confirmed()
    first, again = await change(order, -295, service="slow"), await change(order, -295, service="slow")
    assert made(first).id == made(again).id
    assert len(await order.facts(f.OrderChanged)) == 1
    assert isinstance(await change(order, 0, address=NEXT_DOOR), Conflict)


async def test_once_released_it_is_too_late(store: Store) -> None:
    order = await an_order(store).released()
    answer = await change(order, 0, address=NEXT_DOOR)
    assert isinstance(answer, Conflict)
    assert answer.code == "being_packed"


async def test_one_change_waits_for_another_that_is_being_paid(store: Store) -> None:
    order = await an_order(store).confirmed()
    await change(order, 1099, units=((1, 4),), token="challenge")
    answer = await change(order, 0, address=NEXT_DOOR, key="2")
    assert isinstance(answer, Conflict)
    assert answer.code == "change_pending"


async def test_a_change_of_an_order_that_was_canceled_meanwhile_gives_its_money_back(store: Store) -> None:
    order = await an_order(store).confirmed()
    await change(order, 1099, units=((1, 4),), token="late")
    await order.cancel()
    await store.drain(60 * MINUTE)
    assert (await order.standing()).balance.voided == 4 * 1099 + 495
    assert (await order.stage(), await store.broken()) == (Stage.CANCELED, [])


async def test_all_is_given_back_when_a_changed_order_is_canceled(either: Store) -> None:
    order = await an_order(either, TEA=1).confirmed()
    await change(order, 1099, units=((1, 2),))
    everything = CancelRequest(order.id, "can_all", ((1, 1), (2, 1)), either.now, "all of it")
    await either.ask(either.app.stages.returns.cancel, everything)
    await either.drain(120 * MINUTE)
    balance = (await order.standing()).balance
    assert balance.voided + balance.refunded == 2 * 1099 + 495
    assert (await order.stage(), await either.broken()) == (Stage.CANCELED, [])


async def test_a_draft_says_what_a_change_comes_to(store: Store) -> None:
    order = await an_order(store).confirmed()
    async with store.app.database.begin() as tx:
        (draft,) = await store.app.stages.changes.request(tx, [wished(order, units=((1, 4),))])
    assert (made(draft).money.pay_minor, made(draft).money.difference_minor) == (1099, 1099)


async def _held(database_url: str) -> AsyncIterator[AnOrder]:
    async with open_store(database_url, a_plan(review_over=10_000)) as store:
        yield await an_order(store, POT=4).paid()


async def test_a_held_order_can_be_changed_and_goes_on_when_nobody_need_look_at_it(database_url: str) -> None:
    async for order in _held(database_url):
        assert await order.stage() is Stage.HELD
        await change(order, -2 * 3333, units=((1, 2),))
        assert await order.stage() is Stage.CONFIRMED
        await order.delivered()
        assert sum(await order.amounts(f.PaymentCaptured)) == 2 * 3333 + 495
        assert await order.store.broken() == []


async def test_a_held_order_that_grows_is_confirmed_with_all_of_it(database_url: str) -> None:
    async for order in _held(database_url):
        await change(order, 2 * 3333, units=((1, 6),))
        assert (await order.store.shelves())["POT north"] == (20, 6, 0)
        await change(order, 0, address=NEXT_DOOR, key="2")
        decision = HoldDecision(order.id, order.store.now, "Grace", accept=True)
        await order.store.ask(order.store.app.stages.confirmation.decide, decision)
        await order.store.drain()
        assert (await order.store.shelves())["POT north"] == (20, 0, 6)
        await order.delivered()
        assert sum(await order.amounts(f.PaymentCaptured)) == 6 * 3333 + 495
        assert await order.store.broken() == []


async def test_an_order_does_not_outgrow_the_limit_over_which_somebody_looks(database_url: str) -> None:
    async with open_store(database_url, a_plan(review_over=10_000)) as store:
        order = await an_order(store, POT=2).confirmed()
        answer = await change(order, 2 * 3333, units=((1, 4),))
        assert isinstance(answer, Refused)
        assert answer.code == "needs_review"


async def test_tax_on_top_follows_the_goods(database_url: str) -> None:
    async with open_store(database_url, a_plan(includes=False)) as store:
        order = await an_order(store, POT=1).confirmed()
        answer = made(await change(order, None, address=ABROAD))
        assert (answer.money.before_minor, answer.money.after_minor) == (4000 + 594, 3666 + 1320)
        await order.delivered()
        assert (sum(await order.amounts(f.PaymentCaptured)), await store.broken()) == (3666 + 1320, [])
