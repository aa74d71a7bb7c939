"""Changing an order over HTTP: asked about first, then agreed to, once for a key."""

from typing import Any

import httpx

from tests.contract.api.test_acts import audited, confirmed, post
from tests.stories.shop import BEARER, Shop

_AWAY = {
    "country": "GB",
    "name": "Ada Lovelace",
    "street": "221B Baker Street",
    "city": "London",
    "postcode": "NW1 6XE",
}


async def preview(shop: Shop, body: Any) -> httpx.Response:
    return await shop.http.post("/api/v1/orders/1001/changes/preview", json=body, headers=BEARER)


async def changes(shop: Shop) -> Any:
    return (await shop.http.get("/api/v1/orders/1001/changes", headers=BEARER)).json()["changes"]


async def test_a_preview_says_what_it_comes_to_and_changes_nothing(shop: Shop) -> None:
    await confirmed(shop)
    answer = await preview(shop, {"units": [{"position": 1, "quantity": 2}]})
    assert (answer.status_code, answer.json()["state"], answer.json()["pay_minor"]) == (200, "draft", 1000)
    assert await changes(shop) == []


async def test_a_change_is_made_as_it_was_agreed_to(shop: Shop) -> None:
    order = await confirmed(shop)
    answer = await post(shop, "orders/1001/changes", {"address": _AWAY, "difference_minor": 0})
    assert (answer.status_code, answer.json()["state"]) == (201, "confirmed")
    read = (await shop.http.get("/api/v1/orders/1001", headers=BEARER)).json()
    assert read["address"]["street"] == "221B Baker Street"
    (entry,) = await audited(shop, about=order["id"], act="order.")
    assert (entry["act"], "Baker" in str(entry)) == ("order.change", False)


async def test_another_difference_than_was_seen_is_a_conflict(shop: Shop) -> None:
    await confirmed(shop)
    answer = await post(shop, "orders/1001/changes", {"units": [{"position": 1, "quantity": 2}], "difference_minor": 0})
    assert (answer.status_code, answer.json()["code"]) == (409, "difference_changed")
    assert answer.json()["fields"] == {"difference_minor": "1000"}


async def test_what_costs_more_is_paid_with_a_token_and_then_made(shop: Shop) -> None:
    await confirmed(shop)
    body = {"units": [{"position": 1, "quantity": 2}], "difference_minor": 1000, "method": "card", "token": "approve"}
    assert (await post(shop, "orders/1001/changes", body)).json()["state"] == "requested"
    await shop.work()
    assert [one["state"] for one in await changes(shop)] == ["confirmed"]
    money = (await shop.http.get("/api/v1/orders/1001", headers=BEARER)).json()["money"]
    assert (money["total_minor"], money["authorized_minor"]) == (2500, 2500)


async def test_the_same_key_gets_the_same_answer(shop: Shop) -> None:
    await confirmed(shop)
    first, second = [
        await post(shop, "orders/1001/changes", {"address": _AWAY, "difference_minor": 0}) for _ in range(2)
    ]
    assert (first.content, len(await changes(shop))) == (second.content, 1)


async def test_an_absurd_quantity_is_refused(shop: Shop) -> None:
    await confirmed(shop)
    for quantity in (-1, 10**9, "two"):
        answer = await preview(shop, {"units": [{"position": 1, "quantity": quantity}]})
        assert answer.status_code in (400, 422)
