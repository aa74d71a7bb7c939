"""Labels, hand-overs and parcels that arrive, get lost or come back."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from doorstep.journey import facts as f
from doorstep.journey.care.model import Answer
from doorstep.journey.shipping.model import HandOver
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Conflict
from tests.an_order import DAY, MINUTE, AnOrder, Store, an_order, open_store


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as store:
        yield store


async def test_a_parcel_has_one_label_and_arrives(store: Store) -> None:
    order = await an_order(store).delivered()
    assert (await order.stage(), len(store.carrier.books())) == (Stage.DELIVERED, 1)
    assert await store.broken() == []


async def test_a_refused_label_is_shown_to_a_person(store: Store) -> None:
    order = await an_order(store, service="refuse").packed()
    assert [fact.reason for fact in await order.facts(f.LabelRefused)] == ["refused"]
    assert (await order.stage(), await store.broken()) == (Stage.TROUBLE, [])


async def test_a_parcel_without_a_label_is_not_handed_over(store: Store) -> None:
    order = await an_order(store, service="refuse").packed()
    (parcel_id,) = await order.parcels("packed")
    assert isinstance(await order.hand_over(parcel_id), Conflict)


@pytest.mark.parametrize("service", ["timeout", "timeout-lost"])
async def test_a_label_whose_purchase_was_not_answered_is_asked_for_again_under_its_key(
    store: Store, service: str
) -> None:
    order = await an_order(store, service=service).packed()
    assert await order.facts(f.LabelBought) == []
    await store.drain(5 * MINUTE)
    assert (len(await order.facts(f.LabelBought)), len(store.carrier.books())) == (1, 1)


async def lost(store: Store, service: str = "lose") -> AnOrder:
    """An order whose parcel has just been given up."""
    order = await an_order(store, service=service).shipped()
    for _ in range(28):
        if not await order.facts(f.ParcelLost):
            await store.drain(DAY / 2)
    return order


@pytest.mark.parametrize(
    ("service", "reason"), [("lose", "lost by the carrier"), ("return", "brought back by the carrier")]
)
async def test_a_parcel_that_does_not_arrive_is_a_case_and_a_question(store: Store, service: str, reason: str) -> None:
    order = await lost(store, service)
    assert [fact.reason for fact in await order.facts(f.ParcelLost)] == [reason]
    assert [fact.reason for fact in await order.facts(f.CaseOpened)] == [reason]
    assert [fact.options for fact in await order.facts(f.QuestionAsked)] == [("refund", "wait")]
    assert (await order.stage(), await store.broken()) == (Stage.TROUBLE, [])


async def test_a_customer_who_does_not_answer_is_paid_back_for_a_lost_parcel_once(store: Store) -> None:
    order = await lost(store)
    await store.drain(4 * DAY)
    assert [(fact.answer, fact.by) for fact in await order.facts(f.QuestionAnswered)] == [("refund", "default")]
    assert await order.amounts(f.PaymentRefunded) == [3 * 1099]
    assert (await store.broken(), len(await order.facts(f.CaseClosed))) == ([], 1)


@pytest.mark.parametrize(("choice", "refunds"), [("refund", [3 * 1099]), ("wait", [])])
async def test_a_customer_chooses_once_what_becomes_of_a_lost_parcel(
    store: Store, choice: str, refunds: list[int]
) -> None:
    order = await lost(store)
    (asked,) = await order.facts(f.QuestionAsked)
    said = [Answer(order.id, asked.question_id, store.now, one) for one in (choice, "refund")]
    first, second = await store.ask(store.app.stages.care.answer, *said)
    await store.drain(4 * DAY)
    assert isinstance(first, f.QuestionAnswered)
    assert isinstance(second, Conflict)
    assert (await order.amounts(f.PaymentRefunded), await store.broken()) == (refunds, [])


async def test_a_parcel_that_is_handed_over_twice_is_paid_for_once(store: Store) -> None:
    order = await an_order(store).shipped()
    (parcel_id,) = await order.parcels("shipped")
    assert isinstance(await order.hand_over(parcel_id), Conflict)
    await store.drain()
    assert await order.amounts(f.PaymentCaptured) == [3792]


async def test_a_report_that_comes_twice_in_one_batch_is_answered_twice_the_same(store: Store) -> None:
    order = await an_order(store).packed()
    (parcel_id,) = await order.parcels("packed")
    report = HandOver(order.id, parcel_id, store.now)
    first, second = await store.ask(store.app.stages.shipping.hand_over, report, report)
    assert isinstance(first, f.ParcelHandedOver)
    assert first == second


async def test_a_parcel_is_asked_about_until_it_has_arrived(store: Store) -> None:
    order = await an_order(store, TEA=1).shipped()
    await store.drain(DAY)
    assert await order.stage() is Stage.UNDERWAY
    for _ in range(6):
        await store.drain(DAY / 2)
    statuses = [fact.status for fact in await order.facts(f.ParcelTracked)]
    assert (await order.stage(), len(statuses)) == (Stage.DELIVERED, len(set(statuses)))
