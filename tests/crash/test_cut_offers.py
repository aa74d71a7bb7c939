"""The process is cut at every commit point while alternatives are offered, chosen and left undecided."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from msgspec.structs import replace

from doorstep.access.flow.access import Access
from doorstep.access.model.order_link import SECRET_NAME
from doorstep.catalog import store as catalog
from doorstep.journey.placement.model.questions import Answer
from tests.an_order import ITEMS, MINUTE, OPENING, AnOrder, Store, a_plan, an_order, open_store, running
from tests.crash.contents import Keeper
from tests.crash.story import Step
from tests.crash.test_cut_journeys import Scene


def the(store: Store, name: str) -> AnOrder:
    return an_order(store, name, POT=20) if name == "theirs" else an_order(store, name, POT=2, TEA=1)


async def shop(store: Store) -> None:
    """Cups may be had in place of pots; two want pots, and there are enough for one of them."""
    async with store.app.database.begin() as tx:
        await catalog.put(tx, [replace(item, substitutes="CUP" if item.sku == "POT" else "") for item in ITEMS])
    await store.ask(store.app.stages.placement.create, *(the(store, name).wished() for name in ("theirs", "mine")))


async def lose(store: Store) -> None:
    for name in ("theirs", "mine"):
        await the(store, name).completed("approve")


async def choose(store: Store) -> None:
    said = Answer(the(store, "mine").checkout_id, store.now, "a", "choose_alternative-1", "substitute:CUP")
    await store.ask(store.app.stages.conversation.hear, said)


async def buy(store: Store) -> None:
    await the(store, "mine").completed("approve", key="second")


async def come_late(store: Store) -> None:
    await store.ask(store.app.stages.placement.create, the(store, "late").wished())


async def wait(_store: Store) -> None:
    """Nobody answers."""


STORY = [
    Step(OPENING + minute * MINUTE, act)
    for minute, act in ((0, shop), (1, lose), (2, choose), (3, buy), (4, come_late), (20, wait))
]


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A store that has just opened."""
    books = tmp_path / "books"
    books.mkdir()
    keeper = Keeper(database_url, books)
    async with open_store(database_url, a_plan(), books=books) as store:
        async with store.app.database.begin() as tx:
            await Access().secret_of(tx, SECRET_NAME)  # made by chance when it is first asked for
        await keeper.open()
    yield Scene(database_url, books, keeper)
    await keeper.close()


async def test_what_is_offered_survives_a_cut_anywhere(scene: Scene) -> None:
    assert [said for step in STORY for said in await scene.differences(step)] == []
    async with running(scene.url, a_plan(), books=scene.books) as store:
        async with store.app.database.read() as tx:
            ids = [the(store, name).checkout_id for name in ("mine", "late")]
            found = await store.app.stages.placement.read(tx, ids)
        mine, late = (found[checkout_id] for checkout_id in ids)
        assert [line.sku for line in mine.lines] == ["CUP", "TEA"]
        assert (mine.state, late.state, late.offerings) == ("completed", "incomplete", ())
        assert await store.broken() == []
        assert await store.given_up() == []
