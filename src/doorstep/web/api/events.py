"""What can be listened to: a checkout, an order, the board. Events say what changed, never what it is now."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.journey.overview.story import Happened
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import CheckoutId, OrderId, order_of
from doorstep.live.hub import Hub, News
from doorstep.live.teller import BOARD, checkout_topic, order_topic
from doorstep.web.api.order_views import kind_of
from doorstep.web.asgi import Receive, Send
from doorstep.web.callers import known_caller
from doorstep.web.given import Given
from doorstep.web.noting import note_of
from doorstep.web.respond import HttpError, failed, no_such_url, send_reply
from doorstep.web.security import is_name
from doorstep.web.stream import Event, Feed, Stream

_encode = msgspec.json.Encoder().encode
_ID_CHARS_MAX = 64
_DIGITS_MAX = 9
_UNKNOWN = "?"


class HappenedView(Struct, frozen=True):
    """A fact: its number within the order, its kind, when it was."""

    number: int
    kind: str
    at: datetime


@dataclass
class BoardFeed:
    """That orders changed. Ids are the process's own, so that another process begins with a reset."""

    hub: Hub
    after: str
    topics: tuple[str, ...] = (BOARD,)

    async def first(self) -> Event | None:
        """Where the client stands, unless it resumes: then what it missed follows."""
        return None if self.after else Event(self.hub.now, "open")

    async def next(self, news: News) -> Event | None:
        """That something changed."""
        return Event(news.id, "reset" if news.is_reset else "changed")


@dataclass
class OrderFeed:
    """What happens to one order. Ids are the numbers of its facts, so that any process resumes exactly."""

    given: Given
    order_id: OrderId
    last: str
    after: str = ""
    topics: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.topics = (order_topic(self.order_id),)

    async def first(self) -> Event | None:
        """Where the client stands, or what it missed."""
        async with self.given.database.read() as tx:
            _, latest = await self.given.overview.number(tx, self.order_id)
        if not self.last or (since := _number(self.last, latest)) is None:
            event = Event(str(latest), "reset" if self.last else "open")
            self.last = event.id
            return event
        self.last = str(since)
        return await self._since()

    async def next(self, news: News) -> Event | None:
        """What happened since the last event."""
        del news
        return await self._since()

    async def _since(self) -> Event | None:
        async with self.given.database.read() as tx:
            told = await self.given.overview.since(tx, self.order_id, int(self.last))
        if not told:
            return None
        self.last = str(told[-1].number)
        return Event(self.last, "changed", _encode({"facts": [_view(one) for one in told]}))


@dataclass
class CheckoutFeed:
    """That a checkout changed, or how its payment stands. Ids are its version and the number of its order's facts."""

    given: Given
    checkout_id: CheckoutId
    last: str
    after: str = ""
    topics: tuple[str, ...] = field(init=False)
    told: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        self.topics = (checkout_topic(self.checkout_id), order_topic(order_of(self.checkout_id)))

    async def first(self) -> Event | None:
        """Where the client stands, or that it missed something."""
        event = await self._look()
        if not self.last:
            return Event(event.id, "open", event.data)
        if self.last == event.id:
            return None
        return event if _is_before(self.last, event.id) else Event(event.id, "reset", event.data)

    async def next(self, news: News) -> Event | None:
        """That it changed, if what its shopper sees did."""
        del news
        before = self.told
        event = await self._look()
        return event if self.told != before else None

    async def _look(self) -> Event:
        async with self.given.database.read() as tx:
            checkout = await _checkout(self.given, tx, self.checkout_id)
            order_id = checkout.order_id
            payment = await self.given.overview.payment(tx, order_id) if order_id else None
            number = (await self.given.overview.number(tx, order_id))[1] if order_id else 0
        self.told = (checkout.version, payment)
        data = {"version": checkout.version, "state": checkout.state, "payment": payment.state if payment else None}
        return Event(f"{checkout.version}-{number}", "changed", _encode(data))


async def _board(given: Given, name: str, last: str) -> Feed:
    del name
    return BoardFeed(given.hub, last)


async def _order(given: Given, name: str, last: str) -> Feed:
    async with given.database.read() as tx:
        order_id, _ = await given.overview.number(tx, name)
    return OrderFeed(given, order_id, last)


async def _a_checkout(given: Given, name: str, last: str) -> Feed:
    async with given.database.read() as tx:
        checkout = await _checkout(given, tx, CheckoutId(name))
    return CheckoutFeed(given, checkout.id, last)


@dataclass(frozen=True)
class Source:
    """A URL that is listened to, how its feed is opened, and the permission it needs (none: its id is the secret)."""

    path: str
    open: Callable[[Given, str, str], Awaitable[Feed]]
    needs: Permission | None


STREAMS = (
    Source("/api/v1/checkouts/{name}/events", _a_checkout, None),
    Source("/api/v1/orders/{name}/events", _order, Permission.ORDERS_READ),
    Source("/api/v1/board/events", _board, Permission.ORDERS_READ),
)


class StreamDoor:
    """One URL that is listened to."""

    def __init__(self, source: Source, given: Given) -> None:
        self._source = source
        self._given = given

    async def answer(self, name: str, scope: Any, receive: Receive, send: Send) -> None:
        """Stream, or say why not."""
        is_begun = False

        async def note_send(message: Any) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            stream = await self._stream(name, scope)
            await stream.run(receive, note_send)
        except Exception as error:
            if is_begun:
                raise
            reply = failed(error, self._given.new_id, f"GET {self._source.path}")
            await send_reply(send, reply, scope["method"])

    async def _stream(self, name: str, scope: Any) -> Stream:
        if scope["method"] != "GET":
            raise HttpError(405, "wrong_method", "This URL takes GET.", ((b"allow", b"GET"),))
        if name and not is_name(name):
            raise no_such_url()
        headers, given = dict(scope["headers"]), self._given

        async def check() -> None:
            if self._source.needs:
                note_of(scope).actor = (await known_caller(headers, given, self._source.needs)).kind.value

        await check()
        feed = await self._source.open(given, name, last_event_id(headers, scope["query_string"]))
        return Stream(given.hub, feed, given.pace, check)


def last_event_id(headers: Mapping[bytes, bytes], query: bytes) -> str:
    """The id that a client resumes from; what cannot be one is an id that nobody knows."""
    said = headers.get(b"last-event-id", b"").decode("latin-1")
    if not said and query:
        try:
            said = dict(parse_qsl(query.decode("ascii"), max_num_fields=20)).get("last_event_id", "")
        except ValueError:
            return _UNKNOWN
    return said if len(said) <= _ID_CHARS_MAX and said.isascii() and said.isprintable() else _UNKNOWN


async def _checkout(given: Given, tx: Any, checkout_id: CheckoutId) -> Checkout:
    found = (await given.placement.read(tx, [checkout_id])).get(checkout_id)
    if found is None:
        raise Missing("no_such_checkout", f"There is no checkout {checkout_id}.")
    return found


def _view(one: Happened) -> HappenedView:
    return HappenedView(one.number, kind_of(one.kind), one.at)


def _number(text: str, most: int) -> int | None:
    """A whole number up to a bound, or None when the text is none."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS_MAX or int(text) > most:
        return None
    return int(text)


def _is_before(earlier: str, later: str) -> bool:
    """Whether both parts of an id are at most those of a later one."""
    pairs = list(zip(earlier.split("-"), later.split("-"), strict=False))
    return len(earlier.split("-")) == len(pairs) == 2 and all(_number(a, int(b)) is not None for a, b in pairs)
