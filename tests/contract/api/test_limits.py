"""What no client has reason to do is refused, and costs little."""

import asyncio

import httpx
import pytest
from msgspec.structs import replace

from doorstep.kernel.errors import Refused
from doorstep.serving import application
from doorstep.settings import Settings, read_settings
from doorstep.web.asgi import Message
from doorstep.web.respond import HttpError
from doorstep.web.security import read_body
from tests.stories.shop import BEARER, TOKEN, Shop


def client(shop: Shop, edge: Settings, peer: str = "10.0.0.9") -> httpx.AsyncClient:
    """A client of the shop with such an edge, behind an address."""
    transport = httpx.ASGITransport(application(shop.app, replace(edge, api_token=TOKEN)), client=(peer, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://shop")


async def test_who_asks_too_often_is_told_when_to_come_back(shop: Shop) -> None:
    async with client(shop, Settings(requests_per_minute=2)) as http:
        answers = [await http.get("/api/v1/checkouts/chk_1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30
    assert answers[2].headers["content-type"] == "application/problem+json"


async def test_wrong_keys_are_counted_and_programs_may_more(shop: Shop) -> None:
    async with client(shop, Settings(requests_per_minute=2)) as http:
        good = [(await http.get("/api/v1/board", headers=BEARER)).status_code for _ in range(5)]
        wrong = [(await http.get("/api/v1/board")).status_code for _ in range(3)]
    assert (good, wrong) == ([200] * 5, [401, 401, 429])


async def test_behind_a_trusted_proxy_each_client_counts_alone(shop: Shop) -> None:
    async with client(shop, Settings(trusted_proxies="10.0.0.0/8", requests_per_minute=1)) as http:
        first = [
            (await http.get("/api/v1/checkouts/c", headers={"X-Forwarded-For": one})).status_code
            for one in ("1.1.1.1", "2.2.2.2", "1.1.1.1", "9.9.9.9, 2.2.2.2")
        ]
    assert first == [404, 404, 429, 429]


async def test_supervisors_may_ask_as_often_as_they_like(shop: Shop) -> None:
    async with client(shop, Settings(requests_per_minute=1)) as http:
        assert {(await http.get("/healthz")).status_code for _ in range(10)} == {200}


@pytest.mark.parametrize(
    ("edge", "said", "is_strict"),
    [
        (Settings(), "https", False),
        (Settings(trusted_proxies="10.0.0.9"), "https", True),
        (Settings(trusted_proxies="10.0.0.9"), "http", False),
        (Settings(public_url="https://shop.example"), "http", True),
    ],
)
async def test_behind_https_browsers_stay_there(shop: Shop, edge: Settings, said: str, *, is_strict: bool) -> None:
    async with client(shop, edge) as http:
        answer = await http.get("/healthz", headers={"X-Forwarded-Proto": said})
    assert ("strict-transport-security" in answer.headers) == is_strict


@pytest.mark.parametrize(
    "headers", [[(f"x-{number}", "1") for number in range(101)], [("x-large", "y" * 33_000)]], ids=["many", "large"]
)
async def test_too_many_or_too_large_headers_are_refused(shop: Shop, headers: list[tuple[str, str]]) -> None:
    answer = await shop.http.get("/healthz", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    with pytest.raises(HttpError) as refused:
        await read_body(never, {b"content-length": b"10"}, seconds_max=0.01)
    assert (refused.value.status, refused.value.code) == (408, "body_too_slow")


async def test_a_file_may_be_larger_than_other_bodies(shop: Shop) -> None:
    csv = "sku,location,on_hand\n" + "\n" * 1_500_000
    headers = BEARER | {"Idempotency-Key": "k"}
    large = await shop.http.post("/api/v1/stock/counts", json={"csv": csv}, headers=headers)
    note = await shop.http.post("/api/v1/orders/1001/notes", json={"text": csv}, headers=headers)
    assert (large.status_code, note.status_code) == (200, 413)


def test_an_edge_is_as_the_settings_say() -> None:
    settings = read_settings({"DOORSTEP_PUBLIC_URL": "https://shop.example", "DOORSTEP_REQUESTS_PER_MINUTE": "0"})
    assert (settings.public_url, settings.requests_per_minute) == ("https://shop.example", 0)
    assert Settings().requests_per_minute == 6000
    with pytest.raises(Refused, match="from 0 to"):
        read_settings({"DOORSTEP_REQUESTS_PER_MINUTE": "-1"})
