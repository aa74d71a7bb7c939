"""Every URL in one table, and the application made of it."""

from collections.abc import Mapping, Sequence

from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import ASGIApp, Receive, Scope, Send

from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.web.api.docs import docs
from doorstep.web.api.events import STREAMS, StreamDoor
from doorstep.web.api.table import ENDPOINTS
from doorstep.web.endpoint import AnyEndpoint
from doorstep.web.exchange import Door
from doorstep.web.given import Given
from doorstep.web.respond import HttpError, failed, no_such_url
from doorstep.web.security import secured

_AnyRequest = Request[object, object, object]  # type: ignore[type-var]
AnyDoor = Door | StreamDoor
_VARIABLE = 4


def web(given: Given) -> ASGIApp:
    """The whole web application."""
    doors, pages = _doors(ENDPOINTS, given), _pages(given)

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        found = _find(doors, scope["path"]) if scope["type"] == ScopeType.HTTP else None
        if found:
            await found[0].answer(found[1], scope, receive, send)
        else:
            await pages(scope, receive, send)

    return secured(enter)


def _doors(endpoints: Sequence[AnyEndpoint], given: Given) -> Mapping[str, AnyDoor]:
    by_path: dict[str, dict[str, AnyEndpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    streams = {source.path: StreamDoor(source, given) for source in STREAMS}
    return {**{path: Door(path, methods, given) for path, methods in by_path.items()}, **streams}


def _find(doors: Mapping[str, AnyDoor], path: str) -> tuple[AnyDoor, str] | None:
    """The door of a URL, and the variable part: the API's URLs have it in fourth place."""
    if door := doors.get(path):
        return door, ""
    parts = path.split("/", 5)
    if len(parts) < _VARIABLE + 1 or not (name := parts[_VARIABLE]):
        return None
    door = doors.get("/".join([*parts[:_VARIABLE], "{name}", *parts[_VARIABLE + 1 :]]))
    return (door, name) if door else None


def _pages(given: Given) -> Litestar:
    """What is outside the API, and all that is nowhere."""

    def answer(_request: _AnyRequest, error: Exception) -> Response[bytes]:
        reply = failed(_expected(error), given.new_id, "a URL outside the API")
        headers = {name.decode(): value.decode() for name, value in reply.headers}
        return Response(reply.body, status_code=reply.status, headers=headers, media_type=headers["content-type"])

    return Litestar(
        docs(ENDPOINTS),
        exception_handlers={HTTPException: answer, Exception: answer},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_BYTES_MAX,
        debug=False,
    )


def _expected(error: Exception) -> Exception:
    """The framework's own errors in our words; whatever else went wrong stays what it is."""
    if isinstance(error, NotFoundException):
        return no_such_url()
    if isinstance(error, MethodNotAllowedException):
        return HttpError(405, "wrong_method", "This URL does not take this method.")
    if isinstance(error, HTTPException) and error.status_code < 500:
        return HttpError(400, "bad_request", "This request cannot be read.")
    return error
