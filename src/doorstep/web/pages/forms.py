"""Forms as browsers send them, read into records."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from doorstep.kernel.errors import Refused
from doorstep.web.respond import HttpError, unreadable

_FIELDS_MAX = 2_000
_NO_FORM = HttpError(415, "not_a_form", "This page takes a form.")

Raw = Mapping[str, list[str | bytes]]
"""What was sent, by field; the content of a file is bytes."""


def read_fields(body: bytes, content_type: bytes) -> Raw:
    """The fields of a form that was sent either way; Refused, in words, when it is none."""
    kind, options = parse_options_header(content_type.decode("latin-1"))
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(body)
    if kind == "multipart/form-data" and options.get("boundary"):
        return _multipart(body, options["boundary"])
    raise _NO_FORM


def first(raw: Raw, name: str) -> str:
    """The text of a field, or nothing."""
    value = raw.get(name, [""])[0]
    return value if isinstance(value, str) else ""


def form_of(raw: Raw, kind: type[Struct]) -> Struct:
    """A record of what was sent. Lines end as on Unix, spaces around a text are gone; fields it does not know are left.

    A field whose type is a tuple takes all values of its name. Refused with what is wrong by field.
    """
    wanted: dict[str, object] = {}
    for info in msgspec.structs.fields(kind):
        if values := raw.get(info.encode_name):
            many = _is_many(info.type)
            wanted[info.encode_name] = [_clean(value) for value in values] if many else _clean(values[0])
    try:
        return msgspec.convert(wanted, kind, strict=False)
    except msgspec.ValidationError as error:
        problem = unreadable(error)
        raise Refused("invalid_form", problem.message, problem.fields) from None


def _is_many(kind: object) -> bool:
    return "tuple" in str(getattr(kind, "__origin__", kind)) or "tuple" in str(kind)


def _clean(value: str | bytes) -> str | bytes:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _urlencoded(body: bytes) -> Raw:
    raw: dict[str, list[str | bytes]] = {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict")
    except ValueError:
        raise HttpError(400, "malformed_form", "The form cannot be read.") from None
    for name, value in pairs:
        raw.setdefault(name, []).append(value)
    return raw


def _multipart(body: bytes, boundary: str) -> Raw:
    raw: dict[str, list[str | bytes]] = {}
    try:
        with PushMultipartParser(boundary, max_segment_count=_FIELDS_MAX) as parser:
            parts: list[bytes] = []
            segment: MultipartSegment | None = None
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    segment, parts = event, []
                elif event:
                    parts.append(bytes(event))
                elif segment is not None:
                    raw.setdefault(segment.name, []).append(_value(segment, b"".join(parts)))
    except (MultipartError, UnicodeDecodeError, LookupError):
        raise HttpError(400, "malformed_form", "The form cannot be read.") from None
    return raw


def _value(segment: MultipartSegment, content: bytes) -> str | bytes:
    return content if segment.filename is not None else content.decode("utf-8")
