"""Lists: whatever is asked for, each order that answers comes once, in order, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.journey.overview.lists import OrderQuery, Row, Sorting
from doorstep.journey.standing import ENDS, Stage
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import CheckoutId, id_from
from tests.an_order import DAY, HOUR, MINUTE, AnOrder, Store, backlog, open_store


@dataclass
class Timely(AnOrder):
    """An order whose id tells when it began, as it is in service."""

    @cached_property
    def checkout_id(self) -> CheckoutId:
        return CheckoutId(id_from("chk", to_ms(self.store.now), 1))


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Orders that are delivered, declined, packed and placed a day apart."""
    async with open_store(database_url) as store:
        await Timely(store, {"TEA": 2}, "a").delivered()
        await store.drain(DAY)
        await Timely(store, {"POT": 1}, "b").paid("decline")
        await store.drain(DAY)
        await Timely(store, {"CUP": 1}, "c").packed()
        await store.drain(2 * MINUTE)
        await Timely(store, {"TEA": 3}, "d").confirmed()
        yield store


async def listed(store: Store, query: OrderQuery) -> list[Row]:
    """All pages, one after the other."""
    found: list[Row] = []
    cursor: str | None = ""
    while cursor is not None:
        async with store.app.database.read() as tx:
            page = await store.app.overview.orders(tx, replace(query, after=cursor), store.now)
        found += page.rows
        cursor = page.next_cursor
    return found


async def numbers(store: Store, query: OrderQuery) -> list[str]:
    return [row.number for row in await listed(store, query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (OrderQuery(), "4321"),
        (OrderQuery(stages=(Stage.DELIVERED, Stage.CONFIRMED)), "41"),
        (OrderQuery(payments=("declined",)), "2"),
        (OrderQuery(owner="customer"), ""),
        (OrderQuery(owner="packer"), "3"),
        (OrderQuery(text="ada tea"), "41"),
        (OrderQuery(text="ADA pot", stages=(Stage.DELIVERED,)), ""),
        (OrderQuery(text="cb74aa", sorting=Sorting.DUE), "34"),
        (OrderQuery(text="3333"), ""),
        (OrderQuery(stages=(Stage.DELIVERED,), late=True), ""),
    ],
)
@pytest.mark.parametrize("most", [1, 2, 50])
async def test_a_list_has_what_is_asked_for(store: Store, query: OrderQuery, found: str, most: int) -> None:
    rows = await listed(store, replace(query, most=most))
    by_age = {row.number: str(age) for age, row in enumerate(sorted(await listed(store, OrderQuery()), key=_placed), 1)}
    assert sorted(by_age[row.number] for row in rows) == sorted(found)
    if query.sorting is Sorting.NEWEST:
        assert "".join(by_age[row.number] for row in rows) == found


def _placed(row: Row) -> str:
    return row.order_id


async def test_what_is_due_soonest_comes_first_and_ended_orders_not_at_all(store: Store) -> None:
    rows = await listed(store, OrderQuery(sorting=Sorting.DUE, most=1))
    dues = [row.due_at for row in rows if row.due_at]
    assert len(dues) == len(rows) > 0
    assert dues == sorted(dues)
    assert not {row.stage for row in rows} & ENDS


async def test_late_orders_are_those_past_their_promise(store: Store) -> None:
    assert not await listed(store, OrderQuery(late=True))
    store.clock.advance_to(store.now + 60 * HOUR)
    rows = await listed(store, OrderQuery(late=True, sorting=Sorting.DUE))
    assert rows == [row for row in await listed(store, OrderQuery(sorting=Sorting.DUE)) if row.late]
    assert rows


async def test_orders_are_listed_by_when_they_were_placed(store: Store) -> None:
    every = await listed(store, OrderQuery())
    begin, end = every[2].placed_at, every[0].placed_at
    assert await listed(store, OrderQuery(placed_from=begin, placed_to=end)) == every[1:3]
    assert not await listed(store, OrderQuery(placed_to=every[3].placed_at))
    assert not await listed(store, OrderQuery(placed_from=store.now + timedelta(days=40)))


async def test_a_row_says_what_was_bought(store: Store) -> None:
    row = (await listed(store, OrderQuery(text="tea")))[-1]
    assert (row.buyer, row.country, row.units, row.service) == ("Ada Byron", "GB", 2, "standard")
    assert (row.stage, row.due_at, row.late) == (Stage.DELIVERED, None, False)


async def test_a_parcel_is_found_by_its_tracking_number(store: Store) -> None:
    (number,) = await numbers(store, OrderQuery(stages=(Stage.SHIPPING,)))
    async with store.app.database.read() as tx:
        story = await store.app.overview.story(tx, number)
        (label,) = (await store.app.overview.records(tx, story)).shipments
    assert await numbers(store, OrderQuery(text=label.tracking_number.lower())) == [number]


async def test_every_order_comes_once_while_others_are_placed(store: Store) -> None:
    await backlog(store, 30)
    before = set(await numbers(store, OrderQuery(stages=(Stage.PAYING,))))
    seen: list[str] = []
    cursor: str | None = ""
    first = 30
    while cursor is not None:
        async with store.app.database.read() as tx:
            query = OrderQuery(stages=(Stage.PAYING,), most=7, after=cursor)
            page = await store.app.overview.orders(tx, query, store.now)
        seen, cursor = [*seen, *(row.number for row in page.rows)], page.next_cursor
        await backlog(store, 2, first)
        first += 2
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


async def test_all_orders_are_read_some_at_a_time(store: Store) -> None:
    await backlog(store, 410)
    pages = [rows async for rows in store.app.overview.all_orders(store.app.database, OrderQuery(), store.now)]
    assert [len(rows) for rows in pages] == [200, 200, 14]
    assert len({row.order_id for rows in pages for row in rows}) == 414


@pytest.mark.parametrize("cursor", ["?", "bm9uc2Vuc2U", "é" * 500, "WzEsMl0"])
async def test_a_strange_cursor_is_refused(store: Store, cursor: str) -> None:
    async with store.app.database.read() as tx:
        with pytest.raises(Refused) as refused:
            await store.app.overview.orders(tx, OrderQuery(after=cursor), store.now)
    assert refused.value.code == "bad_parameter"


async def test_the_board_counts_what_is_open_and_what_ended_lately(store: Store) -> None:
    async with store.app.database.read() as tx:
        columns = {column.stage: column for column in await store.app.overview.board(tx, store.now)}
        later = {one.stage: one.orders for one in await store.app.overview.board(tx, store.now + 60 * DAY)}
    assert {stage: one.orders for stage, one in columns.items() if one.orders} == {
        Stage.CONFIRMED: 1,
        Stage.SHIPPING: 1,
        Stage.LAPSED: 1,
        Stage.DELIVERED: 1,
    }
    assert columns[Stage.CONFIRMED].next_due
    assert (later[Stage.CONFIRMED], later[Stage.DELIVERED]) == (1, 0)
