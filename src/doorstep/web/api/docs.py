"""The API's documentation as pages of our own: no script, nothing from another host."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doorstep.web.api.openapi import errors_of, openapi
from doorstep.web.endpoint import AnyEndpoint
from doorstep.web.fixed import Fixed
from doorstep.web.respond import DOCS_PATH, JSON_TYPE

_HERE = Path(__file__).parent


def docs(endpoints: Sequence[AnyEndpoint]) -> Mapping[str, Fixed]:
    """The page, its style and the OpenAPI document, by their paths."""
    return {
        DOCS_PATH: Fixed("text/html; charset=utf-8", page(endpoints).encode()),
        f"{DOCS_PATH}/style.css": Fixed("text/css; charset=utf-8", (_HERE / "docs.css").read_bytes()),
        f"{DOCS_PATH}/openapi.json": Fixed(JSON_TYPE.decode(), msgspec.json.encode(openapi(endpoints))),
    }


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
