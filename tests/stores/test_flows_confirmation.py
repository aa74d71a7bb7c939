"""Placing and confirming: one checkout is one order, held orders wait for a person, and only so long."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from tests.an_order import DAY, HOUR, AnOrder, Store, a_plan, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store in which a person looks at every order over 30.00."""
    async with open_store(database_url, a_plan(review_over=3000)) as store:
        yield store


async def decide(order: AnOrder, *, accept: bool) -> f.Fact | DoorstepError:
    decision = HoldDecision(order.id, order.store.now, "Grace", accept)
    answer: f.Fact | DoorstepError = await order.store.ask(order.store.app.stages.confirmation.decide, decision)
    await order.store.drain()
    return answer


async def test_an_order_under_the_limit_needs_nobody(store: Store) -> None:
    assert await (await an_order(store, TEA=1).paid()).stage() is Stage.CONFIRMED


async def test_an_order_over_the_limit_is_held_with_its_stock(store: Store) -> None:
    order = await an_order(store).paid()
    await store.drain(DAY)
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.HELD, (50, 3, 0))


async def test_a_held_order_that_is_released_goes_on(store: Store) -> None:
    order = await an_order(store).paid()
    await store.drain(HOUR)
    assert isinstance(await decide(order, accept=True), f.HoldReleased)
    assert await order.stage() is Stage.CONFIRMED
    await store.drain(3 * DAY)
    assert await order.stage() is Stage.PICKING


@pytest.mark.parametrize("accept", [True, False])
async def test_a_hold_is_decided_once(store: Store, accept: bool) -> None:  # noqa: FBT001
    order = await an_order(store).paid()
    await decide(order, accept=accept)
    again = await decide(order, accept=not accept)
    assert isinstance(again, Conflict)
    assert again.code == "not_held"


async def test_a_held_order_that_is_rejected_gives_money_and_stock_back(store: Store) -> None:
    order = await an_order(store).paid()
    await decide(order, accept=False)
    assert await order.amounts(f.PaymentVoided) == [3 * 1099 + 495]
    assert (await order.stage(), (await store.shelves())["TEA north"]) == (Stage.REJECTED, (50, 0, 0))
    assert (await order.told(), await store.broken()) == (["We could not accept your order #"], [])


async def test_a_held_order_that_nobody_looks_at_is_rejected_when_its_time_is_over(store: Store) -> None:
    order = await an_order(store).paid()
    await store.drain(2 * DAY)
    assert [fact.reason for fact in await order.facts(f.OrderRejected)] == ["not reviewed in time"]
    assert (await store.shelves())["TEA north"] == (50, 0, 0)
    assert await store.broken() == []


async def test_two_requests_with_one_key_are_one_order_with_one_answer(store: Store) -> None:
    order = an_order(store)
    checkout = await order.opened()
    wish = Complete(order.checkout_id, store.now, "key", checkout.totals.total)
    first, second = await store.ask(store.app.stages.placement.complete, wish, wish)
    third = await store.ask(store.app.stages.placement.complete, wish)
    await store.drain()
    assert first == second == third
    assert (len(store.bank.books()), (await store.shelves())["TEA north"]) == (1, (50, 3, 0))


async def test_of_two_requests_with_keys_of_their_own_one_places_the_order(store: Store) -> None:
    order = an_order(store)
    checkout = await order.opened()
    wishes = [Complete(order.checkout_id, store.now, key, checkout.totals.total) for key in ("one", "two")]
    first, second = await store.ask(store.app.stages.placement.complete, *wishes)
    third = await store.ask(store.app.stages.placement.complete, wishes[1])
    await store.drain()
    assert isinstance(first, Checkout)
    assert [error.code for error in (second, third)] == ["already_completed", "already_completed"]
    assert len(store.bank.books()) == 1


async def test_what_is_no_longer_there_is_refused_and_not_charged(store: Store) -> None:
    late = an_order(store, "late", TEA=60)
    await late.opened()
    await an_order(store, "early", TEA=60).placed()
    refused = await late.completed("")
    await store.drain()
    assert isinstance(refused, Refused)
    assert (refused.fields, len(store.bank.books())) == ({"lines[0].quantity": "40"}, 1)


async def test_orders_of_one_batch_get_what_is_there_in_turn(store: Store) -> None:
    names = ["a", "b", "c", "d"]
    wishes = [
        Complete(one.checkout_id, store.now, "key", (await one.opened()).totals.total)
        for one in [replace(an_order(store, TEA=30), name=name) for name in names]
    ]
    answers = await store.ask(store.app.stages.placement.complete, *wishes)
    assert [isinstance(answer, Checkout) for answer in answers] == [True, True, True, False]
