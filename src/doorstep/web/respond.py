"""Every answer that is not a success: one shape, RFC 9457 `application/problem+json`, for whatever went wrong."""

import re
from math import ceil

import msgspec
import structlog
from msgspec import Struct

from doorstep.kernel.errors import DoorstepError, TryLater
from doorstep.kernel.ids import NewId
from doorstep.web.asgi import Send
from doorstep.web.noting import REQUEST

PROBLEM_TYPE = b"application/problem+json"
JSON_TYPE = b"application/json"
DOCS_PATH = "/api/docs"

_log = structlog.get_logger("doorstep.web")
_encode = msgspec.json.Encoder().encode

TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "Not allowed",
    404: "Not found",
    405: "Not a method of this URL",
    408: "The request took too long",
    409: "Somebody was first",
    412: "It has changed",
    413: "The request is too large",
    415: "The request is not JSON",
    422: "Refused",
    428: "A precondition is needed",
    429: "Too many requests",
    431: "The headers are too large",
    500: "Something went wrong",
    503: "Try again later",
}
_OURS = "Something went wrong on our side. It has been noted; please name the instance when you ask about it."
_NO_ROOM = "There is no room for this request at the moment. Please ask again after the seconds in Retry-After."


class HttpError(DoorstepError):
    """A no that only HTTP knows, such as 405: its status and the headers that belong to it."""

    def __init__(self, status: int, code: str, message: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(code, message)
        self.status = status
        self.headers = headers


class Problem(Struct, frozen=True):
    """What went wrong. `code` is for programs and stays the same, `detail` is for people.

    `fields` says for each part of the request that is at fault, by its path such as `lines[0].quantity`, what is wrong
    with it. `instance` names this very occurrence.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str]
    instance: str


class Reply(Struct, frozen=True):
    """An answer, ready to be sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


async def send_reply(send: Send, reply: Reply, method: str) -> None:
    """Send an answer whole; to HEAD without its body."""
    length = (b"content-length", str(len(reply.body)).encode())
    await send({"type": "http.response.start", "status": reply.status, "headers": [*reply.headers, length]})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body, "more_body": False})


def no_such_url() -> HttpError:
    """The error for a URL that leads nowhere."""
    return HttpError(404, "no_such_url", f"There is nothing at this URL; {DOCS_PATH} lists what there is.")


def problem_of(error: DoorstepError, instance: str) -> Problem:
    """The one shape of an expected error. What went wrong inside (a law, the database) is not shown."""
    detail = error.message if error.status < 500 else _NO_ROOM if error.status == 503 else _OURS
    fields = error.fields if error.status < 500 else {}
    return Problem(
        type=f"{DOCS_PATH}#{error.code}",
        title=TITLES[error.status],
        status=error.status,
        detail=detail,
        code=error.code,
        fields=fields,
        instance=instance,
    )


def noted(error: Exception, new_id: NewId, about: str) -> tuple[DoorstepError, str]:
    """An error as it may be shown, and the name of this occurrence; what is our fault is in the log under that name."""
    instance = REQUEST.get() or new_id("req")
    expected = error if isinstance(error, DoorstepError) else DoorstepError("internal", _OURS)
    if expected.status == 500:
        _log.error("a request failed", request=instance, about=about, exc_info=error)
    return expected, f"urn:doorstep:request:{instance}"


def failed(error: Exception, new_id: NewId, about: str) -> Reply:
    """The answer to a request that failed; `about` is what was asked, without anything personal, for the log."""
    expected, instance = noted(error, new_id, about)
    problem = problem_of(expected, instance)
    return refusal(expected, problem)


def refusal(expected: DoorstepError, problem: Problem) -> Reply:
    """The answer to a request that failed as it could be expected."""
    headers = expected.headers if isinstance(expected, HttpError) else ()
    if isinstance(expected, TryLater):
        headers = ((b"retry-after", str(max(1, ceil(expected.retry_after_seconds))).encode()),)
    return Reply(problem.status, ((b"content-type", PROBLEM_TYPE), *headers), _encode(problem))


def unreadable(error: msgspec.DecodeError | RecursionError | UnicodeDecodeError) -> HttpError:
    """The error for a body that is no JSON, or JSON of another shape than was asked for."""
    if not isinstance(error, msgspec.ValidationError):
        return HttpError(400, "malformed_json", "The body is not JSON in UTF-8, or is nested too deeply.")
    said, _, where = str(error).partition(" - at `")
    path = where.rstrip("`").removeprefix("$").removeprefix(".")
    if field := _FIELD.search(said):
        path = f"{path}.{field[1]}".removeprefix(".")
    sentence = _in_words(said)
    refused = HttpError(422, "invalid_body", f"{path or 'The body'}: {sentence}")
    refused.fields = {path or "body": sentence}
    return refused


_FIELD = re.compile(r"field `([^`]+)`$")
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "array": "a list",
    "object": "an object",
    "bool": "true or false",
    "null": "null",
}
_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_BOUND = re.compile(r"Expected `(\w+)`( of length)? ([<>]=?) (-?\d+)$")


def _in_words(said: str) -> str:
    """A decoder's sentence as people would say it."""
    if said.startswith("Object missing"):
        return "It is required."
    if said.startswith("Object contains unknown"):
        return "There is no such field."
    if bound := _BOUND.match(said):
        what = "characters or entries" if bound[2] else ""
        return " ".join(["It must be", _BOUNDS[bound[3]], bound[4], what]).rstrip() + "."
    if said.startswith("Expected `str` matching regex"):
        return "It has characters that are not allowed here, or not the form that is expected."
    if said.startswith("Expected"):
        wanted, _, got = said.removeprefix("Expected ").partition(", got ")
        return f"It must be {_kinds(wanted)}{f', not {_kinds(got)}' if got else ''}."
    return "It is not a value that is possible here."


def _kinds(said: str) -> str:
    return " or ".join(_KINDS.get(kind, kind) for kind in said.strip("`").split(" | "))
