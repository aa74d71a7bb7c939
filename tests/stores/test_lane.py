"""Requests that wait together are answered together, each with its own answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from doorstep.catalog import store
from doorstep.catalog.model import Item
from doorstep.jobs.lane import Lane
from doorstep.kernel.errors import DoorstepError, Refused, TryLater
from doorstep.storage.database import Database
from doorstep.storage.transaction import Transient, Tx
from tests.database import opened
from tests.stores.loop_turns import others_go_on


@dataclass
class Counter:
    """A use case that writes an item for each request; its door can be closed, so that requests gather before it."""

    batches: list[list[str]] = field(default_factory=list)
    door: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.door.set()

    async def serve(self, tx: Tx, requests: Sequence[str]) -> list[str | DoorstepError]:
        self.batches.append(list(requests))
        await self.door.wait()
        if "poison" in requests:
            raise ValueError("poisoned")
        await store.put(tx, [Item(request, "served", 1, 1) for request in requests if request != "refuse"])
        return [Refused("no", "No.") if request == "refuse" else f"served {request}" for request in requests]


async def served(database: Database) -> list[str]:
    async with database.read() as tx:
        return [item.sku for item in await store.page(tx, "", 1000)]


async def waiting(lane: Lane[str, str], *requests: str) -> list["asyncio.Task[str]"]:
    """Requests that have been asked and may wait."""
    tasks = [asyncio.create_task(lane.ask(request)) for request in requests]
    await others_go_on()
    return tasks


async def test_a_request_is_answered_when_it_is_durable(database: Database) -> None:
    lane = Lane(database, Counter().serve)
    assert await lane.ask("a") == "served a"
    assert await served(database) == ["a"]


async def test_when_nobody_else_waits_a_request_goes_alone(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve)
    for request in "abc":
        await lane.ask(request)
    assert counter.batches == [["a"], ["b"], ["c"]]


async def test_what_gathers_while_a_batch_is_in_flight_goes_together(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve)
    counter.door.clear()
    first = await waiting(lane, "first")
    rest = await waiting(lane, *"abcdefghij")
    assert lane.depth in (10, 11)
    counter.door.set()
    assert await asyncio.gather(*first, *rest) == ["served first", *(f"served {request}" for request in "abcdefghij")]
    assert max(counter.batches, key=len)[-10:] == list("abcdefghij")


async def test_a_batch_is_bounded(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve)
    await asyncio.gather(*(lane.ask(f"{number:03}") for number in range(600)))
    assert len(await served(database)) == 600
    assert max(len(batch) for batch in counter.batches) <= Lane.batch_max


async def test_beyond_the_bound_a_request_is_told_to_come_later(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve, waiting_max=2)
    counter.door.clear()
    first = await waiting(lane, "first")
    while not counter.batches:
        await others_go_on()
    rest = await waiting(lane, "a", "b")
    with pytest.raises(TryLater):
        await lane.ask("c")
    counter.door.set()
    assert await asyncio.gather(*first, *rest) == ["served first", "served a", "served b"]


async def test_a_poisoned_request_fails_alone(database: Database) -> None:
    lane = Lane(database, Counter().serve)
    answers = await asyncio.gather(*(lane.ask(r) for r in ("a", "b", "poison", "c")), return_exceptions=True)
    assert [type(answer) for answer in answers] == [str, str, ValueError, str]
    assert await served(database) == ["a", "b", "c"]


async def test_an_expected_no_is_for_its_own_request(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve)
    answers = await asyncio.gather(*(lane.ask(r) for r in ("a", "refuse", "b")), return_exceptions=True)
    assert [type(answer) for answer in answers] == [str, Refused, str]
    assert counter.batches == [["a", "refuse", "b"]]


async def test_who_stops_waiting_takes_nobody_elses_answer(database: Database) -> None:
    counter = Counter()
    lane = Lane(database, counter.serve)
    counter.door.clear()
    tasks = await waiting(lane, "a", "b", "c")
    tasks[1].cancel()
    await others_go_on()
    counter.door.set()
    assert await asyncio.gather(*tasks[::2]) == ["served a", "served c"]
    assert await served(database) == ["a", "b", "c"]


async def test_a_passing_trouble_of_the_database_is_not_noticed(database_url: str) -> None:
    counter, troubles = Counter(), [Transient("busy")]

    def fail(point: str) -> None:
        if point == "before commit" and troubles:
            raise troubles.pop()

    async with opened(database_url, probe=fail) as database:
        lane = Lane(database, counter.serve)
        assert await asyncio.gather(*map(lane.ask, "ab")) == ["served a", "served b"]
    assert counter.batches == [["a", "b"], ["a", "b"]]


async def test_a_lasting_trouble_of_the_database_is_told_to_everyone_who_waits(sqlite_url: str) -> None:
    troubled = [True]

    def fail(_point: str) -> None:
        if troubled[0]:
            raise Transient("busy")

    async with opened(sqlite_url, probe=fail) as database:
        lane = Lane(database, Counter().serve)
        answers = await asyncio.gather(*(lane.ask(request) for request in "abc"), return_exceptions=True)
        assert [type(answer) for answer in answers] == [Transient] * 3
        troubled[0] = False
        assert await lane.ask("d") == "served d"
        assert await served(database) == ["d"]
