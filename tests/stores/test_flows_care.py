"""What goes wrong becomes a case; where the customer can decide, a question with a deadline and a default."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.care.model import Answer, CaseWork
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict, Missing, Refused
from tests.an_order import DAY, AnOrder, Store, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


async def _lost(store: Store) -> tuple[AnOrder, f.QuestionAsked]:
    order = await an_order(store, service="lose").shipped()
    for _ in range(60):
        if asked := await order.facts(f.QuestionAsked):
            return order, asked[0]
        await store.drain(timedelta(hours=12))
    raise AssertionError("nobody was asked about the lost parcel")


async def _answer(store: Store, asked: f.QuestionAsked, choice: str) -> Any:
    wish = Answer(asked.order_id, asked.question_id, store.now, choice)
    return await store.ask(store.app.stages.care.answer, wish)


async def test_a_lost_parcel_asks_the_customer_and_shows_a_person(store: Store) -> None:
    order, asked = await _lost(store)
    assert (asked.options, asked.default) == (("refund", "wait"), "refund")
    assert await order.stage() is Stage.TROUBLE


async def test_the_customer_is_told_of_the_question_once(store: Store) -> None:
    order, _ = await _lost(store)
    await store.drain(DAY)
    assert [said for said in await order.told() if "question" in said.lower()] != []


async def test_choosing_the_money_refunds_the_goods_and_settles_the_case(store: Store) -> None:
    order, asked = await _lost(store)
    answered = await _answer(store, asked, "refund")
    await store.drain()
    assert await order.amounts(f.PaymentRefunded) == [answered.value]
    assert (await order.stage(), await store.broken()) == (Stage.LOST, [])


async def test_choosing_to_wait_leaves_the_case_with_a_person(store: Store) -> None:
    order, asked = await _lost(store)
    await _answer(store, asked, "wait")
    await store.drain(10 * DAY)
    assert await order.amounts(f.PaymentRefunded) == []
    assert await order.stage() is Stage.TROUBLE


async def test_nobody_answering_means_the_default(store: Store) -> None:
    order, _ = await _lost(store)
    await store.drain(4 * DAY)
    assert [fact.by for fact in await order.facts(f.QuestionAnswered)] == ["default"]
    assert await order.stage() is Stage.LOST


async def test_a_question_is_answered_once(store: Store) -> None:
    _, asked = await _lost(store)
    await _answer(store, asked, "wait")
    assert isinstance(await _answer(store, asked, "refund"), Conflict)


async def test_only_what_was_offered_can_be_chosen(store: Store) -> None:
    _, asked = await _lost(store)
    assert isinstance(await _answer(store, asked, "a pony"), Refused)


async def test_a_refused_label_waits_for_a_person_who_settles_it(store: Store) -> None:
    order = await an_order(store, service="refuse").packed()
    await store.drain()
    (case,) = await order.facts(f.CaseOpened)
    work = CaseWork(order.id, case.case_id, store.now, "ada", "sent by hand")
    care = store.app.stages.care
    taken, closed = await store.ask(care.assign, work), await store.ask(care.resolve, work)
    assert (taken.assignee, closed.resolution) == ("ada", "sent by hand")
    assert await order.stage() is not Stage.TROUBLE


async def test_a_case_is_settled_once(store: Store) -> None:
    order = await an_order(store, service="refuse").packed()
    await store.drain()
    (case,) = await order.facts(f.CaseOpened)
    work = CaseWork(order.id, case.case_id, store.now, "ada", "sent by hand")
    await store.ask(store.app.stages.care.resolve, work)
    again = await store.ask(store.app.stages.care.resolve, work)
    assert isinstance(again, Conflict)


@pytest.mark.parametrize("name", ["resolve", "assign"])
async def test_a_case_that_does_not_exist_is_said_so(store: Store, name: str) -> None:
    order = await an_order(store).placed()
    work = CaseWork(order.id, "case_no", store.now, "ada", "x")
    answer = await store.ask(getattr(store.app.stages.care, name), work)
    assert isinstance(answer, Missing)
