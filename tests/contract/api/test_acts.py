"""Acts over HTTP: done once for a key, for the order as it was seen, and written down."""

import asyncio
from typing import Any

import httpx
import pytest

from doorstep.storage.transaction import Transient
from tests.stories.shop import BEARER, TOKEN, Shop

_CANCEL = {"reason": "ordered twice"}


async def confirmed(shop: Shop) -> Any:
    """An order that is accepted."""
    checkout = await shop.ready()
    await shop.buy(checkout)
    await shop.work()
    return await shop.order(checkout)


async def post(shop: Shop, path: str, body: Any, key: str = "k1", **headers: str) -> httpx.Response:
    """A request of the deployment."""
    said = {**BEARER, "Idempotency-Key": key, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await shop.http.post(f"/api/v1/{path}", json=body, headers=said)


async def audited(shop: Shop, **query: str) -> Any:
    """What is written down."""
    return (await shop.http.get("/api/v1/audit", params=query, headers=BEARER)).json()["entries"]


async def test_an_act_is_done_and_written_down(shop: Shop) -> None:
    order = await confirmed(shop)
    answer = await post(shop, "orders/1001/cancellations", _CANCEL)
    (entry,) = await audited(shop, about=order["id"], act="order.")
    assert (answer.status_code, answer.json()["says"]) == (201, "Canceled: 1 × MUG.")
    assert (entry["actor_kind"], entry["act"], entry["reason"]) == ("deployment", "order.cancel", "ordered twice")


async def test_the_same_key_and_body_get_the_same_answer(shop: Shop) -> None:
    await confirmed(shop)
    first, second = [await post(shop, "orders/1001/cancellations", _CANCEL) for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    assert len(await audited(shop)) == 1


@pytest.mark.parametrize(
    ("path", "body"), [("orders/1001/cancellations", {"reason": "else"}), ("orders/1001/notes", {"text": "hello"})]
)
async def test_the_same_key_for_something_else_is_refused(shop: Shop, path: str, body: Any) -> None:
    await confirmed(shop)
    await post(shop, "orders/1001/cancellations", _CANCEL)
    answer = await post(shop, path, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


async def test_two_at_once_have_one_effect_and_one_answer(shop: Shop) -> None:
    await confirmed(shop)
    answers = await asyncio.gather(*(post(shop, "orders/1001/notes", {"text": "rings twice"}) for _ in range(6)))
    assert len({answer.content for answer in answers}) == 1
    assert len(await audited(shop)) == 1


async def test_a_refusal_is_an_answer_too(shop: Shop) -> None:
    await confirmed(shop)
    await post(shop, "orders/1001/cancellations", _CANCEL, "k1")
    first, second = [await post(shop, "orders/1001/cancellations", _CANCEL, "k2") for _ in range(2)]
    assert (first.status_code, first.json()["code"], second.content) == (409, "too_late", first.content)
    assert second.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("key", "code"), [(None, "idempotency_key_missing"), ("k" * 129, "bad_idempotency_key")])
async def test_an_act_needs_a_key(shop: Shop, key: str | None, code: str) -> None:
    await confirmed(shop)
    headers = BEARER | ({"Idempotency-Key": key} if key else {})
    answer = await shop.http.post("/api/v1/orders/1001/notes", json={"text": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"], await audited(shop)) == (400, code, [])


async def test_an_order_that_changed_meanwhile_is_left_alone(shop: Shop) -> None:
    await confirmed(shop)
    seen = (await shop.http.get("/api/v1/orders/1001", headers=BEARER)).headers["etag"]
    first = await post(shop, "orders/1001/cancellations", _CANCEL, "k1", If_Match=seen)
    second = await post(shop, "orders/1001/notes", {"text": "hello"}, "k2", If_Match=seen)
    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 412, "precondition_failed")
    assert "units_canceled" in second.json()["detail"]
    assert [entry["act"] for entry in await audited(shop)] == ["order.cancel"]


async def test_after_a_failed_precondition_the_same_key_can_be_used(shop: Shop) -> None:
    await confirmed(shop)
    assert (await post(shop, "orders/1001/notes", {"text": "x"}, If_Match='"1"')).status_code == 412
    assert (await post(shop, "orders/1001/notes", {"text": "x"}, If_Match="*")).status_code == 201


@pytest.mark.parametrize("tag", ["7", 'W/"7"', '"x"', '"7", "8"', '"' + "9" * 16 + '"'])
async def test_a_tag_that_is_none_is_refused(shop: Shop, tag: str) -> None:
    await confirmed(shop)
    answer = await post(shop, "orders/1001/notes", {"text": "x"}, If_Match=tag)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_etag")


async def test_with_the_database_down_nothing_is_done_and_it_is_said(shop: Shop, monkeypatch: Any) -> None:
    await confirmed(shop)

    def down(*_: object) -> None:
        raise Transient("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(shop.app.database.engine, "writing", down)
        answer = await post(shop, "orders/1001/notes", {"text": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert (await audited(shop), (await post(shop, "orders/1001/notes", {"text": "x"})).status_code) == ([], 201)


async def test_many_orders_are_done_with_a_result_each(shop: Shop) -> None:
    await confirmed(shop)
    body = {"act": "order.cancel", "orders": [{"order": "1001"}, {"order": "9999"}], "reason": "recall"}
    preview = (await post(shop, "orders/batches", {**body, "preview": True})).json()
    assert (preview["preview"], preview["done"], await audited(shop)) == (True, 1, [])
    answer = (await post(shop, "orders/batches", body, "k2")).json()
    assert [(one["done"], one["code"]) for one in answer["results"]] == [(True, ""), (False, "no_such_order")]


@pytest.mark.parametrize("body", [{"act": "order.cancel"}, {"act": "order.note"}, {"act": "hold.release", "text": "x"}])
async def test_what_many_acts_need_is_said(shop: Shop, body: Any) -> None:
    answer = await post(shop, "orders/batches", {**body, "orders": [{"order": "1001"}]})
    assert answer.status_code == 422


async def test_a_file_is_shown_before_it_is_imported(shop: Shop) -> None:
    csv = "sku,location,on_hand\nMUG,main,7\nGHOST,main,1\n"
    shown = (await post(shop, "stock/counts", {"csv": csv, "preview": True})).json()
    refused = await post(shop, "stock/counts", {"csv": csv}, "k2")
    done = await post(shop, "stock/counts", {"csv": csv, "skip_bad": True}, "k3")
    (mug, _) = (await shop.http.get("/api/v1/stock", headers=BEARER)).json()["stock"]
    assert (shown["applied"], shown["changed"], shown["bad"][0]["line"]) == (False, 1, 3)
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["line 3"])
    assert (done.json()["applied"], mug["on_hand"]) == (True, 7)


async def test_a_key_is_shown_once_and_kept_nowhere(shop: Shop) -> None:
    body = {"name": "storefront", "scopes": ["orders:read"]}
    first, second = [(await post(shop, "keys", body)).json() for _ in range(2)]
    assert (first["text"].startswith("dsk_"), second["text"], second["id"]) == (True, "", first["id"])
    assert len((await shop.http.get("/api/v1/keys", headers=BEARER)).json()["keys"]) == 1


async def test_lists_hold_everything_once(shop: Shop) -> None:
    pages: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        query: dict[str, str] = {"limit": "1", **({"cursor": cursor} if cursor else {})}
        pages.append((await shop.http.get("/api/v1/items", params=query, headers=BEARER)).json())
        cursor = pages[-1]["next_cursor"]
    assert [row["sku"] for page in pages for row in page["items"]] == ["MUG", "VASE"]


@pytest.mark.parametrize("path", ["orders", "items", "stock", "audit"])
async def test_a_cursor_of_another_list_is_refused(shop: Shop, path: str) -> None:
    answer = await shop.http.get(f"/api/v1/{path}", params={"cursor": "WyJhIl0"}, headers=BEARER)
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, ["cursor"])


async def test_a_reader_who_has_it_already_is_told_so(shop: Shop) -> None:
    await confirmed(shop)
    tag = (await shop.http.get("/api/v1/orders/1001", headers=BEARER)).headers["etag"]
    answer = await shop.http.get("/api/v1/orders/1001", headers=BEARER | {"If-None-Match": f'"1", {tag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    await post(shop, "orders/1001/cancellations", _CANCEL)
    assert (await shop.http.get("/api/v1/orders/1001", headers=BEARER | {"If-None-Match": tag})).status_code == 200


async def test_a_checkout_is_changed_as_it_was_seen_or_not_at_all(shop: Shop) -> None:
    checkout = await shop.ready()
    url = f"/api/v1/checkouts/{checkout['id']}"
    tag = (await shop.http.get(url)).headers["etag"]
    first, second = [await shop.http.patch(url, json={"reference": "x"}, headers={"If-Match": tag}) for _ in range(2)]
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "precondition_failed")
    assert TOKEN not in second.text
