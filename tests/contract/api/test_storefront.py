"""The client in examples/storefront is true: its types are the API's, it knows every URL, and it survives bad lines."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from doorstep.web.api.events import STREAMS
from doorstep.web.api.table import ENDPOINTS
from examples.storefront import buy, wire, written
from examples.storefront.client import Changed, Checkouts, Gone, OutOfStock, Refusal, TotalChanged, Unreachable
from examples.storefront.wire import CheckoutChange, CheckoutState, Completion, LineBody, NewCheckout
from tests.contract.api.streaming import Served, served
from tests.stories.shop import Shop

_MUG = NewCheckout(lines=(LineBody(sku="MUG", quantity=1),))
_READY = CheckoutChange(
    buyer=wire.BuyerBody(email="ada@example.com", name="Ada"),
    address=wire.AddressBody(country="GB", name="Ada", street="1 High Street", city="Leeds", postcode="LS1 1UR"),
    service="standard",
    method="card",
)
_CHECKS = {"pattern", "maxLength", "minLength", "maximum", "minimum", "maxItems", "description", "title"}
_CHECKS |= {"additionalProperties"}
_UNORDERED = {"required", "anyOf", "enum"}


class Line(httpx.AsyncBaseTransport):
    """A line to a shop that can be made to fail: `after` it has answered, or instead. It knows what was asked."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.asked: list[httpx.Request] = []
        self.fails: list[httpx.Response | Exception] = []
        self.waited: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.fails and isinstance(self.fails[0], httpx.Response):
            return self.fails.pop(0)  # type: ignore[return-value] # it is one
        answer = await self.inner.handle_async_request(request)
        if self.fails:
            raise self.fails.pop(0)  # type: ignore[misc] # it is an error
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()

    async def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.fixture
def line(shop: Shop) -> Line:
    return Line(shop.http._transport)  # noqa: SLF001 - the way to the shop in this process


@pytest_asyncio.fixture
async def there(line: Line) -> AsyncIterator[Checkouts]:
    """The client at the end of a line."""
    async with httpx.AsyncClient(transport=line, base_url="http://shop") as http:
        yield Checkouts(http, wait=line.wait)


def schemas(document: Any) -> Any:
    """What a schema says, but for what the API alone checks and for the order of what is required or possible."""
    if isinstance(document, dict):
        said = {name: schemas(value) for name, value in document.items() if name not in _CHECKS}
        return {name: sorted(value, key=str) if name in _UNORDERED else value for name, value in said.items()}
    return [schemas(one) for one in document] if isinstance(document, list) else document


def test_its_types_are_written_anew_when_the_api_changes() -> None:
    assert written.PATH.read_text("utf-8") == written.formatted(written.text()), "Write it anew: make docs"


@pytest.mark.parametrize("kind", [*written.SENT, *written.ANSWERED])
def test_its_types_say_what_the_documentation_says(kind: type) -> None:
    _, ours = msgspec.json.schema_components([getattr(wire, kind.__name__)], ref_template="#/components/schemas/{name}")
    _, theirs = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    assert schemas(ours) == schemas(theirs)


async def test_it_knows_every_url_of_checkouts(here: Served) -> None:
    line = Line(httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=line, base_url=f"http://127.0.0.1:{here.port}") as http:
        shop = Checkouts(http)
        given_up = await shop.open(_MUG)
        assert (await shop.by_link((await shop.link(given_up.id)).token)).id == given_up.id
        with pytest.raises(Refusal):
            await shop.answer(given_up.id, wire.CheckoutAnswer(question_id="none", choice="yes"))
        await shop.cancel(given_up.id)
        await buy.buy(shop, "MUG", "approve")
    asked = {(one.method, _pattern(one.url.path)) for one in line.asked}
    known = {(one.method, one.path) for one in ENDPOINTS if one.path.startswith("/api/v1/checkouts")}
    assert asked == known | {("GET", one.path) for one in STREAMS if "/checkouts/" in one.path}


def _pattern(path: str) -> str:
    parts = path.split("/")
    after = {"checkouts", "by-link"}
    return "/".join(
        "{name}" if n and parts[n - 1] in after and part != "by-link" else part for n, part in enumerate(parts)
    )


@pytest_asyncio.fixture
async def here(sqlite_url: str) -> AsyncIterator[Served]:
    """A shop that is served."""
    async with served(sqlite_url) as here:
        yield here


_STORY = ("Mug: 10.00 GBP", "address: ", "standard: Standard, 5.00", "With delivery: 15.00 GBP")


