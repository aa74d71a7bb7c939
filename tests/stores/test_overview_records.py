"""One order with all its records, what people wrote about it, and the shelves."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.care.model import Note
from doorstep.journey.overview.shelves import ShelfPage, ShelfQuery
from doorstep.journey.overview.story import Records
from doorstep.journey.returns.model import ReturnState
from doorstep.journey.shipping.model import ShipmentState
from doorstep.kernel.errors import Missing, Refused
from doorstep.kernel.ids import OrderId
from tests.an_order import HOUR, AnOrder, Store, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


async def records(order: AnOrder) -> Records:
    async with order.store.app.database.read() as tx:
        return await order.store.app.overview.records(tx, await order.store.app.overview.story(tx, order.id))


async def noted(store: Store, order_id: str, text: str, name: str = "note_1") -> Any:
    note = Note(name, OrderId(order_id), store.now, "stf_1", "Grace", text)
    return await store.ask(store.app.stages.care.note, note)


async def shelves(store: Store, query: ShelfQuery) -> ShelfPage:
    async with store.app.database.read() as tx:
        return await store.app.overview.shelves(tx, query)


async def test_an_order_is_told_with_all_its_records(store: Store) -> None:
    order = await an_order(store).returned(TEA=1)
    found = await records(order)
    assert [one.state for one in found.returns] == [ReturnState.RESOLVED]
    assert [one.state for one in found.shipments] == [ShipmentState.DELIVERED]
    assert (len(found.payments), [call.act.value for call in found.calls]) == (1, ["capture", "refund"])
    assert found.tracking[-1].status == "delivered"
    assert {one.kind.value for one in found.movements} == {"reserved", "allocated", "picked", "returned"}
    assert found.jobs == ()


async def test_an_order_is_told_with_what_is_still_to_be_done(store: Store) -> None:
    found = await records(await an_order(store).confirmed())
    assert [(job.kind, job.state) for job in found.jobs] == [("fulfillment.release", "waiting")]


async def test_a_lost_parcel_is_told_with_its_case_and_question(store: Store) -> None:
    order = await an_order(store, service="lose").shipped()
    while not await order.facts(f.QuestionAsked):
        await store.drain(12 * HOUR)
    found = await records(order)
    assert (len(found.cases), len(found.questions)) == (1, 1)


async def test_notes_are_kept_as_they_were_written(store: Store) -> None:
    order = await an_order(store).placed()
    await noted(store, order.id, " <b>called</b> ")
    await noted(store, order.id, "another text", "note_1")
    await noted(store, order.id, "called again", "note_2")
    assert [note.text for note in (await records(order)).notes] == ["<b>called</b>", "called again"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\0b"])
async def test_a_note_that_cannot_be_kept_is_refused(store: Store, text: str) -> None:
    order = await an_order(store).placed()
    assert isinstance(await noted(store, order.id, text), Refused)


async def test_a_note_is_about_an_order_that_there_is(store: Store) -> None:
    assert isinstance(await noted(store, "ord_none", "hello"), Missing)


async def test_items_are_listed_with_all_their_balances(store: Store) -> None:
    first = await shelves(store, ShelfQuery(most=2))
    rest = await shelves(store, ShelfQuery(most=2, after=first.next_cursor or ""))
    assert [row.sku for row in (*first.rows, *rest.rows)] == ["CUP", "POT", "TEA"]
    assert [(one.location, one.on_hand) for one in rest.rows[0].balances] == [("north", 50), ("south", 50)]
    assert rest.next_cursor is None


@pytest.mark.parametrize(("text", "found"), [("te", ["TEA"]), ("pot", ["POT"]), ("%", []), ("'; drop", [])])
async def test_items_are_found_by_number_and_name(store: Store, text: str, found: list[str]) -> None:
    assert [row.sku for row in (await shelves(store, ShelfQuery(text=text))).rows] == found


async def test_items_that_run_out_are_listed_alone(store: Store) -> None:
    await an_order(store, POT=20).placed()
    assert [row.sku for row in (await shelves(store, ShelfQuery(below=1))).rows] == ["POT"]


async def test_a_locations_items_are_listed_alone(store: Store) -> None:
    await an_order(store, POT=20).placed()
    north, low = [await shelves(store, ShelfQuery(location="north", below=below)) for below in (None, 1)]
    assert [[(one.sku, one.location) for one in row.balances] for row in north.rows] == [
        [("POT", "north")],
        [("TEA", "north")],
    ]
    assert [row.sku for row in low.rows] == ["POT"]
    assert (await shelves(store, ShelfQuery(text="cup", location="north"))).rows == ()


async def test_an_item_is_read_alone_with_what_caused_its_history(store: Store) -> None:
    order = await an_order(store).picked()
    async with store.app.database.read() as tx:
        found = await store.app.overview.item(tx, "TEA")
        page = await store.app.overview.item_history(tx, "TEA", most=1)
        with pytest.raises(Missing):
            await store.app.overview.item(tx, "NONE")
    assert (found.item is not None, [one.location for one in found.balances]) == (True, ["north", "south"])
    assert page.orders == {page.movements[0].cause: (await order.order()).number}


async def test_open_orders_are_counted_by_the_plan_that_they_are_under(store: Store) -> None:
    await an_order(store, "a").placed()
    await an_order(store, "b").shipped()
    async with store.app.database.read() as tx:
        assert await store.app.overview.open_by_plan(tx) == {store.app.plans.in_force.version: 2}


async def test_an_items_history_is_what_came_and_went(store: Store) -> None:
    await an_order(store, "a").picked()
    await an_order(store, "b").picked()
    seen: list[tuple[str, int]] = []
    cursor: str | None = ""
    while cursor is not None:
        async with store.app.database.read() as tx:
            page = await store.app.overview.item_history(tx, "TEA", cursor, most=1)
        seen += [(one.kind.value, one.on_hand) for one in page.movements]
        cursor = page.next_cursor
    assert seen == [("picked", -3), ("picked", -3), ("received", 50), ("received", 50)]
