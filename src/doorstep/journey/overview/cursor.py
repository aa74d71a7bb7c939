"""Cursors: where a page ended, as a text that nobody needs to understand. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any, TypeVar

import msgspec

from doorstep.kernel.errors import Refused

_CHARS_MAX = 400
T = TypeVar("T")


def written(place: object) -> str:
    """A place as a cursor."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read(cursor: str, kind: type[T] | Any) -> T:
    """The place that a cursor stands for. Refused when it is none of this kind."""
    cursor = cursor[:_CHARS_MAX]
    try:
        found: T = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (NotBase64, ValueError, msgspec.DecodeError):
        sentence = "This is no cursor; take next_cursor of the page before, or leave it out."
        raise Refused("bad_parameter", f"cursor: {sentence}", {"cursor": sentence}) from None
    return found