@pytest.mark.parametrize(
    ("token", "end"),
    [
        ("approve", "Order 1001 is placed and paid for."),
        ("decline:stolen", "Not paid: stolen. Another card can be tried, with another key."),
        ("challenge", "The bank wants to see the shopper at https://sandbox.invalid/challenge/"),
    ],
)
async def test_the_example_buys(here: Served, capsys: pytest.CaptureFixture[str], token: str, end: str) -> None:
    await buy.main(f"http://127.0.0.1:{here.port}", "MUG", token)
    told = capsys.readouterr().out
    assert [part for part in (*_STORY, end) if part not in told] == []


async def test_a_lost_answer_is_asked_for_with_the_same_key(shop: Shop, line: Line, there: Checkouts) -> None:
    ready = await there.change((await there.open(_MUG)).id, _READY)
    line.fails = [httpx.ReadTimeout("lost"), httpx.ReadError("reset")]
    placed = await there.complete(ready.id, Completion(total_minor=1500))
    await shop.work()
    keys = {one.headers["Idempotency-Key"] for one in line.asked[-3:]}
    assert (placed.state, len(keys)) == (CheckoutState.IN_PROGRESS, 1)
    assert (len(await shop.orders()), len(shop.bank.books())) == (1, 1)


async def test_a_busy_store_is_asked_again_when_it_says(line: Line, there: Checkouts) -> None:
    line.fails = [httpx.Response(503, headers={"Retry-After": "7"}), httpx.Response(429, headers={"Retry-After": "2"})]
    assert (await there.open(_MUG)).state is CheckoutState.INCOMPLETE
    assert line.waited == [7, 2]


async def test_a_store_that_never_answers_is_given_up(line: Line, there: Checkouts) -> None:
    line.fails = [httpx.ConnectError("no")] * 9
    with pytest.raises(Unreachable):
        await there.open(_MUG)
    assert len(line.asked) == 5


async def test_what_is_refused_has_a_type(shop: Shop, there: Checkouts) -> None:
    ready = await there.change((await there.open(_MUG)).id, _READY)
    with pytest.raises(TotalChanged) as changed:
        await there.complete(ready.id, Completion(total_minor=1))
    assert changed.value.total_minor == 1500
    with pytest.raises(Changed):
        await there.change(ready.id, CheckoutChange(note="hello"), seen=1)
    with pytest.raises(Refusal) as refused:
        await there.change(ready.id, CheckoutChange(lines=(LineBody(sku="MUG", quantity=0),)))
    assert refused.value.fields == {"lines[0].quantity": "It must be at least 1."}
    await shop.later(minutes=1441)
    for checkout_id in (ready.id, "chk_none"):
        with pytest.raises(Gone):
            await there.complete(checkout_id, Completion(total_minor=1500))


async def test_the_last_unit_that_is_gone_has_a_type(there: Checkouts) -> None:
    vase = NewCheckout(lines=(LineBody(sku="VASE", quantity=1),))
    first, second = [await there.change((await there.open(vase)).id, _READY) for _ in range(2)]
    await there.complete(first.id, Completion(total_minor=first.totals.total_minor))
    with pytest.raises(OutOfStock):
        await there.complete(second.id, Completion(total_minor=second.totals.total_minor))


class Cut(httpx.AsyncByteStream):
    """A stream of which the line is lost after each event."""

    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            yield chunk
            if b"data:" in chunk:
                raise httpx.ReadError("lost")

    async def aclose(self) -> None:
        await self._inner.aclose()


class BadLine(Line):
    """A line that is lost after each event."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        if request.url.path.endswith("/events"):
            assert isinstance(answer.stream, httpx.AsyncByteStream)
            answer.stream = Cut(answer.stream)
        return answer


async def test_events_go_on_though_the_line_is_lost_at_each_step(here: Served) -> None:
    line = BadLine(httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=line, base_url=f"http://127.0.0.1:{here.port}") as http:
        shop = Checkouts(http, wait=line.wait)
        opened = await shop.open(_MUG)
        told = shop.events(opened.id)
        seen = [await anext(told)]
        await shop.change(opened.id, _READY)
        seen.append(await anext(told))
        await shop.complete(opened.id, Completion(total_minor=1500))
        async with asyncio.timeout(20):
            while seen[-1].state is not CheckoutState.COMPLETED:
                seen.append(await anext(told))
        assert (await shop.settled(opened.id)).state is CheckoutState.COMPLETED
        await told.aclose()
    assert [one.version for one in seen] == sorted(one.version for one in seen)
    assert len({one.id for one in seen}) == len(seen)
    resumed = [one.headers.get("last-event-id") for one in line.asked if one.url.path.endswith("/events")]
    assert resumed[: len(seen)] == [None, *(one.id for one in seen[:-1])]


def test_a_word_of_a_later_version_is_a_word() -> None:
    assert msgspec.json.decode(b'"sleeping"', type=CheckoutState) == "sleeping"
