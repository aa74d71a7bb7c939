"""The bank wants to see the shopper first (3-D Secure): the checkout says where, and goes on from there."""

import pytest

from doorstep.kernel.ids import child
from tests.stories.shop import Shop


@pytest.mark.parametrize(("approved", "state"), [(True, "completed"), (False, "ready_for_complete")])
async def test_the_shopper_is_sent_to_the_bank_and_comes_back(shop: Shop, state: str, *, approved: bool) -> None:
    checkout = await shop.ready()
    order_id = (await shop.buy(checkout, token="challenge")).json()["order"]["id"]
    await shop.work()
    payment_id = child("pay", order_id, 1)
    payment = (await shop.look(checkout))["payment"]
    assert (payment["state"], payment["action_url"].rpartition("/")[2]) == ("action_required", payment_id)
    shop.bank.complete_challenge(payment_id, approved=approved)
    await shop.later(minutes=6)
    assert (await shop.look(checkout))["state"] == state


async def test_who_does_not_come_back_is_declined_in_time(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout, token="challenge")
    for minutes in (0, 6, 11, 21, 41, 81):
        await shop.later(minutes)
    assert (await shop.look(checkout))["payment"]["reason"] == "not completed by the buyer in time"
    assert shop.bank.books() == ()
