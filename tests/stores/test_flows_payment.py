"""Money, by every token of the sandbox: guaranteed, refused, lost on the way, late; taken and given back."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.placement.model.checkout import CheckoutState
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Refused
from doorstep.plan.price_records import Tax, TaxRate
from doorstep.plug.payment import PaymentAct
from tests.an_order import DAY, MINUTE, PLAN, AnOrder, Store, a_plan, an_order, open_store

TOTAL = 3 * 1099 + 495


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


def moved(store: Store) -> list[tuple[str, int]]:
    """What the bank did, in turn."""
    return [(one.act.value, one.amount) for one in store.bank.books()]


async def some_time(store: Store, minutes: int = 60, step: int = 5) -> None:
    for _ in range(0, minutes, step):
        await store.drain(timedelta(minutes=step))


@pytest.mark.parametrize("token", ["approve", "twice", "timeout", "timeout-lost", "late", "late:3"])
async def test_an_order_is_confirmed_once_its_money_is_guaranteed(store: Store, token: str) -> None:
    order = await an_order(store).paid(token)
    await some_time(store)
    assert (await order.kinds())[:3] == ["OrderPlaced", "PaymentAuthorized", "OrderConfirmed"]
    assert moved(store) == [("authorize", TOTAL)]
    assert await store.broken() == []


@pytest.mark.parametrize("token", ["timeout", "timeout-lost", "late"])
async def test_while_the_bank_has_not_answered_the_order_waits_and_its_stock_is_held(store: Store, token: str) -> None:
    order = await an_order(store).paid(token)
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.PAYING, (50, 3, 0))


async def test_an_order_whose_money_may_be_moving_does_not_lapse(store: Store) -> None:
    order = await an_order(store).paid("late:6")
    await some_time(store, 120)
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.PAYING, (50, 3, 0))
    await store.drain(2 * DAY)
    assert await order.amounts(f.PaymentAuthorized) == [TOTAL]


async def test_a_declined_payment_is_told_with_its_reason_and_the_checkout_opens_again(store: Store) -> None:
    order = await an_order(store).paid("decline:no funds")
    assert [fact.reason for fact in await order.facts(f.PaymentDeclined)] == ["no funds"]
    assert await order.stage() is Stage.DECLINED
    async with store.app.database.read() as tx:
        checkouts = await store.app.stages.placement.read(tx, [order.checkout_id])
    assert checkouts[order.checkout_id].state is CheckoutState.READY


async def test_after_a_decline_another_payment_goes_through(store: Store) -> None:
    order = await an_order(store).paid("decline")
    await order.completed("approve", key="second")
    await store.drain()
    assert (await order.stage(), moved(store)) == (Stage.CONFIRMED, [("authorize", TOTAL)])
    assert (await order.standing()).balance.attempts == 2


async def test_a_challenge_sends_the_buyer_to_the_bank(store: Store) -> None:
    order = await an_order(store).paid("challenge")
    (asked,) = await order.facts(f.PaymentActionRequired)
    assert (await order.stage(), asked.action_url) == (
        Stage.BUYER_ACTION,
        f"https://sandbox.invalid/challenge/{asked.payment_id}",
    )


@pytest.mark.parametrize(("approved", "stage"), [(True, Stage.CONFIRMED), (False, Stage.DECLINED)])
async def test_a_challenge_ends_as_the_buyer_ends_it(store: Store, approved: bool, stage: Stage) -> None:  # noqa: FBT001
    order = await an_order(store).paid("challenge")
    pass_challenge(order, approved=approved)
    await store.drain(5 * MINUTE)
    assert await order.stage() is stage


async def test_a_challenge_that_nobody_takes_lets_the_order_lapse_and_frees_its_stock(store: Store) -> None:
    order = await an_order(store).paid("challenge")
    await some_time(store, 40)
    assert (await order.stage(), await store.broken()) == (Stage.LAPSED, [])
    assert (await store.shelves())["TEA north"] == (50, 0, 0)


async def test_an_order_that_nobody_paid_for_lapses_after_its_hold(store: Store) -> None:
    order = await an_order(store).paid("decline")
    await store.drain(29 * MINUTE)
    assert await order.stage() is Stage.DECLINED
    await some_time(store, 5, 1)
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.LAPSED, (50, 0, 0))


async def test_a_lapsed_order_cannot_be_paid(store: Store) -> None:
    order = await an_order(store).paid("decline")
    await some_time(store, 40)
    refused = await order.completed("approve", key="second")
    assert isinstance(refused, Refused)
    assert (refused.code, moved(store)) == ("order_lapsed", [])


async def test_money_that_is_guaranteed_after_the_order_lapsed_is_given_back(store: Store) -> None:
    order = await an_order(store).paid("challenge")
    await some_time(store, 34, 1)
    assert await order.stage() is Stage.LAPSED
    pass_challenge(order, approved=True)
    await some_time(store)
    assert moved(store) == [("authorize", TOTAL), ("void", TOTAL)]
    assert (await order.stage(), await store.broken()) == (Stage.REJECTED, [])
    assert await order.told() == ["We could not accept your order #"]


async def test_a_buyer_who_does_not_act_in_time_is_declined(store: Store) -> None:
    order = await an_order(store).paid("challenge")
    await some_time(store, 90)
    assert [fact.reason for fact in await order.facts(f.PaymentDeclined)] == ["not completed by the buyer in time"]


async def test_money_can_be_taken_when_the_order_is_confirmed(database_url: str) -> None:
    async with open_store(database_url, a_plan(capture="confirmation")) as store:
        order = await an_order(store).confirmed()
        assert await order.amounts(f.PaymentCaptured) == [TOTAL]
        await order.delivered()
        assert (moved(store), await store.broken()) == ([("authorize", TOTAL), ("capture", TOTAL)], [])


async def test_money_can_be_taken_parcel_by_parcel_and_sums_to_the_cent(database_url: str) -> None:
    taxed = replace(PLAN, tax=Tax(prices_include_tax=False, rates=(TaxRate(country="GB", rate="0.20"),)))
    async with open_store(database_url, taxed) as store:
        order = await an_order(store, TEA=61).shipped()
        captures = await order.amounts(f.PaymentCaptured)
        total = (await order.order()).total_minor
        assert (len(captures), sum(captures), total) == (2, total, 61 * 1099 + 13408 + 495 + 99)
        assert await store.broken() == []


@pytest.mark.parametrize("token", ["capture-timeout", "capture-timeout-lost", "capture-late"])
async def test_money_whose_taking_was_not_answered_is_taken_once(store: Store, token: str) -> None:
    order = an_order(store)
    order.token = token
    await order.shipped()
    assert await order.amounts(f.PaymentCaptured) == []
    await some_time(store)
    assert await order.amounts(f.PaymentCaptured) == [TOTAL]
    assert (moved(store), await store.broken()) == ([("authorize", TOTAL), ("capture", TOTAL)], [])


@pytest.mark.parametrize("token", ["refund-timeout", "refund-timeout-lost", "refund-late"])
async def test_money_whose_return_was_not_answered_is_returned_once(store: Store, token: str) -> None:
    order = an_order(store)
    order.token = token
    await order.returned()
    await some_time(store)
    assert await order.amounts(f.PaymentRefunded) == [TOTAL]
    assert (moved(store)[-1], await store.broken()) == (("refund", TOTAL), [])


@pytest.mark.parametrize(("token", "act"), [("capture-fails", PaymentAct.CAPTURE), ("refund-fails", PaymentAct.REFUND)])
async def test_money_that_the_bank_refuses_to_move_is_shown_to_a_person(
    store: Store, token: str, act: PaymentAct
) -> None:
    order = an_order(store)
    order.token = token
    await order.returned()
    (failed,) = await order.facts(f.MoneyCallFailed)
    assert (failed.act, failed.amount, await order.stage()) == (act.value, TOTAL, Stage.TROUBLE)
    assert await order.amounts(f.PaymentRefunded) == []
    assert await store.broken() == []


async def test_a_void_that_the_bank_refuses_is_shown_to_a_person(store: Store) -> None:
    order = an_order(store)
    order.token = "void-fails"
    await order.confirmed()
    await order.cancel()
    assert [fact.act for fact in await order.facts(f.MoneyCallFailed)] == ["void"]
    assert await order.stage() is Stage.TROUBLE


def pass_challenge(order: AnOrder, *, approved: bool) -> None:
    order.store.bank.complete_challenge(f"pay_{order.id.removeprefix('ord_')}-1", approved=approved)
