"""What protects every answer and every request: headers, the size of bodies, the token."""

import re
from collections.abc import Mapping
from typing import Any

from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.web.asgi import ASGIApp, Message, Receive, Scope, Send
from doorstep.web.respond import HttpError

_NAME = re.compile(r"[0-9A-Za-z_.-]{1,80}")

# No script, no frame, nothing from another host; addresses of checkouts are secrets and go into no Referer.
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


def secured(app: ASGIApp) -> ASGIApp:
    """The application with the security headers on every answer, whoever made it."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in HEADERS if one[0] not in said)]
            await send(message)

        await app(scope, receive, send_secured if scope["type"] == "http" else send)

    return guard


def is_name(text: str) -> bool:
    """Whether the variable part of a URL can be an id or a number of ours."""
    return bool(_NAME.fullmatch(text))


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], most: int = BODY_BYTES_MAX) -> bytes:
    """The whole body; one that is too large is refused before it is in memory."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or len(announced) > 18 or int(announced) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise HttpError(400, "incomplete_body", "The connection ended before the body did.")
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > most:
            raise _too_large(most)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def check_json(headers: Mapping[bytes, bytes]) -> None:
    """Refused unless the body says that it is JSON: so no form of another site can send one."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise HttpError(415, "not_json", "Send the body as JSON, with the header Content-Type: application/json.")


def _too_large(most: int) -> HttpError:
    return HttpError(413, "body_too_large", f"A body has at most {most} bytes.")
