"""Orders are found and sorted, and the work list says what can be done by whoever asks."""

from typing import Any

import pytest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.permissions import Permission
from tests.stories.shop import BEARER, Shop


async def confirmed(shop: Shop, sku: str = "MUG") -> str:
    """The number of an order that is accepted."""
    checkout = await shop.ready(sku)
    number: str = (await shop.buy(checkout)).json()["order"]["number"]
    await shop.work()
    return number


async def get(shop: Shop, path: str, headers: dict[str, str] = BEARER, **query: Any) -> Any:
    """What is answered to a question."""
    return (await shop.http.get(f"/api/v1/{path}", params=query, headers=headers)).json()


async def pages(shop: Shop, path: str, **query: Any) -> list[Any]:
    """All pages of a list."""
    found = [await get(shop, path, **query)]
    while cursor := found[-1]["next_cursor"]:
        found.append(await get(shop, path, **query, cursor=cursor))
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["1002", "1001"]),
        ({"q": "vase"}, ["1002"]),
        ({"q": "1001"}, ["1001"]),
        ({"q": "lovelace mug"}, ["1001"]),
        ({"q": "nobody"}, []),
        ({"payment": "authorized", "stage": "confirmed"}, ["1002", "1001"]),
        ({"payment": "declined"}, []),
        ({"sort": "due"}, ["1001", "1002"]),
        ({"owner": "doorstep"}, ["1002", "1001"]),
        ({"owner": "carrier"}, []),
        ({"late": "true"}, []),
        ({"placed_from": "2026-03-02T09:00:00Z"}, ["1002", "1001"]),
        ({"placed_to": "2026-03-02T09:00:00Z"}, []),
        ({"placed_from": "0001-01-01T00:00:00+23:59"}, ["1002", "1001"]),
    ],
)
async def test_orders_are_found_by_all_that_is_asked_for(shop: Shop, query: dict[str, str], found: list[str]) -> None:
    for sku in ("MUG", "VASE"):
        await confirmed(shop, sku)
    listed = await pages(shop, "orders", limit=1, **query)
    assert [row["number"] for page in listed for row in page["orders"]] == found


async def test_late_orders_are_listed_with_when_they_were_due(shop: Shop) -> None:
    await confirmed(shop)
    await shop.later(60 * 24 * 30)
    (row,) = (await get(shop, "orders", late="true"))["orders"]
    assert (row["late"], row["due_at"] > row["since"], row["buyer"], row["units"]) == (True, True, "Ada Lovelace", 1)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("q", "x", "bad_search"),
        ("q", "aa bb cc dd ee ff gg", "bad_search"),
        ("q", "x" * 201, "bad_parameter"),
        ("sort", "oldest", "bad_parameter"),
        ("late", "1", "bad_parameter"),
        ("owner", "nobody", "bad_parameter"),
        ("placed_from", "yesterday", "bad_parameter"),
        ("placed_to", "2026-03-02", "bad_parameter"),
    ],
)
async def test_what_cannot_be_asked_for_is_named(shop: Shop, name: str, value: str, code: str) -> None:
    asked: dict[str, Any] = {name: value}
    refused = await get(shop, "orders", **asked)
    assert (refused["code"], [*refused["fields"]]) == (code, [name])


async def key_for(shop: Shop, *permissions: Permission) -> dict[str, str]:
    """The header of a program that may do some things."""
    async with shop.app.database.begin() as tx:
        text = await Access().issue(tx, By(COMMAND, shop.app.clock.now()), KeyWish("a program", permissions))
    return {"Authorization": f"Bearer {text}"}


async def test_the_work_list_has_what_waits_with_what_the_caller_may_do(shop: Shop) -> None:
    number = await confirmed(shop)
    await shop.later(60)
    picker = await key_for(shop, Permission.ORDERS_READ, Permission.PICKS_REPORT)
    viewer = await key_for(shop, Permission.ORDERS_READ)
    (item,) = (await get(shop, "work", picker))["items"]
    assert (item["kind"], item["number"], item["actions"]) == ("pick", number, ["pick.report"])
    assert (await get(shop, "work", viewer))["items"][0]["actions"] == []
    assert (await get(shop, "work", viewer, kind="case"))["items"] == []


async def test_what_the_work_list_names_can_be_done(shop: Shop) -> None:
    number = await confirmed(shop)
    await shop.later(60)
    (item,) = (await get(shop, "work", location="main"))["items"]
    url, body = f"/api/v1/orders/{number}/picks", {"fulfillment_id": item["subject"]}
    answer = await shop.http.post(url, json=body, headers=BEARER | {"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["says"]) == (201, "Picked.")
    (entry,) = (await get(shop, "audit"))["entries"]
    assert (entry["act"], entry["request_id"]) == ("pick.report", answer.headers["x-request-id"])


async def test_the_work_list_goes_from_page_to_page(shop: Shop) -> None:
    for _ in range(3):
        await confirmed(shop)
    await shop.later(60)
    seen = [item["number"] for page in await pages(shop, "work", limit=2) for item in page["items"]]
    assert sorted(seen) == ["1001", "1002", "1003"]
