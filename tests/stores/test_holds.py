"""Stock is held for a checkout as the plan says: from its start, or as soon as only the payment is missing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.placement.model.checkout import Cancel, Change, Checkout, CheckoutState
from doorstep.journey.placement.model.questions import Answer
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import CheckoutId
from doorstep.plan.records import Plan
from tests.an_order import HOUR, MINUTE, AnOrder, Store, a_plan, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store that holds stock from the start of a checkout: for 30 minutes, with changes for two hours."""
    async with open_store(database_url, plain(a_plan(hold_from="checkout"))) as store:
        yield store
        assert await store.broken() == []


def plain(plan: Plan) -> Plan:
    """The plan, but nothing is offered for what is not there."""
    return replace(plan, stock=replace(plan.stock, when_unavailable=()))


async def change(order: AnOrder, *fields: str, **cart: int) -> Checkout:
    """The checkout after its cart was changed, or fields of it were taken away."""
    wishes = Wishes(lines=tuple(LineWish(sku, count) for sku, count in cart.items()))
    wish = Change(order.checkout_id, order.store.now, wishes, ("lines",) if cart else fields)
    checkout: Checkout = await order.store.ask(order.store.app.stages.placement.change, wish)
    return checkout


async def cancel(order: AnOrder) -> Checkout | DoorstepError:
    wish = Cancel(order.checkout_id, order.store.now)
    answer: Checkout | DoorstepError = await order.store.ask(order.store.app.stages.placement.cancel, wish)
    return answer


async def read(order: AnOrder) -> Checkout:
    async with order.store.app.database.read() as tx:
        found = await order.store.app.stages.placement.read(tx, [order.checkout_id])
    return found[order.checkout_id]


async def reserved(store: Store, place: str = "POT north") -> int:
    return (await store.shelves())[place][1]


async def later(store: Store, time: timedelta) -> None:
    """Time passes, and what is looked after each minute is looked after at the end."""
    await store.drain(time - MINUTE)
    await store.drain(MINUTE)


def problems(checkout: Checkout) -> list[tuple[str, str, str]]:
    return [(one.kind, one.path, str(one.message)) for one in checkout.problems]


async def test_a_checkout_holds_what_it_wants_from_its_start(store: Store) -> None:
    checkout = await an_order(store, POT=15).opened()
    assert (await reserved(store), checkout.held_until) == (15, store.now + 30 * MINUTE)


async def test_what_one_holds_another_cannot_have_and_is_told_how_many_there_are(store: Store) -> None:
    await an_order(store, "one", POT=15).opened()
    other = await an_order(store, "two", TEA=2, POT=10).opened()
    assert problems(other) == [("insufficient_stock", "lines[1].quantity", "Of POT only 5 are available.")]
    assert (await reserved(store), await reserved(store, "TEA north")) == (15, 2)


async def test_lines_of_one_item_that_are_too_many_together_are_held_one_by_one(store: Store) -> None:
    lines = (LineWish("POT", 12), LineWish("POT", 12))
    wish = an_order(store).wished()
    wish = replace(wish, wishes=replace(wish.wishes, lines=lines))
    checkout = await store.ask(store.app.stages.placement.create, wish)
    assert problems(checkout) == [("insufficient_stock", "lines[1].quantity", "Of POT only 8 are available.")]
    assert (await reserved(store), checkout.state) == (12, CheckoutState.INCOMPLETE)


async def test_checkouts_of_one_batch_hold_in_turn(store: Store) -> None:
    orders = [an_order(store, name, POT=9) for name in ("one", "two", "three")]
    opened = await store.ask(store.app.stages.placement.create, *(order.wished() for order in orders))
    assert [one.state for one in opened] == [CheckoutState.READY, CheckoutState.READY, CheckoutState.INCOMPLETE]
    assert problems(opened[2])[0][2] == "Of POT only 2 are available."


@pytest.mark.parametrize(("wanted", "held"), [(20, 20), (5, 5), (21, 0)])
async def test_what_one_holds_is_free_for_oneself_when_the_cart_changes(store: Store, wanted: int, held: int) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    changed = await change(order, POT=wanted)
    assert (await reserved(store), changed.state is CheckoutState.READY) == (held, held == wanted)


