"""An endpoint: one method of one URL, what it takes, what it answers, and how it can fail. The API and its
documentation are both made from these.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

from doorstep.access.model.actor import Actor
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.storage.transaction import Tx
from doorstep.web.given import Given

Body = TypeVar("Body")
Answer = TypeVar("Answer", bound=Struct)


@dataclass(frozen=True)
class Ask(Generic[Body]):
    """One request: `name` is the variable part of the URL, header names are in small letters.

    `tx` is there where something is done once for a key: it is the transaction in which the answer is kept too.
    """

    given: Given
    name: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: Body
    actor: Actor
    tx: Tx | None = None

    @property
    def within(self) -> Tx:
        """The transaction in which everything is done that this request asks for."""
        if self.tx is None:
            raise RuntimeError("This endpoint does not answer once for each key.")
        return self.tx


class NotKept(Exception):
    """An answer whose effect is undone, as that of a preview."""

    def __init__(self, answer: Struct) -> None:
        super().__init__("undone on purpose")
        self.answer = answer


@dataclass(frozen=True)
class Parameter:
    """A query parameter, or a header, as the documentation shows it."""

    name: str
    place: str
    says: str
    schema: Mapping[str, Any]
    example: str
    required: bool = False

    def check(self, text: str) -> None:
        """Refused when a value is not what the schema says."""
        if sentence := _fault(self.schema, text):
            raise Refused("bad_parameter", f"{self.name}: {sentence}", {self.name: sentence})


@dataclass(frozen=True, kw_only=True)
class Endpoint(Generic[Body, Answer]):
    """One method of one URL.

    `path` holds at most one variable, written `{name}`. `needs` is the permission that the caller must have; None:
    anybody may call. `errors` are examples of the expected errors beside those that follow from the rest (a body, a
    token). `example_body` and `example` are a real request and its answer.

    With `once` a request brings an Idempotency-Key; `run` is given a transaction, and its answer is kept with the
    effect (in place of it, what `keeps` makes of it). `version` says which version of a thing an answer shows.
    With `takes_bytes` the body is given to `run` as it came, whatever it is.
    `order` is the number of the order that an answer is about, for the log.
    """

    method: str
    path: str
    run: Callable[[Ask[Body]], Awaitable[Answer]]
    title: str
    says: str
    example: Answer
    body: type[Body] | None = None
    example_body: Body | None = None
    status: int = 200
    needs: Permission | None = None
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[DoorstepError, ...] = ()
    location: Callable[[Answer], str] | None = None
    version: Callable[[Answer], int] | None = None
    once: bool = False
    keeps: Callable[[Answer], Answer] | None = None
    body_bytes_max: int = BODY_BYTES_MAX
    takes_bytes: bool = False
    is_limited: bool = True
    called: str = ""
    order: Callable[[Answer], str] | None = None


AnyEndpoint = Endpoint[Any, Any]


def _fault(schema: Mapping[str, Any], text: str) -> str:
    """What is wrong with the value of a parameter, in words; empty when all is well."""
    if "enum" in schema and text not in schema["enum"]:
        return f"There is no such value; there are: {', '.join(schema['enum'])}."
    if schema.get("type") == "integer":
        least, most = schema["minimum"], schema["maximum"]
        is_whole = text.isascii() and text.isdecimal() and len(text) < 16
        return "" if is_whole and least <= int(text) <= most else f"It is a whole number from {least} to {most}."
    if len(text) > schema.get("maxLength", len(text)):
        return f"It has at most {schema['maxLength']} characters."
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        return "It has not the form that is expected."
    if schema.get("format") == "date-time" and not _is_moment(text):
        return "It is a time in RFC 3339, such as 2026-11-16T09:30:00Z."
    return ""


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
