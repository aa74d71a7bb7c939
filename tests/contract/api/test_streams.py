"""Server-sent events over a real server: what is told, how a client resumes, and what no client can do to others."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.web.stream import Pace
from tests.contract.api.streaming import QUICK, Client, Served, Told, served
from tests.stories.shop import until

_HOSTILE = ["-1", "1e3", "9" * 400, "' OR 1=1", "é", "٣", "1-", "0x10", "<script>", "1\t2"]


@pytest_asyncio.fixture
async def here(sqlite_url: str) -> AsyncIterator[Served]:
    """A shop that is served."""
    async with served(sqlite_url) as here:
        yield here


async def confirmed(here: Served) -> tuple[Any, str]:
    """A checkout that is an order by now, and the order's number."""
    checkout = await here.shop.ready()
    await here.shop.buy(checkout)
    now = await until(here.shop, checkout, "completed")
    return checkout, now["order"]["number"]


async def facts_up_to(client: Client, kind: str) -> list[Any]:
    """All facts that are told, until one of a kind."""
    found: list[Any] = []
    while not found or found[-1]["kind"] != kind:
        told = await client.next()
        assert isinstance(told.data, dict)
        found += told.data["facts"]
    return found


async def test_a_shopper_hears_how_the_payment_goes(here: Served) -> None:
    checkout = await here.shop.ready()
    async with here.stream(f"/api/v1/checkouts/{checkout['id']}/events") as client:
        opening = await client.next()
        await here.shop.buy(checkout)
        while (told := await client.next()).data != {"version": 4, "state": "completed", "payment": "authorized"}:
            assert told.name == "changed"
    assert opening == Told("2-0", "open", {"version": 2, "state": "ready_for_complete", "payment": None})


async def test_a_stream_is_a_stream(here: Served) -> None:
    async with here.stream("/api/v1/board/events") as client:
        assert await client.block() == "retry: 2000"
        assert client.status == 200
        for header in ("content-type: text/event-stream", "cache-control: no-store", "x-accel-buffering: no"):
            assert header in client.head


async def test_an_order_is_resumed_at_the_very_fact(here: Served) -> None:
    _, number = await confirmed(here)
    path = f"/api/v1/orders/{number}/events"
    async with here.stream(path, Last_Event_ID="0") as client:
        everything = await facts_up_to(client, "order_confirmed")
    async with here.stream(path, Last_Event_ID="2") as client:
        rest = await facts_up_to(client, "order_confirmed")
    async with here.stream(f"{path}?last_event_id=2") as client:
        assert await facts_up_to(client, "order_confirmed") == rest == everything[2:]
    assert [fact["number"] for fact in everything] == [*range(1, len(everything) + 1)]
    assert {*everything[0]} == {"number", "kind", "at"}


async def test_the_board_says_that_something_changed(here: Served) -> None:
    async with here.stream("/api/v1/board/events") as client:
        opening = await client.next()
        await confirmed(here)
        changed = await client.next()
    async with here.stream("/api/v1/board/events", Last_Event_ID=opening.id) as again:
        assert [opening.name, changed.name, (await again.next()).name] == ["open", "changed", "changed"]


async def test_another_process_resumes_an_order_and_tells_of_it(postgres_url: str) -> None:
    async with served(postgres_url) as one, served(postgres_url, works=False) as other:
        _, number = await confirmed(one)
        async with other.stream(f"/api/v1/orders/{number}/events", Last_Event_ID="1") as client:
            facts = await facts_up_to(client, "order_confirmed")
        async with one.stream("/api/v1/board/events") as here:
            moment = (await here.next()).id
        async with other.stream("/api/v1/board/events", Last_Event_ID=moment) as client:
            assert (await client.next()).name == "reset"
            await one.shop.buy(await one.shop.ready())
            assert (await client.next()).name == "changed"
    assert facts[0]["number"] == 2


