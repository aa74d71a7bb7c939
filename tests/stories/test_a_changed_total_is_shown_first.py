"""A total that has changed is shown to the shopper before anything is bought."""

from tests.stories.shop import Shop


async def test_a_total_that_is_not_the_one_shown_is_refused_with_the_right_one(shop: Shop) -> None:
    checkout = await shop.ready()
    refused = await shop.buy(checkout, total=1400)
    assert (refused.status_code, refused.json()["code"]) == (409, "total_changed")
    assert refused.json()["fields"] == {"total_minor": "1500"}
    assert await shop.orders() == []


async def test_after_a_change_the_total_seen_before_is_refused(shop: Shop) -> None:
    checkout = await shop.ready()
    await shop.reprice(1200)
    body = {"lines": [{"sku": "MUG", "quantity": 1}]}
    changed = (await shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=body)).json()
    refused = await shop.buy(checkout)
    assert refused.json()["fields"] == {"total_minor": "1700"}
    assert (await shop.buy(changed)).status_code == 200
