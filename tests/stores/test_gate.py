"""Who is admitted to write, and when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from doorstep.storage.gate import Gate, Priority
from tests.stores.loop_turns import others_go_on

REQUEST, PAYMENT, BACKGROUND = Priority


@dataclass
class Crowd:
    """Tasks before a gate. Each that is admitted is noted and stays inside until it is let out."""

    gate: Gate
    admitted: list[str] = field(default_factory=list)
    inside: dict[str, asyncio.Event] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def come(self, *names: str, priority: Priority = REQUEST) -> None:
        for name in names:
            self.tasks[name] = asyncio.create_task(self._enter(name, priority))
        await others_go_on()

    async def out(self, *names: str) -> None:
        for name in names:
            self.inside.pop(name).set()
            await others_go_on()

    async def all_out(self) -> None:
        while self.inside:
            await self.out(next(iter(self.inside)))

    async def cancel(self, name: str) -> None:
        self.tasks[name].cancel()
        await others_go_on()

    async def _enter(self, name: str, priority: Priority) -> None:
        async with self.gate.admitted(priority):
            self.admitted.append(name)
            leave = self.inside[name] = asyncio.Event()
            await leave.wait()


@asynccontextmanager
async def crowd(slots: int, background_slots: int) -> AsyncIterator[Crowd]:
    """A crowd before a gate; whoever is still there at the end goes home."""
    people = Crowd(Gate(slots, background_slots))
    yield people
    for task in people.tasks.values():
        task.cancel()
    await asyncio.gather(*people.tasks.values(), return_exceptions=True)


async def test_no_more_are_admitted_than_there_are_slots() -> None:
    async with crowd(2, 2) as people:
        await people.come("a", "b", "c")
        assert people.admitted == ["a", "b"]


async def test_requests_go_before_payments_and_these_before_the_background() -> None:
    async with crowd(1, 1) as people:
        await people.come("first")
        await people.come("sweep", priority=BACKGROUND)
        await people.come("authorize", priority=PAYMENT)
        await people.come("click")
        await people.all_out()
        assert people.admitted == ["first", "click", "authorize", "sweep"]


async def test_among_equals_the_first_goes_first() -> None:
    async with crowd(1, 1) as people:
        await people.come("a", "b", "c")
        await people.all_out()
        assert people.admitted == ["a", "b", "c"]


async def test_the_background_has_no_more_than_its_own_slots() -> None:
    async with crowd(4, 2) as people:
        await people.come("s1", "s2", "s3", priority=BACKGROUND)
        await people.come("click")
        assert people.admitted == ["s1", "s2", "click"]
        await people.out("s1")
        assert people.admitted == ["s1", "s2", "click", "s3"]


async def test_every_eighth_goes_to_whoever_has_waited_longest() -> None:
    async with crowd(1, 1) as people:
        await people.come("first")
        await people.come("sweep", priority=BACKGROUND)
        await people.come(*(f"click{number}" for number in range(20)))
        await people.all_out()
        assert people.admitted.index("sweep") == 7


async def test_payments_are_promoted_though_the_background_before_them_may_not_enter() -> None:
    async with crowd(2, 1) as people:
        await people.come("sweep", "sweep2", priority=BACKGROUND)
        await people.come("authorize", "authorize2", priority=PAYMENT)
        await people.come(*(f"click{number}" for number in range(20)))
        while "authorize2" not in people.admitted:
            await people.out(people.admitted[-1])
        assert people.admitted.index("authorize2") == 7


async def test_who_is_promoted_is_not_admitted_twice() -> None:
    async with crowd(1, 1) as people:
        await people.come(*(f"s{number}" for number in range(20)), priority=BACKGROUND)
        await people.come(*(f"click{number}" for number in range(20)))
        await people.all_out()
        assert sorted(people.admitted) == sorted(people.tasks)


async def test_who_stops_waiting_takes_no_slot() -> None:
    async with crowd(1, 1) as people:
        await people.come("a", "b", "c")
        await people.cancel("b")
        await people.all_out()
        assert people.admitted == ["a", "c"]


async def test_who_is_canceled_inside_gives_the_slot_back() -> None:
    async with crowd(1, 1) as people:
        await people.come("a", "b")
        await people.cancel("a")
        assert people.admitted == ["a", "b"]


async def test_who_is_canceled_at_the_moment_of_admission_gives_the_slot_back() -> None:
    async with crowd(1, 1) as people:
        async with people.gate.admitted(REQUEST):
            await people.come("a", "b")
        people.tasks["a"].cancel()
        await others_go_on()
        assert people.admitted == ["b"]


async def test_after_many_have_come_and_stopped_every_slot_is_free() -> None:
    async with crowd(3, 2) as people:
        await people.come(*(f"s{number}" for number in range(30)), priority=BACKGROUND)
        await people.come(*(f"r{number}" for number in range(30)))
        for name in list(people.tasks):
            await people.cancel(name)
        await people.come("x", "y", "z")
        assert people.admitted[-3:] == ["x", "y", "z"]
