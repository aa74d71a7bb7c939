"""Codes with limits: counted when an order is placed, refused when used up, given back; refunds to the cent."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.jobs.model import Task
from doorstep.journey import facts as f
from doorstep.journey.codes.model import Freed, customer_key
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict
from doorstep.plan.price_records import Discount, Tax, TaxRate
from tests.an_order import HOUR, PLAN, AnOrder, Store, open_store

CODES = (
    Discount(id="ONE", percent="10", total=1),
    Discount(id="EACH", percent="7.5", per_customer=1),
    Discount(id="ALL", percent="100", free_delivery=True),
)
CODED = replace(
    PLAN,
    discounts=CODES,
    tax=Tax(prices_include_tax=False, rates=(TaxRate(country="GB", rate="0.20"),)),
    payment=replace(PLAN.payment, review_over=10_000),
)


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url, CODED) as store:
        yield store


def an_order(store: Store, name: str, *codes: str, email: str = "ada@example.org", tea: int = 3) -> AnOrder:
    return AnOrder(store, {"TEA": tea, "CUP": 1}, name, codes=codes, email=email)


async def used(store: Store, code: str, email: str = "") -> int:
    counter = (code, customer_key(email))
    async with store.app.database.read() as tx:
        return (await store.app.stages.codes.counts(tx, [counter])).get(counter, 0)


async def test_a_code_is_used_up_between_apply_and_complete(store: Store) -> None:
    first, second = an_order(store, "first", "ONE"), an_order(store, "second", "one")
    before = await second.opened()
    await first.placed()
    refused = await second.completed("")
    assert isinstance(refused, Conflict)
    assert (refused.code, refused.fields["codes[0]"]) == ("code_used_up", "ONE")
    async with store.app.database.read() as tx:
        after = (await store.app.stages.placement.read(tx, [second.checkout_id]))[second.checkout_id]
    assert (after.state, [problem.kind for problem in after.problems]) == (CheckoutState.INCOMPLETE, ["code_used_up"])
    assert (after.totals.discount, after.totals.total > before.totals.total) == (0, True)
    assert len(store.bank.books()) == 0


async def test_a_customer_is_counted_by_their_address(store: Store) -> None:
    await an_order(store, "first", "EACH").placed()
    again = await an_order(store, "again", "EACH", email=" Ada@Example.org").opened()
    other = await an_order(store, "other", "EACH", email="bob@example.org").opened()
    assert [problem.kind for problem in again.problems if problem.path == "codes[0]"] == ["code_used_up"]
    assert other.problems == ()


async def test_a_try_that_finds_no_stock_uses_nothing(store: Store) -> None:
    order, rival = an_order(store, "late", "ONE", tea=60), an_order(store, "soon", tea=60)
    await order.opened()
    await rival.placed()
    assert not isinstance(await order.completed(""), Checkout)
    assert await used(store, "one") == 0


@pytest.mark.parametrize(("token", "after"), [("decline", Stage.LAPSED), ("", Stage.CANCELED)])
async def test_an_order_that_comes_to_nothing_gives_its_code_back(store: Store, token: str, after: Stage) -> None:
    order = await an_order(store, "first", "ONE").paid(token)
    assert (await used(store, "one"), await used(store, "one", order.email)) == (1, 1)
    if after is Stage.CANCELED:
        await order.cancel(TEA=3)
        await store.drain()
        assert await used(store, "one") == 1
        await order.cancel("2", CUP=1)
    await store.drain(HOUR)
    await store.ask(store.app.stages.placement.lapse, Task(store.now, None, "lapse"))
    await store.drain()
    assert (await order.stage(), await used(store, "one"), await used(store, "one", order.email)) == (after, 0, 0)


async def test_an_order_that_is_rejected_gives_its_code_back_once(store: Store) -> None:
    order = await an_order(store, "dear", "ONE", tea=10).paid()
    decide = store.app.stages.confirmation.decide
    await store.ask(decide, HoldDecision(order.id, store.now, "anna", accept=False))
    await store.drain()
    again = Task(store.now, Freed(order.id), "again")
    await store.ask(store.app.stages.codes.give_back, again)
    assert (await order.stage(), await used(store, "one")) == (Stage.REJECTED, 0)


async def test_a_full_return_pays_back_exactly_what_was_paid(store: Store) -> None:
    order = await an_order(store, "first", "ONE", "EACH").returned()
    placed = await order.order()
    assert [one.goods_minor for one in placed.discounts] == [round(3997 * 0.1), round(3597 * 0.075)]
    assert sum(await order.amounts(f.PaymentRefunded)) == placed.total_minor
    assert await store.broken() == []


async def test_a_return_bit_by_bit_and_a_cancellation_pay_back_the_same(store: Store) -> None:
    order = await an_order(store, "first", "ONE", "EACH").confirmed()
    await order.cancel(TEA=1)
    await order.returned(TEA=1)
    for name, left in (("2", {"TEA": 1}), ("3", {"CUP": 1})):
        await order.ask_back(order.return_id(name), order.units(**left))
        await order.receive(order.return_id(name))
        await order.inspect(order.return_id(name))
    await store.drain()
    captured = sum(await order.amounts(f.PaymentCaptured))
    assert sum(await order.amounts(f.PaymentRefunded)) == captured
    assert await store.broken() == []


async def test_an_order_for_nothing_goes_all_the_way(store: Store) -> None:
    order = await an_order(store, "gift", "ALL").returned()
    assert ((await order.order()).total_minor, await order.stage()) == (0, Stage.RETURNED)
    assert await store.broken() == []
