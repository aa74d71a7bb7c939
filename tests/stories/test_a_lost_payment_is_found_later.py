"""A payment whose answer was lost is found out later, and is made once."""

import pytest

from tests.stories.shop import Shop


@pytest.mark.parametrize("token", ["timeout", "timeout-lost"])
async def test_a_payment_that_times_out_is_found_out_later(shop: Shop, token: str) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, token=token)
    await shop.work()
    assert (await shop.look(checkout))["state"] == "complete_in_progress"
    await shop.later(minutes=6)
    await shop.later(minutes=20)
    assert (await shop.look(checkout))["state"] == "completed"
    assert (await shop.order(checkout))["stage"] == "confirmed"
    assert len(shop.bank.books()) == 1


async def test_a_payment_under_way_is_asked_about_until_it_is_decided(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, token="late")
    for minutes in (0, 6, 11):
        await shop.later(minutes)
    assert (await shop.order(checkout))["money"]["state"] == "authorized"


async def test_while_a_payment_is_unknown_another_one_cannot_be_made(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, token="timeout")
    await shop.work()
    again = await shop.buy(checkout, key="impatient")
    assert (again.status_code, again.json()["code"]) == (409, "already_completed")
