"""The API's description in OpenAPI 3.1, made from the table of endpoints and the records they take and answer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from doorstep import __version__
from doorstep.kernel.errors import DoorstepError, NotAllowed, Refused, TryLater
from doorstep.web.endpoint import AnyEndpoint, Parameter
from doorstep.web.respond import JSON_TYPE, PROBLEM_TYPE, TITLES, HttpError, Problem, problem_of

Document = dict[str, Any]
_REFERENCE = "#/components/schemas/{name}"
_SAID = """\
Amounts are whole numbers of the currency's minor unit and end in `_minor`; times are RFC 3339 in UTC. Every error has
one shape, RFC 9457 `application/problem+json`: `code` is for programs, `detail` for people, and `fields` names the
parts of the request that are at fault."""

_BODY_ERRORS = (
    HttpError(400, "malformed_json", "The body is not JSON in UTF-8, or is nested too deeply."),
    HttpError(415, "not_json", "Send the body as JSON, with the header Content-Type: application/json."),
)
_INVALID = HttpError(422, "invalid_body", "lines[0].quantity: It must be at least 1.")
_INVALID.fields = {"lines[0].quantity": "It must be at least 1."}
_BAD_PARAMETER = Refused("bad_parameter", "limit: It is a whole number from 1 to 200.")
_BAD_PARAMETER.fields = {"limit": "It is a whole number from 1 to 200."}
_INCOMPLETE = HttpError(400, "incomplete_body", "The connection ended before the body did.")
_TOO_SLOW = HttpError(408, "body_too_slow", "The body did not come within 30 seconds.")
_TOO_MANY = HttpError(429, "too_many_requests", "Too many requests from you. Please ask again later.")
_HEADERS = HttpError(431, "headers_too_large", "A request has at most 100 headers of 32768 bytes together.")
_NO_SCOPE = NotAllowed("scope_missing", "The API key 'storefront' is not for orders:read.")
_TOKEN_NEEDED = HttpError(401, "token_needed", "Send the header Authorization: Bearer with the token.")
_NO_URL = HttpError(404, "no_such_url", "There is nothing at this URL.")
_MALFORMED_QUERY = HttpError(400, "malformed_query", "The part of the URL after ? cannot be read.")
_BUSY = TryLater("busy", "")
_OURS = DoorstepError("internal", "")


def openapi(endpoints: Sequence[AnyEndpoint]) -> Document:
    """The whole document."""
    types = {type(endpoint.example) for endpoint in endpoints} | {e.body for e in endpoints if e.body} | {Problem}
    _, schemas = msgspec.json.schema_components(sorted(types, key=lambda kind: kind.__name__), ref_template=_REFERENCE)
    paths: dict[str, Document] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Doorstep", "version": __version__, "description": _SAID, "license": _LICENSE},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


_LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def errors_of(endpoint: AnyEndpoint) -> tuple[DoorstepError, ...]:
    """Every expected error of an endpoint, those of its body, its token and its variable included."""
    found: list[DoorstepError] = [*endpoint.errors]
    found += [_too_large(endpoint), _TOO_SLOW, _INCOMPLETE] if endpoint.takes_bytes else []
    found += [*_BODY_ERRORS, _too_large(endpoint), _TOO_SLOW, _INVALID] if endpoint.body else []
    found += [_TOKEN_NEEDED, _NO_SCOPE] if endpoint.needs else []
    has_query = any(one.place == "query" for one in endpoint.parameters)
    found += [_MALFORMED_QUERY, _BAD_PARAMETER] if has_query else []
    found += [_NO_URL] if "{name}" in endpoint.path else []
    found += [_TOO_MANY] if endpoint.is_limited else []
    return (*found, _HEADERS, _BUSY, _OURS)


def _too_large(endpoint: AnyEndpoint) -> HttpError:
    return HttpError(413, "body_too_large", f"A body has at most {endpoint.body_bytes_max} bytes.")


def _operation(endpoint: AnyEndpoint) -> Document:
    operation: Document = {
        "operationId": endpoint.called or f"{endpoint.run.__module__.rpartition('.')[2]}_{endpoint.run.__name__}",
        "summary": endpoint.title,
        "description": endpoint.says,
        "parameters": [*_variables(endpoint.path), *map(_parameter, endpoint.parameters)],
        "responses": {str(endpoint.status): _answer(endpoint), **_problems(errors_of(endpoint))},
    }
    if endpoint.method == "GET" and endpoint.version:
        operation["responses"]["304"] = {"description": "Nothing has changed since", "headers": _ETAG}
    if endpoint.body:
        content = {JSON_TYPE.decode(): _content(endpoint.body.__name__, endpoint.example_body)}
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.takes_bytes:
        operation["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    if endpoint.needs:
        operation["security"] = [{"token": []}]
    return operation


def _variables(path: str) -> Iterable[Document]:
    if "{name}" in path:
        schema = {"type": "string", "pattern": "^[0-9A-Za-z_.-]+$", "minLength": 1, "maxLength": 80}
        yield {"name": "name", "in": "path", "required": True, "schema": schema, "description": "The id."}


def _parameter(parameter: Parameter) -> Document:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.says,
        "schema": dict(parameter.schema),
        "example": int(parameter.example) if parameter.schema.get("type") == "integer" else parameter.example,
    }


def _answer(endpoint: AnyEndpoint) -> Document:
    content = {JSON_TYPE.decode(): _content(type(endpoint.example).__name__, endpoint.example)}
    answer: Document = {"description": endpoint.title, "content": content}
    headers: Document = {}
    if endpoint.location:
        headers["Location"] = {"schema": {"type": "string"}, "description": "Where it is now."}
    if endpoint.version:
        headers |= _ETAG
    if endpoint.once:
        headers["Idempotent-Replayed"] = {
            "schema": {"const": "true"},
            "description": "There when the key was answered before, and this is that answer.",
        }
    if headers:
        answer["headers"] = headers
    return answer


_ETAG: Document = {
    "ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match and If-None-Match."}
}


def _content(name: str, example: object) -> Document:
    return {"schema": {"$ref": _REFERENCE.format(name=name)}, "example": msgspec.to_builtins(example)}


def _problems(errors: Iterable[DoorstepError]) -> Mapping[str, Document]:
    by_status: dict[int, dict[str, Document]] = {}
    for error in errors:
        problem = problem_of(error, "urn:doorstep:request:req_01HE8P6S3MZ0V4Q1R7T9W2X5YB")
        by_status.setdefault(error.status, {})[error.code] = {"value": msgspec.to_builtins(problem)}
    return {str(status): _problem(status, examples) for status, examples in sorted(by_status.items())}


def _problem(status: int, examples: Document) -> Document:
    schema = {"$ref": _REFERENCE.format(name=Problem.__name__)}
    answer: Document = {
        "description": TITLES[status],
        "content": {PROBLEM_TYPE.decode(): {"schema": schema, "examples": examples}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return answer
