"""A card is approved: the order is confirmed, and the checkout says so."""

from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.shop import Shop, served_shop, until


async def test_an_approved_card_confirms_the_order(shop: Shop) -> None:
    checkout = await shop.ready(quantity=2)
    assert (checkout["state"], checkout["totals"]["total_minor"]) == ("ready_for_complete", 2500)
    placed = (await shop.buy(checkout)).json()
    assert (placed["state"], placed["order"]["number"]) == ("complete_in_progress", "1001")
    await shop.work()
    after = await shop.look(checkout)
    assert (after["state"], after["payment"]["state"]) == ("completed", "authorized")
    order = await shop.order(checkout)
    assert (order["stage"], order["money"]["authorized_minor"], order["money"]["due_minor"]) == (
        "confirmed",
        2500,
        2500,
    )
    assert order["lines"][0]["quantities"]["allocated"] == 2


async def test_the_story_of_the_order_is_told_in_words(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.buy(checkout)
    await shop.work()
    order = await shop.order(checkout)
    assert [event["kind"] for event in order["timeline"]] == ["order_placed", "payment_authorized", "order_confirmed"]
    assert [notice["recipient"] for notice in order["notices"]] == ["ada@example.com"]
    assert "approve" not in str(order["timeline"])


async def test_the_same_over_a_real_connection_with_the_worker_beside(database_url: str) -> None:
    async with served_shop(database_url, SandboxPayments()) as shop:
        checkout = await shop.ready()
        assert (await shop.buy(checkout)).status_code == 200
        after = await until(shop, checkout, "completed")
    assert after["payment"] == {"state": "authorized", "attempts": 1, "reason": None, "action_url": None}
