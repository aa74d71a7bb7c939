"""What is noted of requests and jobs: in the log, in the metrics; never a secret, never a person."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.app import watched
from doorstep.observing.watch import Watch
from doorstep.serving import application, log_to
from tests.stories.shop import BEARER, SETTINGS, Shop

METRICS = {"Authorization": "Bearer a-token-for-metrics"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON lines."""
    kept = io.StringIO()
    log_to(kept, "info")
    structlog.configure(cache_logger_on_first_use=False)
    yield kept
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def seen(shop: Shop) -> AsyncIterator[Shop]:
    """The shop, watched, with every request in the log."""
    app = watched(shop.app, Watch())
    await shop.app.worker.leave()
    await app.worker.start()
    settings = replace(SETTINGS, metrics_token="a-token-for-metrics", log_requests=True)
    transport = httpx.ASGITransport(application(app, settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        yield Shop(http, app, shop.bank, shop.clock)
    await app.worker.leave()


def said(log: io.StringIO) -> list[dict[str, Any]]:
    """The lines about requests."""
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in lines if line["event"] == "request"]


async def samples(shop: Shop) -> dict[tuple[str, str], float]:
    """The metrics: each by its name and its label values."""
    page = (await shop.http.get("/metrics", headers=METRICS)).text
    families = text_string_to_metric_families(page)
    return {(s.name, " ".join(s.labels.values())): s.value for family in families for s in family.samples}


async def test_a_request_is_one_line(log: io.StringIO, seen: Shop) -> None:
    checkout = await seen.ready()
    await seen.buy(checkout)
    line = said(log)[-1]
    expected = {"method": "POST", "route": "/api/v1/checkouts/{name}/complete", "status": 200, "order": "1001"}
    assert {name: line[name] for name in expected} == expected
    assert line["request"].startswith("req_")
    assert (line["level"], line["actor"]) == ("info", "anybody")
    assert line["ms"] > 0


async def test_nothing_secret_or_personal_is_logged(log: io.StringIO, seen: Shop) -> None:
    checkout = await seen.ready()
    await seen.buy(checkout)
    await seen.work()
    await seen.http.get("/api/v1/orders?cursor=ada@example.com", headers=BEARER)
    await seen.http.get(f"/api/v1/checkouts/{checkout['id']}/nowhere")
    for secret in (checkout["id"], "ada@example.com", "Lovelace", "SW1Y", "a-token", "cursor"):
        assert secret not in log.getvalue()


@pytest.mark.parametrize(
    ("given", "is_kept"), [("edge-0001.abc", True), ("short", False), ("x" * 65, False), ("a b c d e f", False)]
)
async def test_a_request_has_the_id_that_it_came_with(seen: Shop, given: str, is_kept: bool) -> None:  # noqa: FBT001
    answer = await seen.http.get("/nowhere", headers={"X-Request-Id": given})
    request_id = answer.headers["x-request-id"]
    assert (request_id == given) is is_kept
    assert answer.json()["instance"] == f"urn:doorstep:request:{request_id}"


@pytest.mark.parametrize(("path", "levels"), [("/healthz", []), ("/nowhere", ["info"]), ("/readyz", ["warning"])])
async def test_only_what_failed_is_logged_unless_all_is_wanted(
    log: io.StringIO, shop: Shop, path: str, levels: list[str]
) -> None:
    if path == "/readyz":
        shop.app.hub.close()
    await shop.http.get(path)
    assert [line["level"] for line in said(log)] == levels


async def test_requests_jobs_calls_and_orders_are_counted(seen: Shop) -> None:
    await seen.buy(await seen.ready())
    before = await samples(seen)
    await seen.work()
    await seen.later(1)
    assert before["doorstep_orders_open", "paying"] == 1
    found = await samples(seen)
    assert found["doorstep_request_seconds_count", "POST /api/v1/checkouts 2xx"] == 1
    assert found["doorstep_lane_batch_size_sum", "complete"] == 1
    assert found["doorstep_job_batch_seconds_count", "confirmation.confirm run"] == 1
    assert found["doorstep_outside_call_seconds_count", "payment.authorize sandbox succeeded"] == 1
    assert found["doorstep_jobs_exhausted", "payment.authorize"] == 0
    assert found["process_resident_memory_bytes", ""] > 0


async def test_a_job_that_waits_shows_its_age(seen: Shop) -> None:
    await seen.app.worker.leave()
    await seen.buy(await seen.ready())
    found = await samples(seen)
    assert found["doorstep_jobs_due", "payment.authorize"] == 1
    assert found["doorstep_jobs_oldest_due_seconds", "payment.authorize"] == 0


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer guessed", "Bearer a-token-for-metricsx"])
async def test_metrics_are_for_those_who_may(seen: Shop, header: str) -> None:
    assert (await seen.http.get("/metrics", headers={"Authorization": header})).status_code == 401


@pytest.mark.parametrize(("scope", "status"), [("system:read", 200), ("orders:read", 403)])
async def test_a_key_opens_the_metrics(seen: Shop, scope: str, status: int) -> None:
    async with seen.app.database.begin() as tx:
        key = await Access().issue(tx, By(COMMAND, seen.clock.now()), KeyWish("prometheus", (scope,)))
    assert (await seen.http.get("/metrics", headers={"Authorization": f"Bearer {key}"})).status_code == status


async def test_an_empty_token_opens_nothing(shop: Shop) -> None:
    assert (await shop.http.get("/metrics", headers={"Authorization": "Bearer"})).status_code == 401


async def test_a_process_that_stops_is_not_ready(shop: Shop) -> None:
    shop.app.hub.close()
    answer = await shop.http.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert (await shop.http.get("/healthz")).status_code == 200


async def test_a_process_whose_worker_died_is_not_ready(shop: Shop) -> None:
    working = asyncio.create_task(shop.app.worker.run())
    await asyncio.wait([working], timeout=0.1)
    assert (await shop.http.get("/readyz")).status_code == 200
    working.cancel()
    await asyncio.wait([working])
    assert (await shop.http.get("/readyz")).status_code == 503
