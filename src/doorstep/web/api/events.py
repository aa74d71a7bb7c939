"""What can be listened to: a checkout, an order, the board. Events say what changed and what is asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.journey.overview.story import Happened
from doorstep.kernel.ids import CheckoutId, OrderId
from doorstep.live.hub import Hub, News
from doorstep.live.teller import BOARD, order_topic
from doorstep.web.api.checkout_feed import CheckoutFeed, number_in
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

    async def first(self) -> tuple[Event, ...]:
        """Where the client stands, unless it resumes: then what it missed follows."""
        return () if self.after else (Event(self.hub.now, "open"),)

    async def next(self, news: News) -> tuple[Event, ...]:
        """That something changed."""
        return (Event(news.id, "reset" if news.is_reset else "changed"),)


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

    async def first(self) -> tuple[Event, ...]:
        """Where the client stands, or what it missed."""
        async with self.given.database.read() as tx:
            _, latest = await self.given.overview.number(tx, self.order_id)
        if not self.last or (since := number_in(self.last, latest)) is None:
            event = Event(str(latest), "reset" if self.last else "open")
            self.last = event.id
            return (event,)
        self.last = str(since)
        return await self._since()

    async def next(self, news: News) -> tuple[Event, ...]:
        """What happened since the last event."""
        del news
        return await self._since()

    async def _since(self) -> tuple[Event, ...]:
        async with self.given.database.read() as tx:
            told = await self.given.overview.since(tx, self.order_id, int(self.last))
        if not told:
            return ()
        self.last = str(told[-1].number)
        return (Event(self.last, "changed", _encode({"facts": [_view(one) for one in told]})),)


async def _board(given: Given, name: str, last: str) -> Feed:
    del name
    return BoardFeed(given.hub, last)


async def _order(given: Given, name: str, last: str) -> Feed:
    async with given.database.read() as tx:
        order_id, _ = await given.overview.number(tx, name)
    return OrderFeed(given, order_id, last)


async def _a_checkout(given: Given, name: str, last: str) -> Feed:
    feed = CheckoutFeed(given, CheckoutId(name), last)
    await feed.read()
    return feed


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


def _view(one: Happened) -> HappenedView:
    return HappenedView(one.number, kind_of(one.kind), one.at)