@pytest.mark.parametrize("last", [*_HOSTILE, "99999", "live_0-5"])
async def test_an_id_that_is_none_is_a_reset(here: Served, last: str) -> None:
    checkout, number = await confirmed(here)
    for path in (f"orders/{number}", f"checkouts/{checkout['id']}", "board"):
        async with here.stream(f"/api/v1/{path}/events", Last_Event_ID=last) as client:
            assert (client.status, (await client.next()).name) == (200, "reset")


@pytest.mark.parametrize(
    ("path", "status"),
    [("orders/9999", 404), ("orders/ord_X", 404), ("checkouts/chk_X", 404), ("orders/%00", 404), ("checkouts/", 404)],
)
async def test_what_is_not_there_cannot_be_listened_to(here: Served, path: str, status: int) -> None:
    async with here.stream(f"/api/v1/{path}/events") as client:
        assert client.status == status
        assert b'"code":"no_such' in await client.rest()


@pytest.mark.parametrize("path", ["orders/1001", "board"])
async def test_without_the_right_nobody_listens(here: Served, path: str) -> None:
    async with here.stream(f"/api/v1/{path}/events", Authorization="Bearer guessed") as client:
        assert client.status == 401


async def test_a_right_that_is_revoked_ends_the_stream(sqlite_url: str) -> None:
    async with served(sqlite_url, Pace(gap_seconds=0.0, check_seconds=0.05)) as here:
        app, now = here.shop.app, here.shop.clock.now()
        async with app.database.begin() as tx:
            key = await Access().issue(tx, By(COMMAND, now), KeyWish("board", ("orders:read",), 1))
        async with here.stream("/api/v1/board/events", Authorization=f"Bearer {key}") as client:
            assert (await client.next()).name == "open"
            async with app.database.begin() as tx:
                await Access().revoke(tx, By(COMMAND, now), (await Access().everything(tx))[0].id)
            assert (await client.rest()).endswith(b"0\r\n\r\n")


async def test_a_stream_shows_that_it_lives_and_ends_after_its_life(sqlite_url: str) -> None:
    pace = Pace(heartbeat_seconds=0.05, life_seconds=0.4)
    async with served(sqlite_url, pace) as here, here.stream("/api/v1/board/events") as client:
        assert b"\n: still here\n\n" in await client.rest()


async def test_a_server_stops_within_a_second_with_open_streams(sqlite_url: str) -> None:
    async with served(sqlite_url) as here:
        opened = [here.stream("/api/v1/board/events") for _ in range(20)]
        clients = [await one.__aenter__() for one in opened]
        began = time.perf_counter()
    assert time.perf_counter() - began < 1
    assert [(await client.rest()).endswith(b"0\r\n\r\n") for client in clients] == [True] * 20
    for one in opened:
        await one.__aexit__(None, None, None)


async def test_one_that_does_not_read_holds_nobody_up(here: Served) -> None:
    hub = here.shop.app.hub
    async with here.stream("/api/v1/board/events") as slow, here.stream("/api/v1/board/events") as quick:
        slow.writer.transport.pause_reading()  # type: ignore[attr-defined] # a connection that reads
        await quick.next()
        for _ in range(3000):
            hub.tell(["board"])
            assert (await quick.next()).name == "changed"
        assert hub.listeners == 2


async def test_many_listen_at_once_and_all_are_told(here: Served) -> None:
    opened = [here.stream("/api/v1/board/events") for _ in range(200)]
    clients = await asyncio.gather(*(one.__aenter__() for one in opened))
    assert {(await client.next()).name for client in clients} == {"open"}
    here.shop.app.hub.tell(["board"])
    assert {(await client.next()).name for client in clients} == {"changed"}
    for one in opened:
        await one.__aexit__(None, None, None)
    while here.shop.app.hub.listeners:
        assert (await here.shop.http.get("/healthz")).status_code == 200


async def test_a_full_hub_says_when_to_come_back(here: Served) -> None:
    here.shop.app.hub.close()
    async with here.stream("/api/v1/board/events") as client:
        assert (client.status, "retry-after" in client.head) == (503, True)


def test_events_gather_between_two_that_are_sent() -> None:
    assert QUICK.gap_seconds < Pace().gap_seconds <= 1
