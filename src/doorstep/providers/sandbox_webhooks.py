"""How the sandbox bank signs what it tells of its own accord, as real ones do: HMAC-SHA256 over the time and the body.

    Sandbox-Signature: t=1764061200,v1=5257a869e7…

`t` is when it was sent, in seconds since 1970 (UTC); `v1` is the digest of `<t>.<body>` under the shared secret, in
hexadecimal. What is older or newer than five minutes is not taken, so that nobody can send it again later.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from doorstep.plug.payment import CallNews, NotGenuine

HEADER = "sandbox-signature"
WINDOW_SECONDS = 300
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


class _Told(Struct):
    """What is read of a body: the rest is asked for, and never believed."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    key: Annotated[str, Meta(min_length=1, max_length=200)]


def signature(secret: str, body: bytes, at: datetime) -> str:
    """The value of the header for a body that is sent at a time."""
    return _signed(secret, body, int(at.timestamp()))


def news_of(secret: str, body: bytes, headers: Mapping[str, str], at: datetime) -> tuple[CallNews, ...]:
    """What a genuine body tells; NotGenuine when it is not signed with the secret, or not about now."""
    found = _SIGNATURE.fullmatch(headers.get(HEADER, ""))
    if not secret or not found or abs(int(found[1]) - at.timestamp()) > WINDOW_SECONDS:
        raise NotGenuine
    if not hmac.compare_digest(_signed(secret, body, int(found[1])), found[0]):
        raise NotGenuine
    try:
        told = msgspec.json.decode(body, type=_Told)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotGenuine from None
    return (CallNews(told.id, told.key),)


def _signed(secret: str, body: bytes, seconds: int) -> str:
    digest = hmac.new(secret.encode(), b"%d." % seconds + body, "sha256").hexdigest()
    return f"t={seconds},v1={digest}"
