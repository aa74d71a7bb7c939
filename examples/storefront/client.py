"""A client of a Doorstep store's checkouts. Copy this folder's `client.py` and `wire.py` into your storefront.

    async with httpx.AsyncClient(base_url="https://shop.example") as http:
        shop = Checkouts(http)
        checkout = await shop.open(NewCheckout(lines=(LineBody(sku="MUG", quantity=1),)))

What failed for the moment (a lost connection, 429, 503) is asked again, after the seconds that the store names.
Everything else is raised: what the store refused as a `Refusal`, with the store's own code and words.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar
from uuid import uuid4

import httpx
import msgspec
from msgspec import Struct

from .wire import (
    CheckoutAnswer,
    CheckoutChange,
    CheckoutState,
    CheckoutView,
    Completion,
    LinkView,
    NewCheckout,
    Problem,
)

_PATH = "/api/v1/checkouts"
_FOR_THE_MOMENT = (429, 503)
_LISTENS = httpx.Timeout(10, read=60)  # the store shows every 15 seconds that it is there
Answer = TypeVar("Answer", CheckoutView, LinkView)
Body = NewCheckout | CheckoutChange | Completion | CheckoutAnswer


class Refusal(Exception):
    """The store said no: `code` is for programs, `detail` for people, `fields` says where, by paths such as `lines`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.status, self.code, self.detail, self.fields = problem.status, problem.code, problem.detail, problem.fields


class TotalChanged(Refusal):
    """The total is another by now: show `total_minor`, and complete again if the shopper agrees."""

    @property
    def total_minor(self) -> int:
        """What the checkout comes to now."""
        return int(self.fields["total_minor"])


class OutOfStock(Refusal):
    """Somebody was faster. `fields` says for each line that is short how many are left; nothing was charged."""


class Changed(Refusal):
    """The checkout changed since it was read: read it and decide again."""


class Gone(Refusal):
    """There is no such checkout, or it has expired, or it was given up: begin again."""


class Unreachable(Exception):
    """The store did not answer, however often it was asked."""


_BY_CODE: dict[str, type[Refusal]] = {
    "total_changed": TotalChanged,
    "insufficient_stock": OutOfStock,
    "checkout_changed": Changed,
    "precondition_failed": Changed,
    "no_such_checkout": Gone,
    "checkout_expired": Gone,
    "order_lapsed": Gone,
}


class Told(Struct, frozen=True, kw_only=True):
    """That a checkout changed: which version and state it has, and how its payment stands. `id` resumes after it."""

    id: str = ""
    version: int
    state: CheckoutState
    payment: str | None = None


