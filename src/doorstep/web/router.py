"""Every URL in one table, and the application made of it."""

from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import ASGIApp

from doorstep.kernel.limits import BODY_BYTES_MAX
from doorstep.web.api.docs import docs
from doorstep.web.api.table import ENDPOINTS
from doorstep.web.endpoint import AnyEndpoint
from doorstep.web.exchange import Door
from doorstep.web.given import Given
from doorstep.web.respond import HttpError, failed, no_such_url
from doorstep.web.security import secured

_AnyRequest = Request[object, object, object]  # type: ignore[type-var]


def web(given: Given) -> ASGIApp:
    """The whole web application."""
    by_path: dict[str, dict[str, AnyEndpoint]] = {}
    for endpoint in ENDPOINTS:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    doors = [Door(path, endpoints, given).handler() for path, endpoints in by_path.items()]

    def answer(_request: _AnyRequest, error: Exception) -> Response[bytes]:
        reply = failed(_expected(error), given.new_id, "a URL outside the API")
        headers = {name.decode(): value.decode() for name, value in reply.headers}
        return Response(reply.body, status_code=reply.status, headers=headers, media_type=headers["content-type"])

    application = Litestar(
        [*doors, *docs(ENDPOINTS)],
        exception_handlers={HTTPException: answer, Exception: answer},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_BYTES_MAX,
        debug=False,
    )
    return secured(application)


def _expected(error: Exception) -> Exception:
    """The framework's own errors in our words; whatever else went wrong stays what it is."""
    if isinstance(error, NotFoundException):
        return no_such_url()
    if isinstance(error, MethodNotAllowedException):
        return HttpError(405, "wrong_method", "This URL does not take this method.")
    if isinstance(error, HTTPException) and error.status_code < 500:
        return HttpError(400, "bad_request", "This request cannot be read.")
    return error
