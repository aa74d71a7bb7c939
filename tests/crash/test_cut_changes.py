"""Orders are changed, paid for once more, and left as they were: wherever the process is cut, what there is then is
what there would be had nothing happened.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from doorstep.journey import change_facts
from doorstep.journey import facts as f
from doorstep.journey.placement.model.checkout import Complete
from tests.a_change import NEXT_DOOR, a_plan, wished
from tests.an_order import OPENING, AnOrder, Store, an_order, open_store, running
from tests.crash.contents import Keeper
from tests.crash.story import Act, Step
from tests.crash.test_cut_journeys import Scene

PLAN = a_plan("confirmation")
# What can become of a wish.
KINDS = [kind for kind in f.Fact.__subclasses__() if kind.__module__ == change_facts.__name__]
NAMES = ("moves", "less", "more", "declined", "late")


def the(store: Store, name: str) -> AnOrder:
    return an_order(store, name, TEA=3)


async def place(store: Store) -> None:
    wished_for = [the(store, name).wished() for name in NAMES]
    checkouts = await store.ask(store.app.stages.placement.create, *wished_for)
    wishes = [Complete(one.id, store.now, "first", one.totals.total, "approve") for one in checkouts]
    await store.ask(store.app.stages.placement.complete, *wishes)


async def change(store: Store) -> None:
    """An address, fewer units, more of them: paid, not paid, and never answered."""
    wishes = [
        wished(the(store, "moves"), 0, address=NEXT_DOOR),
        wished(the(store, "less"), -1099, units=((1, 2),)),
        wished(the(store, "more"), 2198, units=((1, 5),)),
        wished(the(store, "declined"), 1099, units=((1, 4),), token="decline"),
        wished(the(store, "late"), 1099, units=((1, 4),), token="challenge"),
    ]
    await store.ask(store.app.stages.changes.request, *wishes)


async def wait(_store: Store) -> None:
    """Nobody does anything."""


def _at(act: Act, minutes: int) -> Step:
    return Step(OPENING + timedelta(minutes=minutes), act)


STORY = (_at(place, 0), _at(wait, 1), _at(change, 5), _at(wait, 6), _at(wait, 30), _at(wait, 90))


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A store that takes the money when an order is confirmed, and has just opened."""
    books = tmp_path / "books"
    books.mkdir()
    keeper = Keeper(database_url, books)
    async with open_store(database_url, PLAN, books=books):
        await keeper.open()
    yield Scene(database_url, books, keeper, PLAN)
    await keeper.close()


async def test_a_change_that_is_cut_anywhere_is_what_it_would_have_been(scene: Scene) -> None:
    assert [said for step in STORY for said in await scene.differences(step)] == []
    async with running(scene.url, PLAN, books=scene.books) as store:
        told = {type(fact) for name in NAMES for fact in await the(store, name).facts(f.Fact)}
        assert (await store.broken(), await store.given_up()) == ([], [])
    assert {kind for kind in told if kind.__module__ == change_facts.__name__} == set(KINDS)
    assert len(KINDS) > 2
