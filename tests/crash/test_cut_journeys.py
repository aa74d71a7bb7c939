"""The process is cut at every commit point of every flow. The next one goes on, and what there is then is what there
would be had nothing happened: row for row, to the cent, each order charged once, each unit shipped once.

A step is taken from what the step before it left, once undisturbed and then once for each commit point that it passes:
cut there, thrown away, taken again by a new process. Where both leave the same rows and books the steps that follow are
the same too, so that each point costs one step and not the whole story.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from doorstep.journey import change_facts
from doorstep.journey import facts as f
from doorstep.plan.records import Plan
from tests.an_order import open_store, running
from tests.crash.contents import Contents, Keeper
from tests.crash.story import GOODS, MONEY, PLAN, STORY, TOKENS, WAY_BACK, Step, the


class Cut(BaseException):
    """The process is no more."""


@dataclass
class Knife:
    """Counts the commit points that are passed and cuts at the n-th: from there on nothing can be committed."""

    at: int = 0
    passed: int = 0

    def __call__(self, _point: str) -> None:
        self.passed += 1
        if self.at and self.passed >= self.at:
            raise Cut

    def begin(self, at: int) -> None:
        self.at, self.passed = at, 0


@dataclass(frozen=True)
class Scene:
    """A database and the providers' books, between two processes."""

    url: str
    books: Path
    keeper: Keeper
    plan: Plan = PLAN

    async def take(self, step: Step, cut_at: int = 0) -> int:
        """A process takes a step, and may be cut meanwhile; returns how many commit points it passed."""
        knife = Knife()
        async with running(self.url, self.plan, books=self.books, probe=knife) as store:
            knife.begin(cut_at)
            await step.take(store)
            return knife.passed

    async def differences(self, step: Step) -> list[str]:
        """Take a step, and take it again for each point at which it can be cut: what was different then."""
        before, points = await self.keeper.contents(), await self.take(step)
        after, found = await self.keeper.contents(), []
        for point in range(1, points + 1):
            await self.keeper.restore(before)
            with pytest.raises(Cut):
                await self.take(step, point)
            await self.take(step)
            found += [f"cut at {point}: {said}" for said in differences(after, await self.keeper.contents())]
        await self.keeper.restore(after)
        return [f"{step.act.__name__} at {step.at:%d %H:%M}, {said}" for said in found]


def differences(wanted: Contents, found: Contents) -> list[str]:
    """Rows that are there and should not be, or should be and are not; and books that differ."""
    theirs, ours = wanted.comparable(), found.comparable()
    rows = [
        f"{name}: {row} {'is missing' if row in theirs[name] else 'is too many'}"
        for name in theirs
        for row in sorted(set(theirs[name]) ^ set(ours[name]))
    ]
    lines = [
        f"{name}: {line.decode()}"
        for name, text in wanted.journals.items()
        for line in set(text.splitlines()) ^ set(found.journals[name].splitlines())
    ]
    return rows + lines


@pytest_asyncio.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A store that has just opened."""
    books = tmp_path / "books"
    books.mkdir()
    keeper = Keeper(database_url, books)
    async with open_store(database_url, PLAN, books=books):
        await keeper.open()
    yield Scene(database_url, books, keeper)
    await keeper.close()


async def test_the_story_passes_through_every_flow_and_ends_well(scene: Scene) -> None:
    for step in STORY:
        await scene.take(step)
    async with running(scene.url, PLAN, books=scene.books) as store:
        told = {fact.kind for name in TOKENS for fact in await the(store, name).facts(f.Fact)}
        assert await store.broken() == []
        assert await store.given_up() == []
    of_changes = {kind.__name__ for kind in f.Fact.__subclasses__() if kind.__module__ == change_facts.__name__}
    assert {kind.__name__ for kind in f.Fact.__subclasses__()} - of_changes == told


@pytest.mark.parametrize("part", [MONEY, GOODS, WAY_BACK], ids=["money", "goods", "way-back"])
async def test_what_is_cut_anywhere_is_what_it_would_have_been(scene: Scene, part: Sequence[Step]) -> None:
    for step in STORY[: STORY.index(part[0])]:
        await scene.take(step)
    assert [said for step in part for said in await scene.differences(step)] == []


async def test_a_process_can_be_cut_while_it_starts_and_while_it_leaves(scene: Scene) -> None:
    for step in STORY[:2]:
        await scene.take(step)
    before, step = await scene.keeper.contents(), STORY[2]
    await scene.take(step)
    after, point = await scene.keeper.contents(), 0
    cut = True
    while cut:
        point, cut = point + 1, False
        await scene.keeper.restore(before)
        try:
            async with running(scene.url, PLAN, books=scene.books, probe=Knife(point)) as store:
                await step.take(store)
        except Cut:
            cut = True
        await scene.take(step)
        assert differences(after, await scene.keeper.contents()) == []
    assert point > 20
