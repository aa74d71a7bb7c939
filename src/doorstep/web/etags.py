"""Versions in HTTP: `ETag` on what is read, `If-None-Match` to read it only when it changed, `If-Match` to change it
only when it did not.
"""

import re
from collections.abc import Mapping
from zlib import crc32

from doorstep.kernel.errors import Conflict, DoorstepError
from doorstep.web.endpoint import Parameter
from doorstep.web.respond import HttpError

_TAG = re.compile(r'"(\d{1,15})(?:\.[0-9a-f]{8})?"')
_CHANGED = {"order_changed", "checkout_changed"}

IF_MATCH = Parameter(
    name="If-Match",
    place="header",
    says="The ETag of what was read. When it has changed since, nothing is done, and the answer says what happened.",
    schema={"type": "string", "pattern": r'^"[0-9]{1,15}(\.[0-9a-f]{8})?"$'},
    example='"7"',
)
IF_NONE_MATCH = Parameter(
    name="If-None-Match",
    place="header",
    says="The ETag of what was read before. When nothing changed since, the answer is an empty 304.",
    schema={"type": "string"},
    example='"7.1f0c88d3"',
)
BAD_ETAG = HttpError(400, "bad_etag", "If-Match is no ETag such as the answers here have.")
PRECONDITION_FAILED = HttpError(
    412,
    "precondition_failed",
    "Order 1001 has changed since you looked: units_picked. Look again and decide again.",
)


def etag(version: int, body: bytes) -> bytes:
    """The tag of an answer: the version of what it shows, and a digest of what is shown of it."""
    return f'"{version}.{crc32(body):08x}"'.encode()


def is_unchanged(headers: Mapping[bytes, bytes], tag: bytes) -> bool:
    """Whether the reader has this already."""
    said = headers.get(b"if-none-match", b"")
    return said == b"*" or tag in [one.strip().removeprefix(b"W/") for one in said.split(b",")]


def expected(headers: Mapping[bytes, bytes]) -> int | None:
    """The version that a change is meant for, if it is meant for one."""
    said = headers.get(b"if-match", b"*").decode("latin-1").strip()
    if said == "*":
        return None
    found = _TAG.fullmatch(said)
    if found is None:
        raise HttpError(400, "bad_etag", "If-Match is no ETag such as the answers here have.")
    return int(found[1])


def as_precondition(error: DoorstepError, headers: Mapping[bytes, bytes]) -> DoorstepError:
    """An error as it is answered: with If-Match, that something changed is a failed precondition."""
    if not isinstance(error, Conflict) or error.code not in _CHANGED or b"if-match" not in headers:
        return error
    failed = HttpError(412, "precondition_failed", error.message)
    failed.fields = error.fields
    return failed
