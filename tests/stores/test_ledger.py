"""Facts are appended once, never against a law, and what follows from them is enqueued with them."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from doorstep.jobs import store as jobs
from doorstep.journey import facts as f
from doorstep.journey.ledger import store
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import LawBroken
from doorstep.kernel.ids import OrderId
from doorstep.storage.database import Database
from doorstep.storage.statement import plain
from tests.database import opened
from tests.laws.stories import NOON, an_order
from tests.stores.a_ledger import IN_FORCE, LATER, Story, placed


async def free_jobs(database: Database, kind: str, now: Any = LATER) -> list[str]:
    async with database.begin() as tx:
        return [job.key for job in await jobs.claim(tx, kind, 100, to_ms(now), 1)]


async def test_an_order_is_placed_once(database: Database) -> None:
    story = Story(database)
    assert (await story.begin(), await story.begin()) == ({"ord_0A"}, set())
    assert [type(fact) for _, fact in await story.told()] == [f.OrderPlaced]


async def test_an_order_that_comes_twice_in_a_batch_is_one(database: Database) -> None:
    story = Story(database)
    async with database.begin() as tx:
        assert await story.ledger.record(tx, [(story.order, placed(story.order))] * 2) == {"ord_0A"}
    assert len(await story.told()) == 1


async def test_an_order_is_read_as_it_was_written(database: Database) -> None:
    story = Story(database)
    await story.begin()
    async with database.read() as tx:
        assert await story.ledger.orders(tx, [OrderId("ord_0A"), OrderId("ord_none")]) == {"ord_0A": story.order}
        assert await store.ids_by_number(tx, ["1001", "9"]) == {"1001": "ord_0A"}


async def test_two_orders_never_share_a_number(database: Database) -> None:
    story = Story(database)
    await story.begin()
    twin = an_order(1, order_id="ord_0B", number=story.order.number)
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with database.begin() as tx:
            await story.ledger.record(tx, [(twin, placed(twin))])


async def test_an_orders_plan_is_at_hand_also_when_another_is_in_force(database: Database) -> None:
    await Story(database).begin()
    later = Story(database)
    async with database.read() as tx:
        [order] = (await later.ledger.orders(tx, [OrderId("ord_0A")])).values()
    assert later.ledger.plans[order.plan_version] == IN_FORCE


async def test_a_fact_that_is_told_twice_is_one_fact(database: Database) -> None:
    story = Story(database)
    await story.begin()
    fact = story.authorized()
    assert (await story.tell(fact, fact), await story.tell(fact)) == ([fact], [])
    assert [seq for seq, _ in await story.told()] == [1, 2]


async def test_the_same_from_another_cause_is_another_fact(database: Database) -> None:
    story = Story(database)
    await story.begin()
    events = [story.fact(f.ParcelTracked, event_id=name, parcel_id="B1", status="moving") for name in "abc"]
    await story.tell(*events[:2])
    assert await story.tell(*events) == [events[2]]


async def test_facts_are_read_in_the_order_in_which_they_were_told(database: Database) -> None:
    story = Story(database)
    await story.begin()
    for fact in story.journey():
        await story.tell(fact, story.authorized())
    assert [fact for _, fact in await story.told()][1:] == story.journey()


@pytest.mark.parametrize("size", [1, 3, 11])
async def test_the_headline_is_what_all_facts_add_up_to(database: Database, size: int) -> None:
    story = Story(database)
    await story.begin()
    assert await story.headline() == await story.rebuilt()
    journey = story.journey()
    for start in range(0, len(journey), size):
        await story.tell(*journey[start : start + size])
        assert await story.headline() == await story.rebuilt()


async def test_the_headline_says_where_the_order_is(database: Database) -> None:
    story = Story(database)
    await story.begin()
    stages = [(await story.headline())[0]]
    for fact in story.journey():
        await story.tell(fact)
        stages.append((await story.headline())[0])
    journey = ["paying", "accepting", "confirmed", "picking", "packing", "shipping", "shipping", "underway", "underway"]
    assert stages == [*journey, "delivered", "delivered", "delivered"]


async def test_a_fact_against_a_law_is_refused_and_nothing_is_written(database: Database) -> None:
    story = Story(database)
    await story.begin()
    before = (await story.told(), await story.headline())
    again = story.fact(f.UnitsPicked, 5, pick_id="K2", fulfillment_id="F1", units=((1, 1),), pack_at=LATER)
    with pytest.raises(LawBroken, match=r"ord_0A: line 1: 4 picked but 3 allocated") as refused:
        await story.tell(*story.journey()[:4], again)
    assert refused.value.fields == {"order": "ord_0A"}
    assert (await story.told(), await story.headline()) == before


async def test_a_fact_about_what_the_order_does_not_have_is_refused(database: Database) -> None:
    story = Story(database)
    await story.begin()
    with pytest.raises(LawBroken, match=r"ord_0A: ParcelDelivered is about 'B1'"):
        await story.tell(story.fact(f.ParcelDelivered, parcel_id="B1"))
    assert len(await story.told()) == 1


async def test_nothing_follows_from_a_fact_that_was_refused(database: Database) -> None:
    story = Story(database)
    await story.begin()
    with pytest.raises(LawBroken, match="confirmed with 0 authorized"):
        await story.tell(story.confirmed())
    assert await free_jobs(database, "release") == []


async def test_what_follows_is_enqueued_once(database: Database) -> None:
    story = Story(database)
    await story.begin()
    await story.begin()
    assert await free_jobs(database, "authorize") == ["authorize:ord_0A:OrderPlaced:"]


async def test_what_follows_is_due_when_the_fact_says(database: Database) -> None:
    story = Story(database)
    await story.begin()
    await story.tell(story.authorized(), story.confirmed())
    assert await free_jobs(database, "release", NOON) == []
    assert await free_jobs(database, "release", LATER) == ["release:ord_0A:OrderConfirmed:"]


@pytest.mark.parametrize(("capture", "count"), [(0, 0), (5500, 1)])
async def test_what_follows_only_from_something_does_not_follow_from_nothing(
    database: Database, capture: int, count: int
) -> None:
    story = Story(database)
    await story.begin()
    await story.tell(story.authorized(), story.confirmed(capture=capture))
    assert len(await free_jobs(database, "capture")) == count


async def test_a_job_about_an_order_says_so(database: Database) -> None:
    await Story(database).begin()
    async with database.read() as tx:
        [about] = await tx.rows(plain(select(jobs.jobs.c.about)))
    assert tuple(about) == ("ord_0A",)


async def test_asking_twice_for_an_order_finds_its_facts_once(database: Database) -> None:
    story = Story(database)
    await story.begin()
    async with database.read() as tx:
        found = await store.load_facts(tx, [story.order.id, story.order.id])
    assert [seq for seq, _ in found[story.order.id]] == [1]


async def test_what_others_read_meanwhile_pushes_no_order_out(postgres_url: str) -> None:
    async with opened(postgres_url) as database:
        story = Story(database)
        await story.begin()
        many = [an_order(1, order_id=f"ord_{n:05}", number=f"n{n}", plan=IN_FORCE.version) for n in range(4200)]
        async with database.begin() as tx:
            await story.ledger.record(tx, [(order, placed(order)) for order in many])
        async with database.read() as ours, database.read() as theirs:
            await story.ledger.orders(ours, [story.order.id])
            wanted = [story.order.id, many[0].id]
            found, _ = await asyncio.gather(
                story.ledger.orders(ours, wanted),
                story.ledger.orders(theirs, [order.id for order in many[1:]]),
            )
    assert sorted(found) == sorted(wanted)
