"""The numbers of a store at work: counted by themselves, a page at a time, whoever counts and however often."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from doorstep.jobs.model import NewJob, Task
from doorstep.jobs.queue import Queue
from doorstep.journey import facts as f
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.numbers import store as tables
from doorstep.journey.numbers.flow import Numbers
from doorstep.journey.numbers.model.cohort import Counting
from doorstep.journey.numbers.model.counting import counted
from doorstep.journey.numbers.model.days import day_of
from doorstep.journey.numbers.model.report import Figures, NumbersQuery, Report
from doorstep.kernel.clock import SimulatedClock, to_ms
from doorstep.kernel.ids import CheckoutId, OrderId, id_from
from doorstep.storage.transaction import Tx
from tests.an_order import DAY, HOUR, MINUTE, OPENING, AnOrder, Store, an_order, open_store, running
from tests.unit.journey.a_tale import NORTH, ORDER, SOUTH, UTC, Tale

TODAY = day_of(OPENING, UTC)
FIRST = OPENING.date()


class LaterOrder(AnOrder):
    """An order whose checkout is made on the day that its name begins with, counted from the opening."""

    @property
    def checkout_id(self) -> CheckoutId:
        day, _, chance = self.name.partition(" ")
        return CheckoutId(id_from("chk", to_ms(OPENING + int(day) * DAY), int(chance)))


async def report(store: Store, location: str = "", days: int = 20) -> Report:
    """The first days after the opening."""
    query = NumbersQuery(FIRST, FIRST + timedelta(days=days - 1), location)
    async with store.app.database.read() as tx:
        return await store.app.stages.numbers.report(tx, query)


async def caught_up(store: Store) -> None:
    """Two days later: whatever was due to be looked at was."""
    for _ in range(3):
        await store.drain(DAY)


async def totals(store: Store, location: str = "") -> Figures:
    """What the first days come to, once all is counted."""
    await caught_up(store)
    return (await report(store, location)).totals


async def count(store: Store, numbers: Numbers, counting: Counting) -> None:
    async with store.app.database.begin() as tx:
        await numbers.count(tx, [Task(store.now, counting, "by hand")])


async def known(store: Store) -> tuple[int, int]:
    """How many orders of the first day were counted, and how many facts they had."""
    async with store.app.database.read() as tx:
        day = await tables.day(tx, TODAY)
    return (day.orders, day.facts) if day else (0, 0)


class Mill:
    """Random tales of orders, told bit by bit, while counts of random pages begin, stop and go on."""

    def __init__(self, store: Store, chance: Random) -> None:
        self.store = store
        self.chance = chance
        self.untold: list[list[f.Fact]] = []
        self.under_way: list[Counting] = []
        self.ids: list[OrderId] = []

    async def turn(self, day: int) -> None:
        """A day's orders are placed, some facts are told, some pages are counted."""
        new = [self._tale(day, number) for number in range(self.chance.randint(1, 7))]
        self.ids += [tale.order.id for tale in new]
        self.untold += [tale.facts[1:] for tale in new]
        async with self.store.app.database.begin() as tx:
            await self.store.app.ledger.record(tx, [(tale.order, tale.facts[0]) for tale in new])
        self.under_way += [Counting(TODAY + self.chance.randint(0, day)) for _ in range(3)]
        for _ in range(12):
            await self.chance.choice([self._tell, self._count])()

    async def settle(self) -> None:
        """Everything is told, and every day looked at once more."""
        while self.untold:
            await self._tell()
        self.under_way += [Counting(TODAY + day) for day in range(4)]
        while self.under_way:
            await self._count()

    async def stored(self, location: str) -> dict[tuple[int, str, int], tuple[int, int]]:
        async with self.store.app.database.read() as tx:
            rows = await tables.by_day(tx, location, TODAY - 9, TODAY + 99)
        return {(r.day, r.metric.value, r.up_to): (r.count, r.total) for r in rows if r.count or r.total}

    async def recounted(self, location: str) -> dict[tuple[int, str, int], tuple[int, int]]:
        """Every order by itself, added up."""
        sums: dict[tuple[int, str, int], tuple[int, int]] = {}
        async with self.store.app.database.read() as tx:
            orders, told = await ledger.load_orders(tx, self.ids), await ledger.load_facts(tx, self.ids)
        for order in orders.values():
            one = counted(order, [fact for _, fact in told[order.id]], self.store.app.plans.in_force, UTC)
            for slot, (many, total) in one.sums.items():
                if slot.location == location:
                    key = (slot.day, slot.metric.value, slot.up_to)
                    before = sums.get(key, (0, 0))
                    sums[key] = (before[0] + many, before[1] + total)
        return {key: pair for key, pair in sums.items() if pair != (0, 0)}

    def _tale(self, day: int, number: int) -> Tale:
        placed = OPENING + day * DAY + self.chance.randint(0, 13) * HOUR
        order_id = OrderId(id_from("ord", to_ms(placed - self.chance.randint(0, 24) * HOUR), day * 100 + number))
        plan = self.store.app.plans.in_force.version
        order = replace(ORDER, id=order_id, number=order_id, placed_at=placed, plan_version=plan)
        tale = Tale(order)
        kind = self.chance.randint(0, 3)
        if kind == 0:
            return tale.paid().tell(f.OrderLapsed, HOUR, reason="not paid")
        if kind == 1:
            return tale.confirmed().short(SOUTH).packed("north", NORTH, 5 * HOUR).sent("north", 9 * HOUR)
        tale.arrived(self.chance.randint(25, 90) * HOUR, self.chance.randint(30, 200) * HOUR)
        return tale.returned(SOUTH) if kind == 2 else tale

    async def _tell(self) -> None:
        if self.untold:
            facts = self.chance.choice(self.untold)
            some, rest = facts[:3], facts[3:]
            self.untold.remove(facts)
            self.untold += [rest] if rest else []
            async with self.store.app.database.begin() as tx:
                page = await self.store.app.ledger.open(tx, [some[0].order_id])
                await page.append(some)

    async def _count(self) -> None:
        """A page of one of the counts that are under way."""
        if not self.under_way:
            return
        counting = self.under_way.pop(self.chance.randrange(len(self.under_way)))
        store, kept = self.store, Kept()
        numbers = Numbers(Ledger(kept, {}, store.app.plans), page=self.chance.randint(1, 4))
        await count(store, numbers, counting)
        self.under_way += kept.countings


