"""A declined card can be replaced: the order is kept, and the second card pays it."""

from tests.stories.shop import Shop


async def test_a_declined_card_can_be_replaced(shop: Shop) -> None:
    checkout = await shop.ready()
    first = (await shop.buy(checkout, token="decline:expired", key="first")).json()
    await shop.work()
    declined = await shop.look(checkout)
    assert (declined["state"], declined["payment"]["reason"]) == ("ready_for_complete", "expired")
    second = (await shop.buy(checkout, key="second")).json()
    await shop.work()
    assert second["order"] == first["order"]
    order = await shop.order(checkout)
    assert (order["stage"], order["money"]["authorized_minor"]) == ("confirmed", checkout["totals"]["total_minor"])
    assert len(shop.bank.books()) == 1


async def test_what_was_declined_lapses_when_the_hold_ends(shop: Shop) -> None:
    checkout = await shop.ready("VASE")
    await shop.buy(checkout, token="decline")
    for minutes in (0, 31, 2):
        await shop.later(minutes)
    again = await shop.buy(checkout, key="too late")
    assert (again.status_code, again.json()["code"]) == (422, "order_lapsed")
    assert (await shop.ready("VASE"))["state"] == "ready_for_complete"
