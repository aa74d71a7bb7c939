"""Two hundred want a code that ten can have: ten have it, the others are told, and the code is counted exactly."""

import asyncio

from msgspec.structs import replace

from doorstep.journey.codes.model import customer_key
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.kernel.errors import Conflict
from doorstep.plan.price_records import Discount
from tests.an_order import PLAN, AnOrder, Store, open_store

CODES = (Discount(id="TEN", percent="10", total=10), Discount(id="ONCE", amount=100, per_customer=1))
CODED = replace(PLAN, discounts=CODES)


async def race(store: Store, orders: list[AnOrder]) -> list[Checkout | BaseException]:
    """What each gets who completes at the same moment as all others, some in one batch and some not."""
    checkouts = await store.ask(store.app.stages.placement.create, *(order.wished() for order in orders))
    wishes = [Complete(one.id, store.now, "key", one.totals.total) for one in checkouts]
    asked = [store.app.lanes.complete.ask(wish) for wish in wishes[::2]]
    alone = [store.ask(store.app.stages.placement.complete, wish) for wish in wishes[1::2]]
    return await asyncio.gather(*asked, *alone, return_exceptions=True)


async def counted(store: Store, code: str, email: str = "") -> int:
    counter = (code, customer_key(email))
    async with store.app.database.read() as tx:
        return (await store.app.stages.codes.counts(tx, [counter])).get(counter, 0)


async def test_two_hundred_race_for_a_code_that_ten_can_have(database_url: str) -> None:
    async with open_store(database_url, CODED) as store:
        orders = [
            AnOrder(
                store, {"CUP" if number % 2 else "TEA": 1}, f"{number:03}", codes=codes, email=f"{number}@tea.example"
            )
            for number in range(200)
            for codes in [("TEN", "ONCE") if number % 3 else ("ONCE", "TEN")]
        ]
        answers = await race(store, orders)
        won = [one for one in answers if isinstance(one, Checkout)]
        lost = [one for one in answers if isinstance(one, Conflict)]
        assert (len(won), {one.code for one in lost}) == (10, {"code_used_up"})
        assert (await counted(store, "ten"), await counted(store, "once")) == (10, 10)
        await store.drain()
        assert (len(store.bank.books()), await store.broken()) == (10, [])


async def test_one_customer_races_against_themselves(database_url: str) -> None:
    async with open_store(database_url, CODED) as store:
        orders = [AnOrder(store, {"TEA": 1}, f"{number:02}", codes=("ONCE",)) for number in range(20)]
        answers = await race(store, orders)
        assert sum(isinstance(one, Checkout) for one in answers) == 1
        assert await counted(store, "once", orders[0].email) == 1
