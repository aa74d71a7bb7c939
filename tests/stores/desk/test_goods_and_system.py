"""Stock, items, jobs and keys at the desk."""

import pytest
from msgspec.structs import replace

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.permissions import Permission
from doorstep.desk import bodies as b
from doorstep.desk.table import ACTS
from doorstep.jobs import store as jobs
from doorstep.jobs.model import EXHAUSTED, NewJob
from doorstep.kernel.errors import Missing, NotAllowed, Refused
from tests.an_order import Store, a_plan, an_order, open_store
from tests.stores.desk.at_the_desk import audited, wish

_COUNTED = "sku,location,on_hand\nTEA,north,48\nCUP,north,3\n"


def adjusted(location: str = "north", *, change: int | None = None, count: int | None = None) -> b.AdjustmentBody:
    return b.AdjustmentBody(sku="TEA", location=location, reason="water", change=change, count=count)


@pytest.mark.parametrize(("body", "left"), [(adjusted(change=-8), 42), (adjusted(count=7), 7)])
async def test_stock_is_adjusted(database_url: str, body: b.AdjustmentBody, left: int) -> None:
    async with open_store(database_url) as store:
        await store.app.desk.ask(ACTS["stock.adjust"], wish(body))
        (entry,) = await audited(store)
        assert (await store.shelves())["TEA north"] == (left, 0, 0)
        assert (entry.about_id, entry.before, entry.after) == ("TEA north", '{"on_hand":50}', f'{{"on_hand":{left}}}')
        assert await store.broken() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (adjusted(count=2), "promised"),
        (adjusted(change=-51), "below_nothing"),
        (adjusted(change=10**6), "too_many"),
        (adjusted(), "change_or_count"),
        (adjusted(change=1, count=1), "change_or_count"),
    ],
)
async def test_stock_is_not_adjusted_to_what_cannot_be(database_url: str, body: b.AdjustmentBody, code: str) -> None:
    async with open_store(database_url) as store:
        await an_order(store, TEA=3).confirmed()
        with pytest.raises(Refused) as refused:
            await store.app.desk.ask(ACTS["stock.adjust"], wish(body))
        assert (refused.value.code, await audited(store)) == (code, ())


async def test_stock_is_adjusted_where_it_can_be_only(database_url: str) -> None:
    async with open_store(database_url) as store:
        with pytest.raises(Missing, match="no location moon"):
            await store.app.desk.ask(ACTS["stock.adjust"], wish(adjusted("moon", change=1)))
        await store.app.desk.ask(ACTS["stock.adjust"], wish(adjusted("south", change=1)))
        assert (await store.shelves())["TEA south"] == (51, 0, 0)


async def test_a_count_is_shown_before_it_is_imported(database_url: str) -> None:
    async with open_store(database_url) as store:
        (outcome,) = await store.app.desk.preview(ACTS["stock.import"], [wish(b.CountBody(csv=_COUNTED, preview=True))])
        before = await store.shelves()
        done = await store.app.desk.ask(ACTS["stock.import"], wish(b.CountBody(csv=_COUNTED)))
        again = await store.app.desk.ask(ACTS["stock.import"], wish(b.CountBody(csv=_COUNTED)))
        assert (before["TEA north"], (await store.shelves())["TEA north"]) == ((50, 0, 0), (48, 0, 0))
        assert (outcome.says, done.answer.changes[0].about) == (done.says, "TEA north")  # type: ignore[union-attr]
        assert (done.answer.new, done.answer.changed, again.answer.earlier) == (1, 1, 2)


async def test_bad_lines_are_all_named_and_nothing_is_imported(database_url: str) -> None:
    async with open_store(database_url) as store:
        csv = _COUNTED + "GHOST,north,1\nTEA,moon,1\n"
        with pytest.raises(Refused) as refused:
            await store.app.desk.ask(ACTS["stock.import"], wish(b.CountBody(csv=csv)))
        assert [*refused.value.fields] == ["line 4", "line 5"]
        assert (await store.shelves())["TEA north"] == (50, 0, 0)


async def test_items_are_imported(database_url: str) -> None:
    async with open_store(database_url) as store:
        csv = "sku,name,price,weight_grams\nTEA,Green tea,12.00,125\nJAR,Jar,3.00,400\n"
        done = await store.app.desk.ask(ACTS["items.import"], wish(b.FileBody(csv=csv)))
        assert (done.says, done.answer.changes[0].about) == ("Imported items: 1 new, 1 changed, 0 unchanged.", "TEA")


async def _exhaust(store: Store) -> None:
    job = NewJob("confirmation.confirm", "stuck", "{}", 0)
    async with store.app.database.begin() as tx:
        await jobs.insert(tx, [(job, EXHAUSTED)])


@pytest.mark.parametrize("act", ["job.retry", "job.give_up"])
async def test_an_exhausted_job_is_decided_once(database_url: str, act: str) -> None:
    async with open_store(database_url) as store:
        await _exhaust(store)
        body = b.JobRefusal(job="stuck", reason="by hand")
        await store.app.desk.ask(ACTS[act], wish(body))
        with pytest.raises(Missing):
            await store.app.desk.ask(ACTS[act], wish(body))
        assert [(one.about_kind, one.about_id) for one in await audited(store)] == [("job", "stuck")]


async def test_a_key_is_made_and_revoked(database_url: str) -> None:
    async with open_store(database_url) as store:
        body = b.KeyBody(name="storefront", scopes=("orders:read",))
        done = await store.app.desk.ask(ACTS["key.issue"], wish(body))
        await store.app.desk.ask(ACTS["key.revoke"], wish(b.KeyId(key_id=done.made)))
        assert done.answer.text.startswith("dsk_")
        assert all(done.answer.text.split("_")[2] not in one.after for one in await audited(store))


async def test_nobody_gives_a_scope_that_they_do_not_have(database_url: str) -> None:
    porter = Actor(ActorKind.KEY, "key_1", "porter", frozenset({Permission.KEYS_MANAGE}))
    async with open_store(database_url) as store:
        body = b.KeyBody(name="all", scopes=("staff:manage",))
        with pytest.raises(NotAllowed):
            await store.app.desk.ask(ACTS["key.issue"], wish(body, actor=porter))
        assert await audited(store) == ()


async def test_what_may_be_backordered_may_be_adjusted_below_what_is_promised(database_url: str) -> None:
    plan = a_plan()
    plan = replace(plan, stock=replace(plan.stock, backorder=True))
    async with open_store(database_url, plan) as store:
        await an_order(store, TEA=3).confirmed()
        await store.app.desk.ask(ACTS["stock.adjust"], wish(adjusted(count=2)))
        assert (await store.shelves())["TEA north"] == (2, 0, 3)
