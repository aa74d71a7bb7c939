"""Stock is promised once, moves once for each cause, and its balances are what its movements add up to."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from doorstep.kernel.errors import LawBroken
from doorstep.stock import store
from doorstep.stock.flow import Shelf
from doorstep.stock.model.holding import ReservationState
from doorstep.stock.model.sourcing import Hold, Moved, Shortage, Source, Taken, Want
from doorstep.storage.database import Database

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
Balance = tuple[int, int, int]


def units(count: int, sku: str = "MUG", place: str = "main") -> Moved:
    return Moved("cause", NOON, (Source(place, 1, sku, count),))


def want(key: str, *lines: tuple[str, int], places: tuple[str, ...] = ("main",)) -> Hold:
    numbered = tuple((position, sku, count) for position, (sku, count) in enumerate(lines, 1))
    return Hold(Want(key, numbered, places), NOON, NOON + timedelta(minutes=15))


class Depot:
    """Shelves in a database, looked at after each step: the movements always add up to the balances."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self.database, self.shelf = database, shelf

    async def hold(self, *holds: Hold) -> list[Taken]:
        async with self.database.begin() as tx:
            return await self.shelf.hold(tx, holds)

    async def balance(self, sku: str = "MUG", place: str = "main") -> Balance:
        async with self.database.read() as tx:
            balances = {(s.sku, s.location): (s.on_hand, s.reserved, s.allocated) for s in await store.balances(tx)}
            sums = await store.movement_sums(tx)
        assert {where: counts for where, counts in balances.items() if any(counts)} == {
            where: counts for where, counts in sums.items() if any(counts)
        }
        return balances[sku, place]


@pytest_asyncio.fixture
async def depot(database: Database) -> AsyncIterator[Depot]:
    """A depot with ten mugs."""
    depot = Depot(database, Shelf())
    async with database.begin() as tx:
        await depot.shelf.receive(tx, [units(10)])
    yield depot


async def test_what_is_received_is_on_the_shelf(depot: Depot) -> None:
    assert await depot.balance() == (10, 0, 0)


async def test_what_is_received_twice_for_one_cause_is_received_once(depot: Depot) -> None:
    async with depot.database.begin() as tx:
        await depot.shelf.receive(tx, [units(10)])
    assert await depot.balance() == (10, 0, 0)


async def test_what_is_held_is_promised(depot: Depot) -> None:
    assert await depot.hold(want("o1", ("MUG", 4))) == [(Source("main", 1, "MUG", 4),)]
    assert await depot.balance() == (10, 4, 0)


async def test_in_one_batch_orders_take_in_turn(depot: Depot) -> None:
    taken = await depot.hold(want("o1", ("MUG", 6)), want("o2", ("MUG", 6)), want("o3", ("MUG", 4)))
    assert taken[1] == (Shortage(1, "MUG", 6, 4),)
    assert await depot.balance() == (10, 10, 0)


async def test_two_lines_of_one_item_are_held_together(depot: Depot) -> None:
    await depot.hold(want("o1", ("MUG", 3), ("MUG", 4)))
    assert await depot.balance() == (10, 7, 0)


async def test_what_is_not_known_is_short(depot: Depot) -> None:
    assert await depot.hold(want("o1", ("CUP", 1))) == [(Shortage(1, "CUP", 1, 0),)]


async def test_a_reservation_becomes_an_allocation_once(depot: Depot) -> None:
    await depot.hold(want("o1", ("MUG", 4)))
    for expected in ({"o1": (Source("main", 1, "MUG", 4),)}, {}):
        async with depot.database.begin() as tx:
            assert await depot.shelf.commit(tx, {"o1": NOON}) == expected
    assert await depot.balance() == (10, 0, 4)


async def test_what_is_let_go_is_free_again_once(depot: Depot) -> None:
    await depot.hold(want("o1", ("MUG", 4)))
    for expected in ({"o1"}, set()):
        async with depot.database.begin() as tx:
            assert await depot.shelf.let_go(tx, {"o1": NOON}) == expected
    assert await depot.balance() == (10, 0, 0)


async def test_what_is_let_go_cannot_be_allocated(depot: Depot) -> None:
    await depot.hold(want("o1", ("MUG", 4)))
    async with depot.database.begin() as tx:
        await depot.shelf.let_go(tx, {"o1": NOON}, ReservationState.EXPIRED)
        assert await depot.shelf.commit(tx, {"o1": NOON}) == {}


async def test_a_hold_has_its_time(depot: Depot) -> None:
    await depot.hold(want("o1", ("MUG", 1)), want("o2", ("MUG", 1)))
    async with depot.database.begin() as tx:
        await depot.shelf.commit(tx, {"o2": NOON})
        assert await depot.shelf.expired(tx, NOON + timedelta(minutes=14), 10) == []
        assert await depot.shelf.expired(tx, NOON + timedelta(minutes=15), 10) == ["o1"]


@pytest.mark.parametrize(
    ("act", "after"),
    [("pick", (7, 0, 1)), ("miss", (7, 0, 1)), ("release", (10, 0, 1)), ("put_back", (13, 0, 4))],
)
async def test_allocated_units_move_once_for_each_cause(depot: Depot, act: str, after: Balance) -> None:
    async with depot.database.begin() as tx:
        await depot.shelf.allocate(tx, [(want("o1", ("MUG", 4)).want, NOON)])
    for _ in range(2):
        async with depot.database.begin() as tx:
            await getattr(depot.shelf, act)(tx, [units(3)])
    assert await depot.balance() == after


async def test_more_than_was_allocated_is_never_picked(depot: Depot) -> None:
    with pytest.raises(LawBroken, match="negative"):
        async with depot.database.begin() as tx:
            await depot.shelf.pick(tx, [units(1)])
    assert await depot.balance() == (10, 0, 0)


async def test_a_place_that_never_had_stock_is_promised_from_on_backorder(database: Database) -> None:
    depot = Depot(database, Shelf(backorder=True))
    await depot.hold(want("o1", ("CUP", 2)))
    assert await depot.balance("CUP") == (0, 2, 0)


async def test_a_backorder_is_allocated_and_picked_when_the_goods_have_come(database: Database) -> None:
    depot = Depot(database, Shelf(backorder=True))
    await depot.hold(want("o1", ("MUG", 2)))
    async with database.begin() as tx:
        await depot.shelf.commit(tx, {"o1": NOON})
        await depot.shelf.receive(tx, [units(5)])
        await depot.shelf.pick(tx, [units(2)])
    assert await depot.balance() == (3, 0, 0)


async def test_safety_stock_is_kept_back(database: Database) -> None:
    depot = Depot(database, Shelf(safety_stock=3))
    async with database.begin() as tx:
        await depot.shelf.receive(tx, [units(10)])
    assert await depot.hold(want("o1", ("MUG", 8))) == [(Shortage(1, "MUG", 8, 7),)]
