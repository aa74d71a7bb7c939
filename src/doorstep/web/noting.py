"""What is noted of every request: who asked for what, how it was answered, how long that took. Nothing personal.

Addresses are noted as the pattern of their URL, since the address of a checkout is a secret, and without the query.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from time import perf_counter
from typing import Protocol

import structlog

from doorstep.kernel.ids import NewId
from doorstep.web.asgi import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger("doorstep.web")
_REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{8,64}")
_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_NOTE = "doorstep.note"
_FAILED, _REFUSED = 500, 400


REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered, for whatever is logged meanwhile."""


@dataclass(slots=True)
class Note:
    """One request. `seconds` last until its answer begins; `order` is a number or an id."""

    request_id: str
    method: str
    trace_parent: str = ""
    route: str = "nowhere"
    status: int = _FAILED
    seconds: float = 0.0
    actor: str = "anybody"
    order: str = ""


class Observe(Protocol):
    """Whoever counts requests."""

    def request(self, note: Note) -> AbstractContextManager[None]:
        """Entered around a request; when it is left the note is complete."""
        ...


class Unobserved:
    """Nobody counts."""

    def request(self, note: Note) -> AbstractContextManager[None]:
        """See `Observe`."""
        del note
        return nullcontext()


UNOBSERVED = Unobserved()


def note_of(scope: Scope) -> Note:
    """The note of a request; one that nobody reads where nothing is noted."""
    note = scope.get(_NOTE)
    return note if isinstance(note, Note) else Note("", "")


def noted(app: ASGIApp, new_id: NewId, observe: Observe, successes: str = "") -> ASGIApp:
    """The application with a note of every request: counted, logged, and its id in the answer.

    Answers that are no success are logged; `successes` is the level at which the others are, if they are.
    """
    ids = _ids(new_id)

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, note = perf_counter(), _begun(scope, ids)
        scope[_NOTE] = note

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                note.status, note.seconds = message["status"], perf_counter() - began
                message["headers"] = [*message["headers"], (b"x-request-id", note.request_id.encode())]
            await send(message)

        before = REQUEST.set(note.request_id)
        try:
            with observe.request(note):
                await app(scope, receive, send_noted)
        finally:
            if successes or note.status >= _REFUSED:
                _say(note, successes)
            REQUEST.reset(before)

    return enter


def _ids(new_id: NewId) -> Callable[[], str]:
    """Ids of requests: unguessable in front, counted behind, which costs next to nothing."""
    start, numbers = new_id("req"), count(1)
    return lambda: f"{start}-{next(numbers)}"


def _begun(scope: Scope, ids: Callable[[], str]) -> Note:
    request_id, trace_parent = "", ""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = value.decode("latin-1")
        elif name == b"traceparent":
            trace_parent = value.decode("latin-1")
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    return Note(
        request_id if request_id and _REQUEST_ID.fullmatch(request_id) else ids(),
        method,
        trace_parent if trace_parent and _TRACE_PARENT.fullmatch(trace_parent) else "",
    )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _say(note: Note, successes: str) -> None:
    level = "warning" if note.status >= _FAILED else "info" if note.status >= _REFUSED else successes
    getattr(_log, level)(
        "request",
        method=note.method,
        route=note.route,
        status=note.status,
        ms=round(note.seconds * 1000, 1),
        actor=note.actor,
        **({"order": note.order} if note.order else {}),
    )
