"""Stock is held for checkouts, freed and taken over: wherever the process is cut, what there is then is what there
would be had nothing happened.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Cancel, Change, Complete
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from tests.an_order import OPENING, AnOrder, Store, a_plan, an_order, open_store, running
from tests.crash.contents import Keeper
from tests.crash.story import Act, Step
from tests.crash.test_cut_journeys import Scene

PLAN = a_plan(hold_from="checkout")
CARTS = {"buys": 6, "gives_up": 5, "leaves": 4, "declined": 3, "late": 2}


def the(store: Store, name: str) -> AnOrder:
    return an_order(store, name, TEA=1, POT=CARTS[name])


async def open_all(store: Store) -> None:
    await store.ask(store.app.stages.placement.create, *(the(store, name).wished() for name in CARTS))


async def change(store: Store) -> None:
    """Once: a version that was seen is not changed again."""
    lines = (LineWish("POT", 7), LineWish("CUP", 1))
    wish = Change(the(store, "buys").checkout_id, store.now, Wishes(lines=lines), ("lines",), expected=1)
    await store.ask(store.app.stages.placement.change, wish)


async def give_up(store: Store) -> None:
    await store.ask(store.app.stages.placement.cancel, Cancel(the(store, "gives_up").checkout_id, store.now))


async def reprice(store: Store) -> None:
    async with store.app.database.begin() as tx:
        await catalog.put(tx, [Item("TEA", "Tea, fresh", 1099, 125)])


async def buy(store: Store) -> None:
    total = {"buys": 7 * 3333 + 700 + 495, "declined": 3 * 3333 + 1099 + 495, "late": 2 * 3333 + 1099 + 495}
    tokens = {"buys": "approve", "declined": "decline", "late": "timeout"}
    wishes = [
        Complete(the(store, name).checkout_id, store.now, "once", total[name], token) for name, token in tokens.items()
    ]
    await store.ask(store.app.stages.placement.complete, *wishes)


async def give_up_the_order(store: Store) -> None:
    await store.ask(store.app.stages.placement.cancel, Cancel(the(store, "declined").checkout_id, store.now))


async def wait(_store: Store) -> None:
    """Nobody does anything."""


def _at(act: Act, minutes: int) -> Step:
    return Step(OPENING + timedelta(minutes=minutes), act)


STORY = (
    _at(open_all, 0),
    _at(give_up, 5),
    _at(change, 10),
    _at(reprice, 11),
    _at(buy, 12),
    _at(give_up_the_order, 13),
    _at(wait, 20),
    _at(wait, 29),
    _at(wait, 30),
    _at(wait, 45),
)


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A store that holds stock from the start of a checkout, and has just opened."""
    books = tmp_path / "books"
    books.mkdir()
    keeper = Keeper(database_url, books)
    async with open_store(database_url, PLAN, books=books):
        await keeper.open()
    yield Scene(database_url, books, keeper, PLAN)
    await keeper.close()


async def test_a_hold_that_is_cut_anywhere_is_what_it_would_have_been(scene: Scene) -> None:
    assert [said for step in STORY for said in await scene.differences(step)] == []
    async with running(scene.url, PLAN, books=scene.books) as store:
        shelves = await store.shelves()
        assert (shelves["POT north"], shelves["CUP south"]) == ((20, 0, 9), (40, 0, 1))
        assert (await store.broken(), await store.given_up()) == ([], [])
