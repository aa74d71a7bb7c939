"""Orders over HTTP: who may read them, how they are listed, what one says."""

from typing import Any

import httpx
import pytest

from doorstep.journey.standing import Stage
from doorstep.serving import application
from doorstep.settings import Settings
from tests.stories.shop import BEARER, TOKEN, Shop


async def placed(shop: Shop, count: int) -> list[str]:
    """The numbers of some orders, placed one after the other."""
    numbers = []
    for _ in range(count):
        shop_answer = await shop.buy(await shop.ready())
        numbers.append(shop_answer.json()["order"]["number"])
    return numbers


async def page(shop: Shop, **query: Any) -> Any:
    """A page of orders."""
    return (await shop.http.get("/api/v1/orders", params=query, headers=BEARER)).json()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/orders/1001", "/api/v1/board"])
async def test_without_the_token_nothing_is_read(shop: Shop, path: str, header: str) -> None:
    answer = await shop.http.get(path, headers={"Authorization": header})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", f"Bearer {TOKEN}"])
async def test_without_a_token_in_the_deployment_nobody_reads(shop: Shop, header: str) -> None:
    transport = httpx.ASGITransport(application(shop.app, Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        assert (await http.get("/api/v1/orders", headers={"Authorization": header})).status_code == 401


async def test_an_order_is_found_by_number_and_by_id(shop: Shop) -> None:
    (number,) = await placed(shop, 1)
    by_number = (await shop.http.get(f"/api/v1/orders/{number}", headers=BEARER)).json()
    by_id = (await shop.http.get(f"/api/v1/orders/{by_number['id']}", headers=BEARER)).json()
    assert by_id == by_number
    assert by_id["buyer"]["email"] == "ada@example.com"


async def test_an_order_that_is_not_there_is_missing(shop: Shop) -> None:
    answer = await shop.http.get("/api/v1/orders/9999", headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_order")


async def test_pages_hold_every_order_once_the_newest_first(shop: Shop) -> None:
    numbers = await placed(shop, 5)
    pages = [await page(shop, limit=2)]
    while cursor := pages[-1]["next_cursor"]:
        pages.append(await page(shop, limit=2, cursor=cursor))
    seen = [row["number"] for found in pages for row in found["orders"]]
    assert seen == numbers[::-1]


async def test_a_list_can_be_of_one_stage(shop: Shop) -> None:
    first, second = await shop.ready(), await shop.ready()
    await shop.buy(first)
    await shop.work()
    await shop.buy(second)
    assert [row["number"] for row in (await page(shop, stage="paying"))["orders"]] == ["1002"]
    assert [row["number"] for row in (await page(shop, stage="confirmed"))["orders"]] == ["1001"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("limit", value) for value in ("0", "201", "-1", "1.5", "ten", "٣", "", "9" * 5000)),
        *(("cursor", value) for value in ("x", "ord_1", "b3JkXw", "%00", "Y2hrXzE", "é", "A" * 3000)),
        *(("stage", value) for value in ("nowhere", "PAYING", "\0")),
        ("stages", "paying"),
    ],
)
async def test_a_parameter_that_is_none_is_named(shop: Shop, name: str, value: str) -> None:
    answer = await shop.http.get("/api/v1/orders", params={name: value}, headers=BEARER)
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, [name])


@pytest.mark.parametrize("query", ["a=%ff", "&".join(f"p{number}=1" for number in range(30))])
async def test_a_query_that_cannot_be_read_is_refused(shop: Shop, query: str) -> None:
    answer = await shop.http.get(f"/api/v1/orders?{query}", headers=BEARER)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_query")


async def test_the_board_counts_every_stage(shop: Shop) -> None:
    await placed(shop, 2)
    stages = (await shop.http.get("/api/v1/board", headers=BEARER)).json()["stages"]
    assert {column["stage"]: column["orders"] for column in stages if column["orders"]} == {"paying": 2}
    assert [column["stage"] for column in stages] == [*Stage]


@pytest.mark.parametrize(("path", "status"), [("/healthz", "ok"), ("/readyz", "ready")])
async def test_supervisors_ask_without_a_token(shop: Shop, path: str, status: str) -> None:
    answer = await shop.http.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": status})
