"""A double click gives one order, however the two requests meet."""

import asyncio

from tests.stories.shop import MORNING, Shop


async def test_a_double_click_gives_one_order(shop: Shop) -> None:
    checkout = await shop.ready()
    answers = await asyncio.gather(*(shop.buy(checkout) for _ in range(5)))
    await shop.work()
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["order"]["number"] for answer in answers} == {"1001"}
    assert (len(await shop.orders()), len(shop.bank.books())) == (1, 1)


async def test_clicks_at_different_moments_give_one_order(shop: Shop) -> None:
    checkout = await shop.ready()
    clicks = []
    for _ in range(3):
        clicks.append(asyncio.create_task(shop.buy(checkout)))
        await asyncio.wait(clicks, timeout=0)
        await shop.later(minutes=0)
    answers = await asyncio.gather(*clicks)
    assert {answer.json()["order"]["number"] for answer in answers} == {"1001"}


async def test_asked_again_afterwards_the_answer_is_the_order_as_it_stands(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout)
    await shop.work()
    again = await shop.buy(checkout)
    assert (again.status_code, again.json()["state"]) == (200, "completed")
    assert len(shop.bank.books()) == 1


async def test_a_second_click_with_another_key_is_told_so(shop: Shop) -> None:
    checkout = await shop.ready()
    answers = await asyncio.gather(shop.buy(checkout, key="one"), shop.buy(checkout, key="two"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "already_completed"}


async def test_when_the_goods_are_gone_both_clicks_hear_it(shop: Shop) -> None:
    first, second = await shop.ready("VASE"), await shop.ready("VASE")
    await shop.buy(first)
    clock = shop.clock.now()
    answers = await asyncio.gather(shop.buy(second), shop.buy(second))
    assert [answer.json()["code"] for answer in answers] == ["insufficient_stock"] * 2
    assert clock == MORNING
