"""Every error has one shape, whatever went wrong, and shows nothing of the inside."""

import dataclasses
from collections.abc import AsyncIterator, Sequence

import httpx
import msgspec
import pytest
import pytest_asyncio

from doorstep.app import App
from doorstep.jobs.lane import Lane
from doorstep.journey.placement.model.checkout import Checkout, Create
from doorstep.kernel.errors import Conflict, DoorstepError, LawBroken, Missing, NotAllowed, Refused, TryLater
from doorstep.serving import application
from doorstep.settings import Settings
from doorstep.storage.transaction import Transient, Tx
from doorstep.web.respond import HttpError, failed
from tests.stories.shop import Shop

_SHAPE = ("type", "title", "status", "detail", "code", "fields", "instance")
_OURS = "Something went wrong on our side. It has been noted; please name the instance when you ask about it."
_NO_ROOM = "There is no room for this request at the moment. Please ask again after the seconds in Retry-After."
_CASES: tuple[tuple[Exception, int, str, str, dict[str, str]], ...] = (
    (Refused("short", "Not enough.", {"lines[0]": "2"}), 422, "Refused", "Not enough.", {"lines[0]": "2"}),
    (Missing("gone", "It is gone."), 404, "Not found", "It is gone.", {}),
    (Conflict("changed", "It changed.", {"total": "3"}), 409, "Somebody was first", "It changed.", {"total": "3"}),
    (NotAllowed("not_yours", "Not yours."), 403, "Not allowed", "Not yours.", {}),
    (TryLater("busy", "4097 are waiting."), 503, "Try again later", _NO_ROOM, {}),
    (Transient("shop.db is locked."), 503, "Try again later", _NO_ROOM, {}),
    (LawBroken("law_broken", "ord_1: 5 but 3.", {"order": "ord_1"}), 500, "Something went wrong", _OURS, {}),
    (DoorstepError("odd", "Inner things."), 500, "Something went wrong", _OURS, {}),
    (HttpError(405, "wrong_method", "GET only."), 405, "Not a method of this URL", "GET only.", {}),
    (ValueError("password=hunter2"), 500, "Something went wrong", _OURS, {}),
)


@pytest.mark.parametrize(("error", "status", "title", "detail", "fields"), _CASES)
def test_each_kind_of_error_has_the_one_shape(
    error: Exception, status: int, title: str, detail: str, fields: dict[str, str]
) -> None:
    reply = failed(error, lambda prefix: f"{prefix}_1", "GET /")
    code = error.code if isinstance(error, DoorstepError) else "internal"
    values = (f"/api/docs#{code}", title, status, detail, code, fields, "urn:doorstep:request:req_1")
    assert msgspec.json.decode(reply.body) == dict(zip(_SHAPE, values, strict=True))
    assert (reply.status, reply.headers[0]) == (status, (b"content-type", b"application/problem+json"))


@pytest.mark.parametrize(("seconds", "header"), [(0.2, b"1"), (1.0, b"1"), (2.5, b"3")])
def test_who_should_ask_later_is_told_when(seconds: float, header: bytes) -> None:
    reply = failed(TryLater("busy", "", seconds), lambda prefix: prefix, "GET /")
    assert (b"retry-after", header) in reply.headers


async def _fails(_tx: Tx, _requests: Sequence[Create]) -> Sequence[Checkout]:
    raise ValueError("password=hunter2")


def _with_lane(app: App, lane: Lane[Create, Checkout]) -> App:
    return dataclasses.replace(app, lanes=dataclasses.replace(app.lanes, create=lane))


async def _post(app: App) -> httpx.Response:
    transport = httpx.ASGITransport(application(app, Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        return await http.post("/api/v1/checkouts", json={"lines": []})


async def test_a_bug_is_answered_without_its_insides(shop: Shop) -> None:
    answer = await _post(_with_lane(shop.app, Lane(shop.app.database, _fails)))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "hunter2" not in answer.text


async def test_a_full_lane_is_answered_with_when_to_ask_again(shop: Shop) -> None:
    answer = await _post(_with_lane(shop.app, Lane(shop.app.database, _fails, waiting_max=0)))
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (503, "1", "busy")


@pytest_asyncio.fixture
async def cart(shop: Shop) -> AsyncIterator[str]:
    """The URL of a checkout."""
    yield f"/api/v1/checkouts/{(await shop.cart())['id']}"


_REQUESTS = (
    ("GET", "/nowhere", 404, "no_such_url"),
    ("GET", "/api/v1", 404, "no_such_url"),
    ("GET", "/api/v1/checkouts/", 404, "no_such_url"),
    ("GET", "/api/v1/checkouts/a%00b", 404, "no_such_url"),
    ("GET", "/api/v1/checkouts/a/b/c", 404, "no_such_url"),
    ("GET", "/api/v1/checkouts/chk_none", 404, "no_such_checkout"),
    ("GET", "/api/v1/checkouts", 405, "wrong_method"),
    ("DELETE", "/api/v1/orders", 405, "wrong_method"),
    ("GET", "/api/v1/orders", 401, "token_needed"),
    ("GET", "/api/v1/orders/1001", 401, "token_needed"),
    ("GET", "/api/v1/board", 401, "token_needed"),
    ("POST", "/api/v1/checkouts", 415, "not_json"),
)


@pytest.mark.parametrize(("method", "path", "status", "code"), _REQUESTS)
async def test_what_cannot_be_answered_is_a_problem(shop: Shop, method: str, path: str, status: int, code: str) -> None:
    answer = await shop.http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert tuple(answer.json()) == _SHAPE


async def test_a_wrong_method_is_told_the_right_ones(shop: Shop, cart: str) -> None:
    assert (await shop.http.put(cart)).headers["allow"] == "GET, PATCH"
