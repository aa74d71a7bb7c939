"""What is noted of every request: who asked for what, how it was answered, how long that took. Nothing personal.

Addresses are noted as the pattern of their URL, since the address of a checkout is a secret, and without the query.
"""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import structlog
from structlog.contextvars import bound_contextvars

from doorstep.kernel.ids import NewId
from doorstep.web.asgi import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger("doorstep.web")
_REQUEST_ID = re.compile(r"[0-9A-Za-z_.-]{8,64}")
_TRACE_PARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_NOTE = "doorstep.note"
_FAILED, _REFUSED = 500, 400


@dataclass
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


def noted(app: ASGIApp, new_id: NewId, observe: Observe, *, says_all: bool) -> ASGIApp:
    """The application with a note of every request: counted, logged, and its id in the answer.

    Answers that are no success are logged; the others too with `says_all`, else only where the level is `debug`.
    """

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        note = scope[_NOTE] = _begun(scope, new_id)
        began, named = perf_counter(), (b"x-request-id", note.request_id.encode())

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                note.status, note.seconds = message["status"], perf_counter() - began
                message["headers"] = [*message["headers"], named]
            await send(message)

        with bound_contextvars(request=note.request_id), observe.request(note):
            try:
                await app(scope, receive, send_noted)
            finally:
                _say(note, says_all=says_all)

    return enter


def _begun(scope: Scope, new_id: NewId) -> Note:
    headers = _wanted(scope)
    request_id, parent = headers.get(b"x-request-id", ""), headers.get(b"traceparent", "")
    if not _REQUEST_ID.fullmatch(request_id):
        request_id = new_id("req")
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    return Note(request_id, method, parent if _TRACE_PARENT.fullmatch(parent) else "")


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _wanted(scope: Scope) -> Mapping[bytes, str]:
    return {n: v.decode("latin-1") for n, v in scope["headers"] if n in (b"x-request-id", b"traceparent")}


def _say(note: Note, *, says_all: bool) -> None:
    say = _log.debug
    if note.status >= _FAILED:
        say = _log.warning
    elif note.status >= _REFUSED or says_all:
        say = _log.info
    say(
        "request",
        method=note.method,
        route=note.route,
        status=note.status,
        ms=round(note.seconds * 1000, 1),
        actor=note.actor,
        **({"order": note.order} if note.order else {}),
    )
