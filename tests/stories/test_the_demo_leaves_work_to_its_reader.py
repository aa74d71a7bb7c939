"""The demo leaves work to its reader: its corner shop has orders in every stage, and nobody else touches them."""

from datetime import timedelta
from pathlib import Path

import pytest

from doorstep.jobs.store import exhausted_count
from doorstep.journey.ledger import store as ledger
from doorstep.journey.overview.work import WorkKind, WorkQuery
from doorstep.journey.standing import ENDS, Stage
from doorstep.kernel.clock import SimulatedClock
from doorstep.rehearsal.demo import brisk_plan, demo_app
from doorstep.rehearsal.shoppers import SHOPPERS
from doorstep.rehearsal.visits import SHOP
from doorstep.settings import Settings
from tests.stories.a_corner_shop import NOW, make


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=str(tmp_path))


async def _stages(settings: Settings, passes: timedelta) -> dict[str, Stage]:
    """In which stage each shopper's order is when the open store has worked for some time."""
    async with demo_app(settings, brisk_plan(), clock := SimulatedClock(NOW)) as app:
        await app.worker.start()
        clock.advance_to(NOW + passes)
        await app.worker.drain()
        async with app.database.read() as tx:
            ids = await ledger.ids_by_reference(tx, [one.reference for one in SHOPPERS])
            standings = await ledger.standings(tx, ids.values())
        await app.worker.leave()
    return {one.name: standings[ids[one.reference]].stage for one in SHOPPERS}


async def test_every_shopper_is_where_the_table_says_and_stays_there(settings: Settings) -> None:
    await make(settings)
    expected = {one.name: one.stage for one in SHOPPERS}
    assert await _stages(settings, timedelta(minutes=2)) == expected
    later = await _stages(settings, timedelta(hours=2))
    by_itself = {Stage.PAYING, Stage.BUYER_ACTION, Stage.CONFIRMED}
    assert {expected[name] for name in expected if later[name] is not expected[name]} <= by_itself


def test_every_stage_that_lasts_has_an_order() -> None:
    assert {one.stage for one in SHOPPERS} == set(Stage) - {Stage.ACCEPTING}
    assert {one.stage for one in SHOPPERS} > ENDS


async def test_there_is_work_of_every_kind_and_some_of_it_is_late(settings: Settings) -> None:
    await make(settings)
    async with demo_app(settings, brisk_plan(), SimulatedClock(NOW)) as app, app.database.read() as tx:
        page = await app.overview.work(tx, WorkQuery(most=200), NOW)
        given_up = await exhausted_count(tx)
    assert {item.kind for item in page.items} == set(WorkKind)
    assert {item.location for item in page.items} == {SHOP, ""}
    assert any(item.minutes_left < 0 for item in page.items)
    assert any(0 <= item.minutes_left < 60 for item in page.items)
    assert given_up == 1


async def test_a_second_start_gives_the_same_password(settings: Settings) -> None:
    assert await make(settings) == await make(settings)
