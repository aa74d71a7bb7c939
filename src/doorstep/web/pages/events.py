"""What an open page of the console listens to: that the board or an order changed. The page then reads it again."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import NotAllowed, Refused
from doorstep.live.hub import Hub, News
from doorstep.live.teller import BOARD
from doorstep.web.api.events import last_event_id
from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.given import Given
from doorstep.web.noting import note_of
from doorstep.web.pages.tokens import Cookies
from doorstep.web.respond import HttpError, failed, send_reply
from doorstep.web.stream import Event, Stream

PATH = "/console/events"
_TOPICS_MAX = 20
_TOPIC = re.compile(rf"{BOARD}|order:ord_[0-9A-Z]{{26}}")
_encode = msgspec.json.Encoder().encode


@dataclass
class PageFeed:
    """That parts of a page changed. Ids are the process's own, so that another process begins with a reset."""

    hub: Hub
    topics: tuple[str, ...]
    after: str

    async def first(self) -> tuple[Event, ...]:
        """Where the page stands, unless it resumes: then what it missed follows."""
        return () if self.after else (Event(self.hub.now, "open"),)

    async def next(self, news: News) -> tuple[Event, ...]:
        """Which of its topics changed."""
        return (Event(news.id, "reset" if news.is_reset else "changed", _encode({"topics": sorted(news.topics)})),)


class PageStreamDoor:
    """The one URL that pages listen to. The session is looked at again every minute; one that ended ends the stream."""

    def __init__(self, given: Given) -> None:
        self._given = given

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream, or say why not."""
        del name
        has_begun = False

        async def sending(message: Any) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            stream = await self._stream(scope)
            await stream.run(receive, sending)
        except Exception as error:
            if has_begun:
                raise
            await send_reply(send, failed(error, self._given.new_id, f"GET {PATH}"), scope["method"])

    async def _stream(self, scope: Scope) -> Stream:
        if scope["method"] != "GET":
            raise HttpError(405, "wrong_method", "This URL takes GET.", ((b"allow", b"GET"),))
        headers = dict(scope["headers"])
        is_secure = self._given.network.client(scope, headers).is_secure
        token = Cookies(is_secure=is_secure).read(headers, "session")

        async def check() -> None:
            async with self._given.database.read() as tx:
                found = await self._given.people.sign_in.whose(tx, token, self._given.clock.now())
            if found is None:
                raise NotAllowed("session_ended", "Your session has ended. Please sign in again.")
            found.actor.check(Permission.ORDERS_READ)
            note_of(scope).actor = found.actor.kind.value

        await check()
        feed = PageFeed(self._given.hub, _topics(scope["query_string"]), last_event_id(headers, b""))
        return Stream(self._given.hub, feed, self._given.pace, check)


def _topics(query: bytes) -> tuple[str, ...]:
    """The topics that a page asks for; Refused when there are none, too many, or any that nobody tells."""
    wanted = dict(parse_qsl(query.decode("latin-1"))).get("topics", "").split(",")
    if len(wanted) > _TOPICS_MAX or not all(_TOPIC.fullmatch(topic) for topic in wanted):
        raise Refused("no_such_topic", "These topics cannot be listened to.", {"topics": "Ask for board or an order."})
    return tuple(wanted)