class Kept(Queue):
    """Keeps what is enqueued, so that a test says when it goes on."""

    def __init__(self) -> None:
        super().__init__(SimulatedClock(OPENING))
        self.countings: list[Counting] = []

    async def enqueue(self, tx: Tx, new: Sequence[NewJob]) -> None:
        del tx
        self.countings += [msgspec.json.decode(job.body, type=Counting) for job in new]


async def test_an_order_that_went_well_is_all_there(database_url: str) -> None:
    async with open_store(database_url) as store:
        await an_order(store, TEA=3).delivered()
        found = await totals(store)
    assert (found.orders, found.units, found.revenue_minor, found.parcels, found.backlog) == (1, 3, 3792, 1, 0)
    assert (found.on_time.rate, found.perfect.rate, found.returned.of) == (1.0, 1.0, 3)
    assert [one.count for one in (found.confirmed, found.handed_over, found.delivered)] == [1, 1, 1]


async def test_a_location_tells_of_its_part(database_url: str) -> None:
    async with open_store(database_url) as store:
        await an_order(store, POT=1, CUP=2).shipped()
        north, south, whole = [await totals(store, place) for place in ("north", "south", "")]
    assert (north.units, south.units, whole.units) == (1, 2, 3)
    assert (north.orders, south.orders, whole.orders, whole.parcels) == (1, 1, 1, 2)
    assert north.revenue_minor + south.revenue_minor + 495 == whole.revenue_minor


async def test_what_goes_wrong_is_there_too(database_url: str) -> None:
    async with open_store(database_url) as store:
        lost, short = an_order(store, "lost", service="lose", TEA=1), an_order(store, "short", CUP=2)
        back, off = an_order(store, "back", TEA=2), an_order(store, "off", TEA=4)
        for order in (off, lost, short, back):
            await order.confirmed()
        await off.cancel(TEA=4)
        await short.picked(short={"CUP": 1})
        await back.shipped()
        await lost.delivered()
        await back.returned(TEA=1)
        found = await totals(store)
    assert (found.orders, found.unsupplied.part, found.short.part, found.canceled.part) == (4, 1, 1, 4)
    assert (found.on_time.part, found.on_time.of, found.returned.part, found.backlog) == (1, 2, 1, 1)
    assert found.refunds == found.refund_time.count > 0


