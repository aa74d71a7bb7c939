"""Server-sent events (WHATWG HTML, section 9.2): a stream that tells one client of changes until either goes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog
from msgspec import Struct

from doorstep.kernel.errors import DoorstepError
from doorstep.live.hub import Hub, Listener, News
from doorstep.web.asgi import Receive, Send

_log = structlog.get_logger("doorstep.web")
_FAREWELL_SECONDS = 0.2
_STILL_HERE = b": still here\n\n"
HEADERS = ((b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no"))


class Pace(Struct, frozen=True):
    """How often a stream shows that it lives, asks whether its client may still listen, and how long it lasts.

    Between two events `gap_seconds` pass, in which changes gather. A client comes back `retry_ms` after the end.
    """

    heartbeat_seconds: float = 15.0
    check_seconds: float = 60.0
    life_seconds: float = 3600.0
    gap_seconds: float = 0.5
    retry_ms: int = 2000


USUAL = Pace()


class Event(Struct, frozen=True):
    """One event; `data` is JSON on one line. One without an id leaves the client where it stands."""

    id: str
    name: str
    data: bytes = b"{}"


class Feed(Protocol):
    """What a stream tells of: the topics to listen to, and the hub's id to resume from where it is the hub's."""

    @property
    def topics(self) -> tuple[str, ...]: ...

    @property
    def after(self) -> str: ...

    async def first(self) -> tuple[Event, ...]:
        """What is to be told at once, if anything."""
        ...

    async def next(self, news: News) -> tuple[Event, ...]:
        """What is to be told of news, if anything. The topics may be others afterwards."""
        ...


class Stream:
    """One client's stream. It ends when the client goes, when it may no longer listen, at shutdown, or after its life.

    A client that does not read is not written to either: what changes meanwhile is one piece of news.
    """

    def __init__(self, hub: Hub, feed: Feed, pace: Pace, check: Callable[[], Awaitable[None]]) -> None:
        self._feed = feed
        self._pace = pace
        self._check = check
        self._hub = hub

    async def run(self, receive: Receive, send: Send) -> None:
        """Begin and go on until the end. What keeps it from beginning is raised, and nothing was sent."""
        listener = self._hub.listen(self._feed.topics, self._feed.after)
        try:
            opening = f"retry: {self._pace.retry_ms}\n\n".encode() + framed(await self._feed.first())
            listener.follow(self._feed.topics)
            await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS]})
            await self._last(listener, opening, receive, send)
        finally:
            listener.end()

    async def _last(self, listener: Listener, opening: bytes, receive: Receive, send: Send) -> None:
        writing = asyncio.create_task(self._write(listener, opening, send))
        leaving = asyncio.create_task(_until_gone(receive))
        ending = asyncio.create_task(listener.until_ended())
        tasks = (writing, leaving, ending)
        try:
            await asyncio.wait(tasks, timeout=self._pace.life_seconds, return_when=asyncio.FIRST_COMPLETED)
            is_gone = leaving.done()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        _note(writing)
        if not is_gone:
            await _say_farewell(send)

    async def _write(self, listener: Listener, opening: bytes, send: Send) -> None:
        now, pace = asyncio.get_running_loop().time, self._pace
        await _say(send, opening)
        check_at = now() + pace.check_seconds
        async for news in _Pulse(listener, min(pace.heartbeat_seconds, pace.check_seconds)):
            if now() >= check_at:
                await self._check()
                check_at = now() + pace.check_seconds
            if news is None:
                await _say(send, _STILL_HERE)
            elif events := await self._feed.next(news):
                listener.follow(self._feed.topics)
                await _say(send, framed(events))
                await asyncio.sleep(pace.gap_seconds)


def framed(events: Iterable[Event]) -> bytes:
    """Events as the client reads them."""
    return b"".join(map(_framed, events))


def _framed(event: Event) -> bytes:
    name = f"id: {event.id}\n" if event.id else ""
    return f"{name}event: {event.name}\ndata: ".encode() + event.data + b"\n\n"


class _Pulse:
    """News as they come, and None whenever there were none for some seconds."""

    def __init__(self, listener: Listener, seconds: float) -> None:
        self._listener = listener
        self._seconds = seconds

    def __aiter__(self) -> "_Pulse":
        return self

    async def __anext__(self) -> News | None:
        try:
            async with asyncio.timeout(self._seconds):
                return await anext(self._listener)
        except TimeoutError:
            return None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _say_farewell(send: Send) -> None:
    """End the answer; a client that does not read is not waited for."""
    try:
        async with asyncio.timeout(_FAREWELL_SECONDS):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except TimeoutError:
        return


def _note(writing: "asyncio.Task[None]") -> None:
    """An end that was not expected is noted; that the client may listen no more, or that there is no room, is."""
    error = None if writing.cancelled() else writing.exception()
    if error and not isinstance(error, DoorstepError):
        _log.error("a stream failed", exc_info=error)
