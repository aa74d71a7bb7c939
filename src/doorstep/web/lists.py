"""Lists a page at a time: what a limit and a cursor are, for every list alike."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from doorstep.kernel.errors import Refused
from doorstep.web.endpoint import Parameter

LIMIT_MAX = 200
LIMIT_USUAL = 50
_CURSOR_CHARS_MAX = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[str, ...]).decode

LIMIT = Parameter(
    "limit",
    "query",
    f"How many, {LIMIT_USUAL} unless said otherwise.",
    {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_USUAL},
    "50",
)


def cursor_parameter(name: str, *position: str) -> Parameter:
    """The parameter that asks for the next page of a list, with a position in it as the example."""
    schema = {"type": "string", "maxLength": _CURSOR_CHARS_MAX}
    return Parameter("cursor", "query", "`next_cursor` of the page before.", schema, cursor_of(name, *position))


def limit_of(query: Mapping[str, str]) -> int:
    """How many are wanted."""
    return int(query.get("limit", LIMIT_USUAL))


def moment_of(query: Mapping[str, str], name: str) -> datetime | None:
    """A time that was given, if it was; before 1970 nothing happened here."""
    text = query.get(name, "")
    return max(datetime.fromisoformat(text), _EPOCH) if text else None


def cursor_of(name: str, *position: str) -> str:
    """A cursor that stands at a position in a list; what it is made of is nobody's affair."""
    return urlsafe_b64encode(_encode((_seal(name, position), *position))).decode().rstrip("=")


def position_of(query: Mapping[str, str], name: str, parts: int = 1) -> tuple[str, ...]:
    """The position at which a cursor stands, or empty texts; Refused when it is none of this list's."""
    cursor = query.get("cursor", "")
    if not cursor:
        return ("",) * parts
    try:
        seal, *position = _decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, UnicodeDecodeError):
        raise _no_cursor() from None
    if seal != _seal(name, tuple(position)) or len(position) != parts or cursor != cursor_of(name, *position):
        raise _no_cursor()
    return tuple(position)


def _seal(name: str, position: tuple[str, ...]) -> str:
    """What tells a cursor of one list from those of others and from one that was tampered with."""
    return sha256(_encode((name, *position))).hexdigest()[:12]


def _no_cursor() -> Refused:
    sentence = "This is no cursor of this list; take next_cursor of the page before, or leave it out."
    return Refused("bad_parameter", f"cursor: {sentence}", {"cursor": sentence})