async def test_today_is_counted_every_ten_minutes(database_url: str) -> None:
    async with open_store(database_url) as store:
        await an_order(store, "first").paid()
        await store.drain(10 * MINUTE)
        await an_order(store, "second").placed()
        before = (await report(store)).totals.orders
        await store.drain(10 * MINUTE)
        after = await report(store)
    assert (before, after.totals.orders) == (1, 2)
    assert after.counted_at == OPENING + 20 * MINUTE


async def test_orders_are_found_on_the_day_they_were_placed(database_url: str) -> None:
    """One was begun late on the first day and placed on the next."""
    async with open_store(database_url) as store:
        for day in (0, 0, 1, 3):
            await store.drain(timedelta(0))
            order = LaterOrder(store, {"TEA": 1}, f"{day} {day_of(store.now, UTC) * 10 + day}")
            await store.drain(OPENING + day * DAY - store.now)
            await order.opened()
            await store.drain(23 * HOUR if day == 3 else timedelta(0))
            await order.completed("")
        await store.drain(DAY)
        orders = [day.figures.orders for day in (await report(store, days=6)).days]
    assert orders == [1, 1, 0, 0, 1, 0]


async def test_the_days_of_a_store_that_was_never_counted_are_made_up_for(database_url: str) -> None:
    async with open_store(database_url) as store:
        await an_order(store).shipped()
        async with store.app.database.begin() as tx:
            await tables.replace(tx, replace(await tables.lock(tx, TODAY), rules="others"), [])
        await store.drain(100 * DAY)
        await store.drain(HOUR)
        async with store.app.database.read() as tx:
            days = await tables.days(tx)
        assert sorted(days) == list(range(TODAY - 1, TODAY + 101))
        assert (await report(store)).totals.orders == 1


async def test_where_nothing_was_told_nothing_is_counted(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).delivered()
        await caught_up(store)
        async with store.app.database.begin() as tx:
            await tables.replace(tx, await tables.lock(tx, TODAY), [])
        left = (await totals(store)).orders
        await order.ask_back(order.return_id(), order.units())
        assert (left, (await totals(store)).orders) == (0, 1)


async def test_two_counts_at_once_come_to_one(database_url: str) -> None:
    async with open_store(database_url) as store:
        for name in range(5):
            await an_order(store, f"{name}").placed()
        numbers = Numbers(store.app.ledger)
        await asyncio.gather(*(count(store, numbers, Counting(TODAY)) for _ in range(4)))
        assert ((await report(store)).totals.orders, await known(store)) == (5, (5, 5))


async def test_a_count_that_was_overtaken_is_dropped(database_url: str) -> None:
    async with open_store(database_url) as store:
        order = await an_order(store).placed()
        numbers = Numbers(store.app.ledger)
        await count(store, numbers, Counting(TODAY))
        await count(store, numbers, Counting(TODAY, after=order.id, facts=0))
        assert (await report(store)).totals.orders == 1


async def test_a_count_goes_on_after_its_process_was_cut(database_url: str) -> None:
    async with open_store(database_url) as store:
        for name in range(5):
            await an_order(store, f"{name}").placed()
        await count(store, Numbers(store.app.ledger, page=2), Counting(TODAY))
        assert (await report(store)).totals.orders == 0
    async with running(database_url, store.app.plans.in_force) as heir:
        await heir.drain()
        assert (await report(heir)).totals.orders == 5


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_meanwhile_the_numbers_are_those_of_all_facts(database_url: str, seed: int) -> None:
    async with open_store(database_url) as store:
        mill = Mill(store, Random(seed))
        for day in range(4):
            await mill.turn(day)
        await mill.settle()
        for location in ("", "north", "south"):
            assert await mill.stored(location) == await mill.recounted(location)
