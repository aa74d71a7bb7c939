"""Traces reach a collector over HTTP as OpenTelemetry says: a real exporter against a collector on loopback."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from doorstep.app import watched
from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.errors import Refused
from doorstep.observing.traces import Traces
from doorstep.observing.watch import Watch
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.serving import application
from doorstep.storage.gate import Priority
from tests.stories.shop import MORNING, SETTINGS, Shop, opened_shop

_PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector that keeps what it is sent."""
    kept: list[ExportTraceServiceRequest] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("post /v1/traces")
        size = int(head.split("content-length: ")[1].split("\r\n")[0])
        kept.append(ExportTraceServiceRequest.FromString(await reader.readexactly(size)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", kept


async def shop_a_little(url: str, watch: Watch) -> None:
    """A checkout that is looked at, another that is paid."""
    async with opened_shop(url, SandboxPayments(), SimulatedClock(MORNING)) as shop:
        app = watched(shop.app, watch)
        await app.worker.start()
        transport = httpx.ASGITransport(application(app, SETTINGS))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            await http.get("/api/v1/checkouts/chk_secret", headers={"traceparent": _PARENT})
            seen = Shop(http, app, shop.bank, shop.clock)
            await seen.buy(await seen.ready())
        await app.worker.drain()
        await app.worker.leave()


async def test_what_happens_is_traced_from_the_request_to_the_bank(sqlite_url: str) -> None:
    async with collector() as (endpoint, kept):
        watch = Watch(traces := Traces(endpoint))
        await shop_a_little(sqlite_url, watch)
        with pytest.raises(ValueError, match="Lovelace"), watch.transaction(Priority.PAYMENT):
            raise ValueError("Lovelace")
        await asyncio.to_thread(traces.close)
    spans = {span.name: span for sent in kept for r in sent.resource_spans for s in r.scope_spans for span in s.spans}
    jobs = {"job payment.authorize", "call payment.authorize", "transaction"}
    assert {"POST /api/v1/checkouts/{name}/complete"} | jobs <= spans.keys()
    assert spans["GET /api/v1/checkouts/{name}"].trace_id.hex() == _PARENT.split("-")[1]
    assert spans["transaction"].status.code == Status.STATUS_CODE_ERROR
    sent = b"".join(request.SerializeToString() for request in kept)
    assert b"service.name" in sent
    assert not [secret for secret in (b"chk_secret", b"ada@example.com", b"Lovelace") if secret in sent]


async def test_without_the_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(Refused, match=r"doorstep\[traces\]"):
        Traces("http://127.0.0.1:4318")
