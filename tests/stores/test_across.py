"""Between processes: what one tells, the others hear, gathered and apart from transactions; a lost wire is a reset."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg
import pytest

from doorstep.live.across import Across, Wire, messages
from doorstep.live.hub import Hub, Listener, News
from doorstep.live.teller import Teller
from doorstep.storage.database import Database
from doorstep.storage.postgres import PostgresWire
from doorstep.storage.transaction import Transient
from tests.database import opened


@dataclass
class Cut:
    """A wire that fails so many times, then holds."""

    failures: int
    sent: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, heard: Callable[[str], None]) -> None:
        del heard

    async def send(self, messages: Sequence[str]) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise Transient("cut")
        self.sent += messages
        self.came.set()

    async def look(self) -> None:
        return

    async def close(self) -> None:
        return


@asynccontextmanager
async def carrying(hub: Hub, wire: Wire) -> AsyncIterator[Across]:
    """A process whose wire is carried."""
    across = Across(hub, wire)
    running = asyncio.create_task(across.run())
    try:
        async with asyncio.timeout(20):
            yield across
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Across, Hub, Across, Hub]]:
    """Two processes on one PostgreSQL, which have heard each other."""
    here, there = Hub("here"), Hub("there")
    async with carrying(here, PostgresWire(url)) as one, carrying(there, PostgresWire(url)) as other:
        await greet(one, there)
        await greet(other, here)
        yield one, here, other, there


async def greet(across: Across, hub: Hub) -> None:
    """Tell until it is heard: the other may not be on the wire yet."""
    listener = hub.listen(["hello"])
    heard = asyncio.ensure_future(anext(listener))
    while not heard.done():
        across.tell(["hello"])
        await asyncio.wait([heard], timeout=0.1)
    listener.end()


async def heard(listener: Listener) -> News:
    async with asyncio.timeout(20):
        return await anext(listener)


async def test_another_process_hears_what_is_told(postgres_url: str) -> None:
    async with two(postgres_url) as (one, _, _, there):
        listener = there.listen(["order:1"])
        one.tell(["order:1", "board"])
        assert (await heard(listener)).topics == {"order:1"}


async def test_nobody_hears_an_echo(postgres_url: str) -> None:
    async with two(postgres_url) as (one, here, other, there):
        own = here.listen(["mine", "theirs"])
        one.tell(["mine"])
        first = await heard(own)
        await greet(one, there)
        other.tell(["theirs"])
        assert [*first.topics, *(await heard(own)).topics] == ["mine", "theirs"]


async def test_a_lost_connection_is_opened_again_and_everybody_reads_again(postgres_url: str) -> None:
    async with two(postgres_url) as (one, _, _, there):
        listener = there.listen(["order:1"])
        connection = await asyncpg.connect(postgres_url)
        await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = $1",
            postgres_url.rpartition("/")[2],
        )
        await connection.close()
        one.tell(["order:1"])
        assert (await heard(listener)).is_reset
        await greet(one, there)


async def test_what_could_not_be_sent_is_sent_later() -> None:
    hub, wire = Hub("here"), Cut(2)
    async with carrying(hub, wire) as across:
        listener = hub.listen(["b"])
        across.tell(["a"])
        await wire.came.wait()
        assert (await heard(listener)).is_reset
    assert wire.sent == ["a"]


async def test_what_waits_while_the_wire_is_down_is_bounded() -> None:
    hub, wire = Hub("here"), Cut(0)
    across = Across(hub, wire)
    for number in range(50_000):
        across.tell([f"order:{number}"])
    running = asyncio.create_task(across.run())
    await wire.came.wait()
    running.cancel()
    assert wire.sent == ["*"]


@pytest.mark.parametrize(("count", "parts"), [(0, 0), (1, 1), (1000, 5), (2000, 10), (2001, 1)])
def test_messages_are_as_few_as_they_can_be(count: int, parts: int) -> None:
    topics = {f"order:ord_{number:026}" for number in range(count)}
    told = list(messages(topics))
    assert len(told) == parts
    assert all(len(message) <= 8000 for message in told)
    assert count == 2001 or {topic for message in told for topic in message.split()} == topics


async def test_a_transaction_tells_once_and_only_when_it_is_committed(database_url: str) -> None:
    told: list[set[str]] = []
    teller = Teller(lambda topics: told.append(set(topics)))
    async with opened(database_url) as database:
        with pytest.raises(ValueError, match="undone"):
            await _note(database, teller, "undone")
        await _note(database, teller, "")
    assert told == [{"a", "b"}]


async def _note(database: Database, teller: Teller, error: str) -> None:
    async with database.begin() as tx:
        teller.note(tx, ["a"])
        teller.note(tx, ["a", "b"])
        if error:
            raise ValueError(error)


async def test_sqlite_needs_no_wire(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        across = Across(Hub("here"), None)
        across.tell(["a"])
        await across.run()
        assert database.engine.wire() is None
