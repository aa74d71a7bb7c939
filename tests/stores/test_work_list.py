"""What waits for a person, the most urgent first, with what can be done about it and nothing else."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.overview.work import ACTIONS, WorkKind, WorkQuery
from doorstep.kernel.errors import DoorstepError
from doorstep.plug.notification import SendVerdict
from tests.an_order import DAY, HOUR, MINUTE, PLAN, MoodyMail, Store, a_plan, an_order, backlog, open_store
from tests.stores.work_acts import perform, work_list

K = WorkKind


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


async def test_each_step_waits_for_its_person(store: Store) -> None:
    await an_order(store, "a").released()
    await an_order(store, "b").picked()
    await an_order(store, "c").packed()
    items = {item.kind: item for item in await work_list(store)}
    assert {kind: item.actions for kind, item in items.items()} == {
        K.PICK: ("pick.report",),
        K.PACK: ("pack.report",),
        K.HAND_OVER: ("parcel.hand_over",),
    }
    assert (items[K.PICK].units, items[K.PICK].location) == (3, "north")


async def test_an_order_that_nobody_need_touch_is_not_on_it(store: Store) -> None:
    await an_order(store, "a").delivered()
    await an_order(store, "b").confirmed()
    assert await work_list(store) == []


async def test_an_order_that_is_late_is_on_it_whosever_turn_it_is(store: Store) -> None:
    order = await an_order(store, service="lose").shipped()
    store.clock.advance_to(store.now + 15 * DAY)
    assert [(item.kind, item.order_id, item.note, item.actions) for item in await work_list(store)] == [
        (K.LATE, order.id, "carrier", ())
    ]


async def test_a_case_and_its_question_wait_apart(store: Store) -> None:
    order = await an_order(store, service="lose").shipped()
    while not await order.facts(f.QuestionAsked):
        await store.drain(12 * HOUR)
    items = await work_list(store)
    assert [(item.kind, item.actions) for item in items] == [
        (K.CASE, ("case.take", "case.resolve")),
        (K.QUESTION, ("question.answer",)),
    ]
    assert items[0].number == (await order.order()).number


async def test_a_held_order_is_released_or_rejected(database_url: str) -> None:
    async with open_store(database_url, a_plan(review_over=1)) as store:
        await an_order(store).paid()
        (item,) = await work_list(store)
    assert (item.kind, item.actions, item.minutes_left) == (K.HOLD, ("hold.release", "hold.reject"), 60)


async def test_a_return_waits_for_each_of_its_steps(database_url: str) -> None:
    plan = replace(PLAN, returns=replace(PLAN.returns, approve_without_person=False))
    async with open_store(database_url, plan) as store:
        order = await an_order(store).delivered()
        await order.ask_back(order.return_id(), order.units())
        offered = []
        for _ in range(3):
            (item,) = await work_list(store)
            offered.append(item.actions)
            assert not isinstance(await perform(store, item, item.actions[0]), DoorstepError)
        assert offered == [("return.approve", "return.decline"), ("return.receive",), ("return.inspect",)]
        assert await work_list(store) == []


async def test_a_notice_that_may_have_gone_waits(database_url: str) -> None:
    async with open_store(database_url, mail=MoodyMail([SendVerdict.UNKNOWN])) as store:
        await an_order(store).confirmed()
        (item,) = await work_list(store)
    assert (item.kind, item.actions) == (K.NOTICE, ("notice.send_again",))


@pytest.mark.parametrize("most", [1, 7, 100])
async def test_every_item_comes_once_the_most_urgent_first(store: Store, most: int) -> None:
    for first in (0, 20):
        await backlog(store, 20, first)
        await store.drain()
        await store.drain(31 * MINUTE)
    items = await work_list(store, WorkQuery(most=most))
    assert len({item.subject for item in items}) == len(items) == 40
    assert [item.place for item in items] == sorted(item.place for item in items)


async def test_only_what_is_asked_for_is_listed(store: Store) -> None:
    await an_order(store, "a", POT=1, CUP=1).released()
    await an_order(store, "b").packed()
    assert {item.location for item in await work_list(store, WorkQuery(location="south"))} == {"south"}
    assert {item.kind for item in await work_list(store, WorkQuery(kinds=(K.HAND_OVER,)))} == {K.HAND_OVER}
    assert await work_list(store, WorkQuery(kinds=(K.CASE, K.JOB))) == []


async def test_it_says_about_how_much_there_is(store: Store) -> None:
    await an_order(store, "a").released()
    await an_order(store, "b", service="refuse").packed()
    await store.drain()
    async with store.app.database.read() as tx:
        counts = (await store.app.overview.work(tx, WorkQuery(most=1), store.now)).counts
    assert {kind: count for kind, count in counts.items() if count} == {K.PICK: 1, K.CASE: 1}


def test_every_event_of_an_action_is_in_its_state_table() -> None:
    tables = {name: action for name, action in ACTIONS.items() if action.table}
    assert all(any(event == one.event for _, event, _ in one.table.rows) for one in tables.values() if one.table)
    assert {name.partition(".")[0] for name in ACTIONS.keys() - tables.keys()} == {"job"}
