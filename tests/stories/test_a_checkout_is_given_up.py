"""A shopper gives a checkout up: what it held is free at once, and nobody can complete it any more."""

from typing import Any

import pytest

from tests.stories.shop import Shop


async def cancel(shop: Shop, checkout: Any) -> Any:
    """What giving it up is answered."""
    return (await shop.http.post(f"/api/v1/checkouts/{checkout['id']}/cancel")).json()


async def test_what_is_given_up_cannot_be_completed(shop: Shop) -> None:
    checkout = await shop.ready()
    answers = [await cancel(shop, checkout) for _ in range(2)]
    assert [answer["state"] for answer in answers] == ["canceled"] * 2
    assert answers[0] == answers[1]
    assert (await shop.buy(checkout)).json()["code"] == "checkout_closed"
    assert await shop.orders() == []


async def test_after_a_decline_the_last_unit_is_free_for_another(shop: Shop) -> None:
    checkout = await shop.ready("VASE")
    await shop.buy(checkout, token="decline")
    await shop.work()
    assert (await cancel(shop, checkout))["state"] == "canceled"
    other = await shop.ready("VASE")
    assert (await shop.buy(other)).status_code == 200
    assert [order["stage"] for order in await shop.orders()] == ["paying", "lapsed"]


@pytest.mark.parametrize("token", ["approve", "timeout", "challenge"])
async def test_an_order_that_is_paid_or_may_be_is_not_given_up(shop: Shop, token: str) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, token=token)
    for _ in range(2):
        assert (await cancel(shop, checkout))["code"] == "checkout_closed"
        await shop.work()
    assert (await shop.orders())[0]["stage"] != "lapsed"


async def test_what_is_not_there_cannot_be_given_up(shop: Shop) -> None:
    assert (await cancel(shop, {"id": "chk_none"}))["code"] == "no_such_checkout"