class Checkouts:
    """Every call of the checkout API."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        tries: int = 5,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http, self._tries, self._wait = http, tries, wait

    async def open(self, new: NewCheckout) -> CheckoutView:
        """Open a checkout; it is priced at once. Its id is a secret of this shopper's."""
        return await self._ask("POST", _PATH, new)

    async def read(self, checkout_id: str) -> CheckoutView:
        """A checkout as it stands, with how its payment stands."""
        return await self._ask("GET", f"{_PATH}/{checkout_id}")

    async def change(self, checkout_id: str, change: CheckoutChange, seen: int | None = None) -> CheckoutView:
        """Change the fields that are given. `seen` is the version that the shopper saw: `Changed` if it is another."""
        headers = {"If-Match": f'"{seen}"'} if seen is not None else {}
        return await self._ask("PATCH", f"{_PATH}/{checkout_id}", change, headers)

    async def complete(self, checkout_id: str, agreed: Completion, key: str = "") -> CheckoutView:
        """Place the order for the total that the shopper saw; `settled` tells how the payment ends.

        However often it has to be asked, one key is one order and one charge. Give a key of your own, kept with the
        cart, to be safe across a restart of your program.
        """
        headers = {"Idempotency-Key": key or str(uuid4())}
        return await self._ask("POST", f"{_PATH}/{checkout_id}/complete", agreed, headers)

    async def cancel(self, checkout_id: str) -> CheckoutView:
        """Give a checkout up, and free what it holds."""
        return await self._ask("POST", f"{_PATH}/{checkout_id}/cancel")

    async def answer(self, checkout_id: str, answer: CheckoutAnswer, key: str = "") -> CheckoutView:
        """Answer one of the checkout's `questions`: with the id of an option, or a value for the field it asks for."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return await self._ask("POST", f"{_PATH}/{checkout_id}/answers", answer, headers)

    async def link(self, checkout_id: str) -> LinkView:
        """A link that opens the checkout in another browser; other than the id it may be sent to the shopper."""
        return await self._send(LinkView, "POST", f"{_PATH}/{checkout_id}/links")

    async def by_link(self, token: str) -> CheckoutView:
        """The checkout that a link opens."""
        return await self._ask("GET", f"{_PATH}/by-link/{token}")

    async def settled(self, checkout_id: str) -> CheckoutView:
        """The checkout once somebody has to do something: it is completed, or open again after a decline
        (`payment.reason`), or the shopper must go to `payment.action_url`.
        """
        async with aclosing(self.events(checkout_id)) as changes:
            async for _ in changes:
                checkout = await self.read(checkout_id)
                if checkout.state is not CheckoutState.IN_PROGRESS:
                    return checkout
                if checkout.payment and checkout.payment.action_url:
                    return checkout
        raise AssertionError("Events go on for as long as they are listened to.")

    async def events(self, checkout_id: str, after: str = "") -> AsyncGenerator[Told, None]:
        """How the checkout stands, and then each change, for as long as one listens. What the shopper is asked, and
        until when, is in the checkout: read it when it has changed.

        A connection that ends is made again and goes on after the last event; `after` does so across programs. Close it
        (`contextlib.aclosing`) when you stop before its end.
        """
        failures = 0
        while failures < self._tries:
            try:
                async with aclosing(self._listen(f"{_PATH}/{checkout_id}/events", after)) as heard:
                    async for told in heard:
                        after, failures = told.id, 0
                        yield told
            except httpx.TransportError:
                failures += 1
                await self._wait(2.0**failures / 4)
            except _NotNow as busy:
                failures += 1
                await self._wait(busy.seconds)
        raise Unreachable(f"Nothing was heard of {checkout_id}.")

    async def _listen(self, path: str, after: str) -> AsyncGenerator[Told, None]:
        headers = {"Last-Event-ID": after} if after else {}
        async with self._http.stream("GET", path, headers=headers, timeout=_LISTENS) as answer:
            if not answer.is_success:
                await answer.aread()
                _raise(answer)
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                else:
                    if "data" in event and "id" in event:
                        yield msgspec.structs.replace(msgspec.json.decode(event["data"], type=Told), id=event["id"])
                    event = {}

    async def _ask(
        self, method: str, path: str, body: Body | None = None, headers: dict[str, str] | None = None
    ) -> CheckoutView:
        return await self._send(CheckoutView, method, path, body, headers)

    async def _send(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        content = msgspec.json.encode(body) if body is not None else None
        sent = {**(headers or {}), **({"Content-Type": "application/json"} if body is not None else {})}
        why: Exception | None = None
        for attempt in range(self._tries):
            try:
                answer = await self._http.request(method, path, content=content, headers=sent)
                if answer.is_success:
                    return msgspec.json.decode(answer.content, type=kind)
                _raise(answer)
            except httpx.TransportError as error:
                why = error
                await self._wait(2.0**attempt / 4)
            except _NotNow as busy:
                why = busy
                await self._wait(busy.seconds)
        raise Unreachable(f"{method} {path} was not answered.") from why


class _NotNow(Exception):
    """Ask again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ask again in {seconds} s")
        self.seconds = seconds


def _raise(answer: httpx.Response) -> None:
    if answer.status_code in _FOR_THE_MOMENT:
        raise _NotNow(float(answer.headers.get("Retry-After", "1")))
    problem = msgspec.json.decode(answer.content, type=Problem)
    raise _BY_CODE.get(problem.code, Refusal)(problem)
