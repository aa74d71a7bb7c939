"""The API's documentation as pages of our own: no script, nothing from another host."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from doorstep.web.api.openapi import errors_of, openapi
from doorstep.web.endpoint import AnyEndpoint
from doorstep.web.respond import DOCS_PATH, JSON_TYPE

_HERE = Path(__file__).parent


def docs(endpoints: Sequence[AnyEndpoint]) -> list[ASGIRouteHandler]:
    """The page, its style and the OpenAPI document."""
    return [
        _fixed(DOCS_PATH, b"text/html; charset=utf-8", page(endpoints).encode()),
        _fixed(f"{DOCS_PATH}/style.css", b"text/css; charset=utf-8", (_HERE / "docs.css").read_bytes()),
        _fixed(f"{DOCS_PATH}/openapi.json", JSON_TYPE, msgspec.json.encode(openapi(endpoints))),
    ]


def page(endpoints: Sequence[AnyEndpoint]) -> str:
    """Every endpoint with its examples, then every problem."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = lambda example: msgspec.json.format(msgspec.json.encode(example)).decode()
    problems = {error.code: error for endpoint in endpoints for error in errors_of(endpoint)}
    return environment.get_template("docs.html").render(
        endpoints=endpoints, problems=sorted(problems.items()), errors_of=errors_of
    )


def _fixed(path: str, content_type: bytes, body: bytes) -> ASGIRouteHandler:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        shown = b"" if scope.get("method") == "HEAD" else body
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": shown, "more_body": False})

    return ASGIRouteHandler(path, copy_scope=False)(handle)
