"""From an HTTP request to an endpoint and back: the only place where the web reads and writes messages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from doorstep.desk.once import Kept, Keyed, digest_of
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.limits import KEY_CHARS_MAX
from doorstep.storage.transaction import Tx
from doorstep.web.asgi import Receive, Send
from doorstep.web.callers import caller_of
from doorstep.web.endpoint import AnyEndpoint, Ask, NotKept
from doorstep.web.etags import as_precondition, etag, is_unchanged
from doorstep.web.given import Given
from doorstep.web.noting import note_of
from doorstep.web.respond import JSON_TYPE, PROBLEM_TYPE, HttpError, Reply, failed, no_such_url, send_reply, unreadable
from doorstep.web.security import check_headers, check_json, is_name, read_body

KEY_HEADER = b"idempotency-key"
_encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", JSON_TYPE)
_REPLAYED = (b"idempotent-replayed", b"true")
_KEPT = {404, 409, 422}  # refusals that are an answer for good; what can be mended with the same key is not kept


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
            reply = self._failed(error, method)
        await send_reply(send, reply, method)

    async def _reply(self, name: str, scope: Any, receive: Receive) -> Reply:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        endpoint = self._endpoints.get(method)
        check_headers(scope["headers"])
        if endpoint is None:
            allowed = ", ".join(sorted(self._endpoints))
            raise HttpError(405, "wrong_method", f"This URL takes {allowed}.", ((b"allow", allowed.encode()),))
        if name and not is_name(name):
            raise no_such_url()
        headers = dict(scope["headers"])
        given = self._given
        address = given.network.client(scope, headers).address if given.limits.is_on else ""
        actor = await caller_of(headers, address, given, endpoint.needs, is_limited=endpoint.is_limited)
        note_of(scope).actor = actor.kind.value
        raw = await self._raw(endpoint, receive, headers)
        body = raw if endpoint.takes_bytes else self._body(method, raw)
        query = _query(scope["query_string"], endpoint) if scope["query_string"] else {}
        ask = Ask(given, name, query, headers, body, actor)
        if endpoint.once:
            return await self._once(endpoint, ask, (method, scope["path"], raw))
        try:
            answer = await endpoint.run(ask)
            if endpoint.order:
                note_of(scope).order = endpoint.order(answer)
            return self._told(endpoint, ask, answer)
        except DoorstepError as error:
            raise as_precondition(error, headers) from None

    def _told(self, endpoint: AnyEndpoint, ask: Ask[Any], answer: Any) -> Reply:
        body = _encode(answer)
        headers: tuple[tuple[bytes, bytes], ...] = (_JSON,)
        if endpoint.location:
            headers += ((b"location", endpoint.location(answer).encode()),)
        if endpoint.version:
            tag = etag(endpoint.version(answer), body)
            headers += ((b"etag", tag),)
            if endpoint.method == "GET" and is_unchanged(ask.headers, tag):
                return Reply(304, headers, b"")
        return Reply(endpoint.status, headers, body)

    async def _once(self, endpoint: AnyEndpoint, ask: Ask[Any], said: tuple[str, str, bytes]) -> Reply:
        """What is answered to a key: done and kept in one transaction, or what was answered before."""
        method, path, raw = said
        caller = f"{ask.actor.kind}:{ask.actor.id}"
        keyed = Keyed(caller, key_of(ask.headers), digest_of(method.encode(), path.encode(), raw))
        refusals: list[DoorstepError] = []

        async def answering(tx: Tx) -> Kept:
            try:
                answer = await endpoint.run(replace(ask, tx=tx))
            except DoorstepError as error:
                refusals.append(as_precondition(error, ask.headers))
                raise refusals[-1] from None
            kept = _encode(endpoint.keeps(answer)) if endpoint.keeps else None
            return Kept(endpoint.status, _encode(answer), kept)

        try:
            kept = await self._given.desk.once.answer(keyed, answering)
        except NotKept as told:
            return Reply(200, (_JSON,), _encode(told.answer))
        except DoorstepError as error:
            if not refusals or error.status not in _KEPT:
                raise
            reply = self._failed(error, method)
            kept = await self._given.desk.once.answer(keyed, _keeping(Kept(reply.status, reply.body)))
        kind = _JSON if kept.status < 400 else (b"content-type", PROBLEM_TYPE)
        return Reply(kept.status, (kind, _REPLAYED) if kept.replayed else (kind,), kept.body)

    async def _raw(self, endpoint: AnyEndpoint, receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
        if endpoint.takes_bytes:
            return await read_body(receive, headers, endpoint.body_bytes_max)
        if endpoint.body is None:
            return b""
        check_json(headers)
        return await read_body(receive, headers, endpoint.body_bytes_max)

    def _body(self, method: str, raw: bytes) -> Any:
        if method not in self._read:
            return None
        try:
            return self._read[method](raw)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise unreadable(error) from None

    def _failed(self, error: Exception, method: str) -> Reply:
        return failed(error, self._given.new_id, f"{method} {self._path}")


def key_of(headers: Mapping[bytes, bytes]) -> str:
    """The Idempotency-Key of a request that needs one."""
    header = headers.get(KEY_HEADER)
    if header is None:
        message = "Send the header Idempotency-Key with a text of your own: the same when you ask again."
        raise HttpError(400, "idempotency_key_missing", message)
    key = header.decode("latin-1")
    if not 1 <= len(key) <= KEY_CHARS_MAX or not (key.isascii() and key.isprintable()):
        message = f"An Idempotency-Key has 1 to {KEY_CHARS_MAX} printable ASCII characters."
        raise HttpError(400, "bad_idempotency_key", message)
    return key


def _keeping(kept: Kept) -> Any:
    async def answering(_tx: Tx) -> Kept:
        return kept

    return answering


def _query(raw: bytes, endpoint: AnyEndpoint) -> dict[str, str]:
    """The query; where some parameters are known, another name is a misspelling."""
    try:
        query = dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        raise HttpError(400, "malformed_query", "The part of the URL after ? cannot be read.") from None
    known = {parameter.name: parameter for parameter in endpoint.parameters if parameter.place == "query"}
    for name, text in query.items() if known else ():
        if name not in known:
            sentence = f"There is no such parameter; there are: {', '.join(known)}."
            raise Refused("bad_parameter", f"{name}: {sentence}", {name: sentence})
        known[name].check(text)
    return query
