"""Whoever asks for pages too often, or with absurd headers, is told so on a page."""

import httpx
import pytest
from msgspec.structs import replace

from doorstep.serving import application
from tests.stories.shop import SETTINGS, Shop


def client(shop: Shop, per_minute: int) -> httpx.AsyncClient:
    """A browser of a shop that answers each address so often a minute."""
    served = application(shop.app, replace(SETTINGS, requests_per_minute=per_minute))
    transport = httpx.ASGITransport(served, client=("192.0.2.7", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://shop", headers={"accept": "text/html"})


async def test_who_asks_too_often_is_told_when_to_come_back(shop: Shop) -> None:
    async with client(shop, 2) as http:
        answers = [await http.get("/sign-in") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30
    assert "That was too often" in answers[2].text


async def test_forms_of_strangers_are_counted_apart(shop: Shop) -> None:
    async with client(shop, 6000) as http:
        tries = [(await http.post("/sign-in", data={"email": "a@b.example"})).status_code for _ in range(21)]
        assert (await http.get("/sign-in")).status_code == 200
    assert (set(tries[:20]), tries[20]) == ({403}, 429)


@pytest.mark.parametrize("path", ["/sign-in", "/console", "/nowhere"])
async def test_absurd_headers_are_refused(shop: Shop, path: str) -> None:
    async with client(shop, 0) as http:
        answer = await http.get(path, headers={"x-large": "y" * 33_000})
    assert (answer.status_code, "This is too large" in answer.text) == (431, True)
