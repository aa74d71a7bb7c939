"""The last unit goes to one buyer, and nobody else is charged."""

import asyncio

from tests.stories.shop import Shop


async def test_fifty_buyers_want_the_last_unit_at_once(shop: Shop) -> None:
    checkouts = await asyncio.gather(*(shop.ready("VASE") for _ in range(50)))
    answers = await asyncio.gather(*(shop.buy(checkout) for checkout in checkouts))
    await shop.work()
    refused = [answer.json() for answer in answers if answer.status_code != 200]
    assert len(refused) == 49
    assert {problem["code"] for problem in refused} == {"insufficient_stock"}
    assert {str(problem["fields"]) for problem in refused} == {"{'lines[0].quantity': '0'}"}
    assert (len(await shop.orders()), len(shop.bank.books())) == (1, 1)
