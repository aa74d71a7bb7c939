"""Answers that are the same for everybody as long as the process lives: documents, styles, scripts."""

from gzip import compress

from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.respond import Reply, send_reply

_SMALL = 600  # bytes below which packing gains nothing
_PACKED = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"))


class Fixed:
    """One fixed answer, packed once for those who can unpack it."""

    def __init__(self, content_type: str, body: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        plain = ((b"content-type", content_type.encode()), *headers)
        self._plain = Reply(200, plain, body)
        packed = compress(body, 9, mtime=0) if len(body) > _SMALL else body
        self._packed = Reply(200, (*plain, *_PACKED), packed) if len(packed) < len(body) else self._plain

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del name, receive
        if scope["method"] not in ("GET", "HEAD"):
            await send_reply(send, _wrong_method(), scope["method"])
            return
        accepts = b"".join(value for key, value in scope["headers"] if key == b"accept-encoding")
        await send_reply(send, self._packed if b"gzip" in accepts else self._plain, scope["method"])


def _wrong_method() -> Reply:
    return Reply(405, ((b"allow", b"GET"), (b"content-type", b"text/plain")), b"This URL takes GET.")