async def test_what_is_not_wanted_any_more_is_free_at_once(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    await change(order, TEA=1)
    assert (await reserved(store), await reserved(store, "TEA north")) == (0, 1)


async def test_a_checkout_that_was_opened_twice_holds_once(store: Store) -> None:
    order = an_order(store, POT=15)
    first = await order.opened()
    assert (await order.opened(), await reserved(store)) == (first, 15)


async def test_what_nobody_came_back_for_is_free_to_the_minute(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    await store.drain(30 * MINUTE - timedelta(seconds=1))
    assert await reserved(store) == 15
    await store.drain(timedelta(seconds=1))
    assert (await reserved(store), (await read(order)).held_until) == (0, None)


async def test_a_checkout_whose_hold_has_passed_comes_to_what_is_left(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    await later(store, 30 * MINUTE)
    assert ((await read(order)).state, (await read(order)).version) == (CheckoutState.READY, 2)
    await an_order(store, "other", POT=10).opened()
    refused = await order.completed("approve")
    assert isinstance(refused, Refused)
    assert refused.fields == {"lines[0].quantity": "10"}


async def test_a_change_holds_again_what_was_freed(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    for _ in range(2):
        await later(store, 30 * MINUTE)
        assert await reserved(store) == 0
        await change(order, POT=14)
        assert await reserved(store) == 14


async def test_changes_prolong_a_hold_but_not_for_ever(store: Store) -> None:
    order = an_order(store, POT=15)
    opened = await order.opened()
    for _ in range(5):
        await store.drain(20 * MINUTE)
        await change(order, POT=15)
    assert (await read(order)).held_until == opened.created_at + 2 * HOUR
    await store.drain(20 * MINUTE)
    again = await change(order, POT=15)
    assert (await reserved(store), again.held_until, again.state) == (0, None, CheckoutState.READY)


async def test_an_abandoned_checkout_lapses_and_frees_its_stock(database_url: str) -> None:
    plan = a_plan(hold_from="checkout")
    short = replace(plan, placement=replace(plan.placement, checkout_lapses_minutes=10))
    async with open_store(database_url, short) as store:
        order = an_order(store, POT=15)
        await order.opened()
        await later(store, 10 * MINUTE)
        assert ((await read(order)).state, await reserved(store)) == (CheckoutState.EXPIRED, 0)
        assert await store.broken() == []


async def test_a_completed_checkout_keeps_what_it_holds(store: Store) -> None:
    order = an_order(store, POT=20)
    await order.opened()
    await store.drain(29 * MINUTE)
    placed = await order.completed("approve")
    assert isinstance(placed, Checkout)
    assert (await reserved(store), placed.held_until) == (20, store.now + 30 * MINUTE)
    await store.drain(MINUTE)
    assert ((await store.shelves())["POT north"], await order.stage()) == ((20, 0, 20), Stage.CONFIRMED)


async def test_lines_that_were_not_held_are_taken_when_it_is_completed(store: Store) -> None:
    other = an_order(store, "other", POT=15)
    await other.opened()
    order = an_order(store, TEA=2, POT=10)
    await order.opened()
    await cancel(other)
    assert (await change(order, "note")).state is CheckoutState.READY
    await order.completed("approve")
    await store.drain()
    assert ((await store.shelves())["POT north"], (await store.shelves())["TEA north"]) == ((20, 0, 10), (50, 0, 2))


async def test_a_declined_order_keeps_its_stock_and_can_be_paid_again(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    await order.completed("decline")
    await store.drain(10 * MINUTE)
    assert ((await read(order)).state, await reserved(store)) == (CheckoutState.READY, 15)
    await order.completed("approve", key="second")
    await store.drain()
    assert (await store.shelves())["POT north"] == (20, 0, 15)


async def test_a_checkout_that_is_given_up_frees_its_stock_once(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    first = await cancel(order)
    assert isinstance(first, Checkout)
    assert (first.state, first.held_until, await reserved(store)) == (CheckoutState.CANCELED, None, 0)
    assert await cancel(order) == first


async def test_an_order_that_was_declined_can_be_given_up(store: Store) -> None:
    order = an_order(store, POT=15)
    await order.opened()
    await order.completed("decline")
    await store.drain()
    given_up = await cancel(order)
    assert isinstance(given_up, Checkout)
    assert ([one.reason for one in await order.facts(f.OrderLapsed)], await reserved(store)) == (
        ["given up by the shopper"],
        0,
    )
    assert (await order.stage(), given_up.state) == (Stage.LAPSED, CheckoutState.CANCELED)


async def test_a_placed_order_is_not_given_up_as_a_checkout(store: Store) -> None:
    order = await an_order(store, POT=15).placed()
    refused = await cancel(order)
    assert (type(refused), getattr(refused, "code", "")) == (Conflict, "checkout_closed")
    await store.drain()
    assert (getattr(await cancel(order), "code", ""), await order.stage()) == ("checkout_closed", Stage.CONFIRMED)


async def test_what_does_not_exist_or_has_expired_cannot_be_given_up(store: Store) -> None:
    order = an_order(store, POT=1)
    assert isinstance(await cancel(order), Missing)
    await order.opened()
    await later(store, 24 * HOUR)
    assert getattr(await cancel(order), "code", "") == "checkout_closed"


@pytest.mark.parametrize("field", ["address", "method"])
async def test_with_hold_from_payment_nothing_is_held_until_only_that_is_missing(database_url: str, field: str) -> None:
    async with open_store(database_url, a_plan(hold_from="payment")) as store:
        order = an_order(store, POT=15)
        wish = order.wished()
        await store.ask(store.app.stages.placement.create, replace(wish, wishes=replace(wish.wishes, **{field: None})))
        assert await reserved(store) == 0
        given: Any = {field: getattr(wish.wishes, field)}
        await store.ask(
            store.app.stages.placement.change, Change(order.checkout_id, store.now, Wishes(**given), (field,))
        )
        assert await reserved(store) == 15
        assert (await change(order, field)).held_until is not None
        assert await store.broken() == []


async def test_with_hold_from_placement_a_checkout_holds_nothing(database_url: str) -> None:
    async with open_store(database_url) as store:
        checkout = await an_order(store, POT=15).opened()
        assert (await reserved(store), checkout.held_until) == (0, None)


async def test_several_are_given_up_in_one_batch(store: Store) -> None:
    orders = [an_order(store, name, POT=5) for name in ("one", "two")]
    await store.ask(store.app.stages.placement.create, *(order.wished() for order in orders))
    wishes = [Cancel(one.checkout_id, store.now) for one in (*orders, orders[0])]
    answers = await store.ask(store.app.stages.placement.cancel, *wishes, Cancel(CheckoutId("chk_NONE"), store.now))
    states = [one.state if isinstance(one, Checkout) else one.code for one in answers]
    assert states == [CheckoutState.CANCELED] * 3 + ["no_such_checkout"]
    assert await reserved(store) == 0


@pytest_asyncio.fixture
async def offering(database_url: str) -> AsyncIterator[Store]:
    """A store that holds stock from the start of a checkout, and offers what there is instead."""
    async with open_store(database_url, a_plan(hold_from="checkout")) as store:
        yield store
        assert await store.broken() == []


async def answer(order: AnOrder, option: str) -> Checkout:
    said = Answer(order.checkout_id, order.store.now, "answer", "choose_alternative-1", option)
    told: Checkout = await order.store.ask(order.store.app.stages.conversation.hear, said)
    return told


async def test_fewer_that_are_offered_are_held_and_the_cart_takes_them_over(offering: Store) -> None:
    await an_order(offering, "other", POT=15).opened()
    order = an_order(offering, TEA=1, POT=10)
    assert ((await order.opened()).state, await reserved(offering)) == (CheckoutState.INCOMPLETE, 20)
    chosen = await answer(order, "fewer")
    assert (chosen.state, chosen.kept, await reserved(offering)) == (CheckoutState.READY, (), 20)
    assert sum(source.quantity for source in chosen.held) == 6


async def test_fewer_that_are_wished_for_without_an_answer_are_had_too(offering: Store) -> None:
    await an_order(offering, "other", POT=15).opened()
    order = an_order(offering, POT=10)
    await order.opened()
    changed = await change(order, POT=4)
    assert (changed.state, changed.offerings, await reserved(offering)) == (CheckoutState.READY, (), 19)
    assert isinstance(await order.completed("approve"), Checkout)


async def test_what_is_given_up_frees_what_was_offered(offering: Store) -> None:
    await an_order(offering, "other", POT=15).opened()
    order = an_order(offering, POT=10)
    await order.opened()
    await cancel(order)
    assert await reserved(offering) == 15


async def test_what_was_offered_and_left_is_free_in_the_end(offering: Store) -> None:
    order = an_order(offering, TEA=2, POT=30)
    await order.opened()
    for _ in range(24):
        await later(offering, HOUR)
    assert {name: counts[1] for name, counts in (await offering.shelves()).items() if counts[1]} == {}
