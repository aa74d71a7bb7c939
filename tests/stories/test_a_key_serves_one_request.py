"""A key serves one request: with another body it is refused, and nothing happens."""

import asyncio

from tests.stories.shop import Shop


async def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, key="mine")
    other = await shop.buy(checkout, token="another", key="mine")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


async def test_so_it_is_when_the_two_come_at_once(shop: Shop) -> None:
    checkout = await shop.ready()
    answers = await asyncio.gather(shop.buy(checkout, key="mine"), shop.buy(checkout, token="another", key="mine"))
    await shop.work()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "key_reused"}
    assert len(shop.bank.books()) == 1
