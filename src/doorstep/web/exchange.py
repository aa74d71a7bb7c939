"""From an HTTP request to an endpoint and back: the only place where the web reads and writes messages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from doorstep.access.model.actor import ANYBODY
from doorstep.kernel.errors import Refused
from doorstep.web.asgi import Receive, Send
from doorstep.web.callers import known_caller
from doorstep.web.endpoint import AnyEndpoint, Ask
from doorstep.web.given import Given
from doorstep.web.noting import note_of
from doorstep.web.respond import JSON_TYPE, HttpError, Reply, failed, no_such_url, send_reply, unreadable
from doorstep.web.security import check_json, is_name, read_body

_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", JSON_TYPE)


class Door:
    """One URL: it chooses the endpoint by the method, and turns whatever goes wrong into a problem."""

    def __init__(self, path: str, endpoints: Mapping[str, AnyEndpoint], given: Given) -> None:
        self._path = path
        self._endpoints = endpoints
        self._given = given
        self._read = {
            method: msgspec.json.Decoder(endpoint.body).decode
            for method, endpoint in endpoints.items()
            if endpoint.body is not None
        }

    async def answer(self, name: str, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request; `name` is the variable part of its URL."""
        method = scope["method"]
        try:
            reply = await self._reply(name, scope, receive)
        except Exception as error:
            reply = failed(error, self._given.new_id, f"{method} {self._path}")
        await send_reply(send, reply, method)

    async def _reply(self, name: str, scope: Any, receive: Receive) -> Reply:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        endpoint = self._endpoints.get(method)
        if endpoint is None:
            allowed = ", ".join(sorted(self._endpoints))
            raise HttpError(405, "wrong_method", f"This URL takes {allowed}.", ((b"allow", allowed.encode()),))
        if name and not is_name(name):
            raise no_such_url()
        headers = dict(scope["headers"])
        actor = await known_caller(headers, self._given, endpoint.needs) if endpoint.needs else ANYBODY
        note_of(scope).actor = actor.kind.value
        body = await self._body(method, receive, headers) if method in self._read else None
        query = _query(scope["query_string"], endpoint) if scope["query_string"] else {}
        answer = await endpoint.run(Ask(self._given, name, query, headers, body, actor))
        if endpoint.order:
            note_of(scope).order = endpoint.order(answer)
        location = ((b"location", endpoint.location(answer).encode()),) if endpoint.location else ()
        return Reply(endpoint.status, (_JSON, *location), _encode(answer))

    async def _body(self, method: str, receive: Receive, headers: Mapping[bytes, bytes]) -> Any:
        check_json(headers)
        raw = await read_body(receive, headers)
        try:
            return self._read[method](raw)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise unreadable(error) from None


def _query(raw: bytes, endpoint: AnyEndpoint) -> dict[str, str]:
    """The query; where some parameters are known, another name is a misspelling."""
    try:
        query = dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        raise HttpError(400, "malformed_query", "The part of the URL after ? cannot be read.") from None
    known = [parameter.name for parameter in endpoint.parameters if parameter.place == "query"]
    for name in query.keys() - known if known else ():
        sentence = f"There is no such parameter; there are: {', '.join(known)}."
        raise Refused("bad_parameter", f"{name}: {sentence}", {name: sentence})
    return query
