"""The hub: who listens is told what changed, once, and can resume; nothing in it grows with what nobody reads."""

import asyncio

import pytest

from doorstep.kernel.errors import TryLater
from doorstep.live.hub import Hub, Listener, News


async def heard(listener: Listener) -> News:
    """The next piece of news, which must be there."""
    async with asyncio.timeout(5):
        return await anext(listener)


async def test_a_listener_hears_of_its_own_topics() -> None:
    hub = Hub("here")
    listener = hub.listen(["board", "order:1"])
    hub.tell(["order:1", "order:2"])
    assert await heard(listener) == News("here-1", frozenset({"order:1"}))


async def test_what_was_not_looked_at_is_one_piece_of_news() -> None:
    hub = Hub("here")
    listener = hub.listen(["board", "order:1"])
    for _ in range(10_000):
        hub.tell(["board"])
    hub.tell(["order:1"])
    assert await heard(listener) == News("here-10001", frozenset({"board", "order:1"}))
    hub.tell(["board"])
    assert (await heard(listener)).topics == {"board"}


async def test_a_listener_resumes_with_what_it_missed() -> None:
    hub = Hub("here")
    hub.tell(["order:1"])
    moment = hub.now
    hub.tell(["order:2"])
    assert (await heard(hub.listen(["order:1", "order:2"], moment))).topics == {"order:2"}


async def test_nothing_missed_is_nothing_told() -> None:
    hub = Hub("here")
    hub.tell(["board"])
    listener = hub.listen(["board"], hub.now)
    hub.tell(["board"])
    assert await heard(listener) == News("here-2", frozenset({"board"}))


@pytest.mark.parametrize(
    "after", ["there-1", "here-99", "here--1", "here-x", "here", "-", "?", "here-" + "9" * 5000, "٣"]
)
async def test_an_id_that_nobody_knows_is_a_reset(after: str) -> None:
    hub = Hub("here")
    hub.tell(["board"])
    assert (await heard(hub.listen(["board"], after))).is_reset


async def test_an_id_that_is_too_old_is_a_reset() -> None:
    hub = Hub("here", remembered_max=2)
    for topic in ("a", "b", "c", "d"):
        hub.tell([topic])
    assert (await heard(hub.listen(["a"], "here-1"))).is_reset
    assert (await heard(hub.listen(["c"], "here-2"))).topics == {"c"}


async def test_a_reset_reaches_everybody_and_nobody_resumes_from_before() -> None:
    hub = Hub("here")
    hub.tell(["a"])
    listener, before = hub.listen(["b"]), hub.now
    hub.reset()
    assert (await heard(listener)).is_reset
    assert (await heard(hub.listen(["a"], before))).is_reset


async def test_no_more_listen_than_there_is_room_for() -> None:
    hub = Hub("here", listeners_max=2)
    first, _ = hub.listen(["a"]), hub.listen(["a"])
    with pytest.raises(TryLater):
        hub.listen(["a"])
    first.end()
    assert hub.listen(["a"]).topics == {"a"}


async def test_closing_ends_all_at_once() -> None:
    hub = Hub("here")
    listeners = [hub.listen(["a"]) for _ in range(3)]
    hub.close()
    assert [[news async for news in listener] for listener in listeners] == [[], [], []]
    assert hub.listeners == 0
    with pytest.raises(TryLater):
        hub.listen(["a"])
