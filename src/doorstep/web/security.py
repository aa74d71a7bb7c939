"""What protects every answer and every request: headers, the size of bodies, the token."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.web.asgi import ASGIApp, Message, Receive, Scope, Send
from doorstep.web.clients import Network
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


STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
HEADERS_MAX = 100
HEADER_BYTES_MAX = 32_768
BODY_SECONDS_MAX = 30.0


def secured(app: ASGIApp, network: Network) -> ASGIApp:
    """The application with the security headers on every answer, whoever made it.

    Where the deployment is reached by HTTPS, browsers are told to use nothing else from then on.
    """
    https_headers = (*HEADERS, STRICT_TRANSPORT)

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                is_secure = network.client(scope, dict(scope["headers"])).is_secure
                protecting = https_headers if is_secure else HEADERS
                message["headers"] = [*message["headers"], *(one for one in protecting if one[0] not in said)]
            await send(message)

        await app(scope, receive, send_secured if scope["type"] == "http" else send)

    return guard


def check_headers(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Refused when there are more headers, or larger ones, than any client has reason to send."""
    if len(headers) > HEADERS_MAX or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES_MAX:
        said = f"A request has at most {HEADERS_MAX} headers of {HEADER_BYTES_MAX} bytes together."
        raise HttpError(431, "headers_too_large", said)


def is_name(text: str) -> bool:
    """Whether the variable part of a URL can be an id or a number of ours."""
    return bool(_NAME.fullmatch(text))


async def read_body(
    receive: Receive,
    headers: Mapping[bytes, bytes],
    bytes_max: int = BODY_BYTES_MAX,
    seconds_max: float = BODY_SECONDS_MAX,
) -> bytes:
    """The whole body; one that is too large is refused before it is in memory, one that is slow after a while."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or len(announced) > 18 or int(announced) > bytes_max:
        raise _too_large(bytes_max)
    try:
        async with asyncio.timeout(seconds_max):
            return await _received(receive, bytes_max)
    except TimeoutError:
        said = f"The body did not come within {seconds_max:.0f} seconds."
        raise HttpError(408, "body_too_slow", said, ((b"connection", b"close"),)) from None


async def _received(receive: Receive, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise HttpError(400, "incomplete_body", "The connection ended before the body did.")
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > bytes_max:
            raise _too_large(bytes_max)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def check_json(headers: Mapping[bytes, bytes]) -> None:
    """Refused unless the body says that it is JSON: so no form of another site can send one."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise HttpError(415, "not_json", "Send the body as JSON, with the header Content-Type: application/json.")


def _too_large(bytes_max: int) -> HttpError:
    return HttpError(413, "body_too_large", f"A body has at most {bytes_max} bytes.")
