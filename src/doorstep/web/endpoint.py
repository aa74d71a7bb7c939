"""An endpoint: one method of one URL, what it takes, what it answers, and how it can fail. The API and its
documentation are both made from these.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import Struct

from doorstep.access.model.actor import Actor
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import DoorstepError
from doorstep.web.given import Given

Body = TypeVar("Body")
Answer = TypeVar("Answer", bound=Struct)


@dataclass(frozen=True)
class Ask(Generic[Body]):
    """One request: `name` is the variable part of the URL, header names are in small letters."""

    given: Given
    name: str
    query: Mapping[str, str]
    headers: Mapping[bytes, bytes]
    body: Body
    actor: Actor


@dataclass(frozen=True)
class Parameter:
    """A query parameter, or a header, as the documentation shows it."""

    name: str
    place: str
    says: str
    schema: Mapping[str, Any]
    example: str
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Endpoint(Generic[Body, Answer]):
    """One method of one URL.

    `path` holds at most one variable, written `{name}`. `needs` is the permission that the caller must have; None:
    anybody may call. `errors` are examples of the expected errors beside those that follow from the rest (a body, a
    token). `example_body` and `example` are a real request and its answer.
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
    order: Callable[[Answer], str] | None = None


AnyEndpoint = Endpoint[Any, Any]
