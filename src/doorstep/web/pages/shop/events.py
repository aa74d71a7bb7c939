"""What an open checkout listens to. It is the API's stream of a checkout, found by the browser's cookie."""

from typing import Any

from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import CheckoutId
from doorstep.web.api.checkout_feed import CheckoutFeed
from doorstep.web.api.events import last_event_id
from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.given import Given
from doorstep.web.pages.tokens import Cookies
from doorstep.web.respond import HttpError, failed, send_reply
from doorstep.web.security import is_name
from doorstep.web.stream import Stream

PATH = "/checkout/events"


class CheckoutStreamDoor:
    """The one URL that checkout pages listen to; no id stands in it."""

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
        client = self._given.network.client(scope, headers)
        self._given.limits.check_stranger(client.address)
        cart = Cookies(is_secure=client.is_secure).read(headers, "cart")
        checkout_id = CheckoutId(cart if is_name(cart) else "")
        async with self._given.database.read() as tx:
            if checkout_id not in await self._given.placement.read(tx, [checkout_id]):
                raise Missing("no_such_checkout", "This browser has no checkout.")
        feed = CheckoutFeed(self._given, checkout_id, last_event_id(headers, scope["query_string"]))
        return Stream(self._given.hub, feed, self._given.pace, _anybody)


async def _anybody() -> None:
    """Whoever has the cookie may listen."""
