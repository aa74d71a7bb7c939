"""The page of metrics, for whoever brings the token for it or a key that may read the system."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest

from doorstep.access.model.permissions import Permission
from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.callers import bearer, known_caller
from doorstep.web.given import Given
from doorstep.web.respond import HttpError, Reply, failed, send_reply

PATH = "/metrics"
_TYPE = ((b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),)


class MetricsDoor:
    """`GET /metrics`."""

    def __init__(self, given: Given, page: Callable[[], Awaitable[bytes]]) -> None:
        self._given = given
        self._page = page

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """The page, or why not."""
        del name, receive
        try:
            reply = await self._reply(scope)
        except Exception as error:
            reply = failed(error, self._given.new_id, f"GET {PATH}")
        await send_reply(send, reply, scope["method"])

    async def _reply(self, scope: Scope) -> Reply:
        if scope["method"] not in ("GET", "HEAD"):
            raise HttpError(405, "wrong_method", "This URL takes GET.", ((b"allow", b"GET"),))
        headers, token = dict(scope["headers"]), self._given.metrics_token
        if not (token and compare_digest(bearer(headers), token.encode())):
            await known_caller(headers, self._given, Permission.SYSTEM_READ)
        return Reply(200, _TYPE, await self._page())
