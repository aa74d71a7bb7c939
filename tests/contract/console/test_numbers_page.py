"""The numbers: what is shown of a period, and what cannot be asked."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from doorstep.jobs.model import Task
from doorstep.kernel.clock import MachineClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.people import Browser, hired
from tests.stories.shop import Shop, opened_shop

PAGE = "/console/numbers"


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop by the machine's clock, as ids are: days are counted by when ids were made."""
    async with opened_shop(sqlite_url, SandboxPayments(), MachineClock()) as shop:
        await hired(shop)
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


async def _counted(shop: Shop) -> None:
    await shop.buy(await shop.ready())
    await shop.work()
    async with shop.app.database.begin() as tx:
        await shop.app.stages.numbers.look(tx, [Task(shop.clock.now(), None, "look")])
    await shop.work()


async def test_before_anything_was_counted_that_is_said(owner: Browser) -> None:
    await owner.get(PAGE)
    assert "Nothing was counted yet" in owner.text


async def test_totals_and_every_day_are_told(owner: Browser, shop: Shop) -> None:
    await _counted(shop)
    await owner.get(f"{PAGE}?days=7")
    assert "£15.00" in owner.text
    assert owner.text.count('<th scope="row">') == 7 * 6


async def test_a_location_has_numbers_of_its_own(owner: Browser, shop: Shop) -> None:
    await _counted(shop)
    await owner.get(f"{PAGE}?location=main")
    assert "£10.00" in owner.text


async def test_the_file_has_a_row_for_each_day(owner: Browser, shop: Shop) -> None:
    await _counted(shop)
    today = shop.clock.now().date()
    answer = await owner.get(f"{PAGE}.csv?since={today - timedelta(days=2)}")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert (rows[-1]["day"], sum(int(row["orders"]) for row in rows), len(rows)) == (today.isoformat(), 1, 3)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=yesterday", "This is no day such as 2026-03-31."),
        ("since=2026-03-02&until=2026-03-01", "It is before the first day."),
        ("since=2020-01-01&until=2026-03-01", "A report is over at most 400 days."),
        ("location=nowhere", "There is no location nowhere."),
        ("since=1950-01-01&until=1950-01-02", "after 1970"),
    ],
)
async def test_what_cannot_be_asked_is_told(owner: Browser, query: str, said: str) -> None:
    answer = await owner.get(f"{PAGE}?{query}")
    assert (answer.status_code, said in owner.text) == (422, True)
    assert (await owner.get(f"{PAGE}.csv?{query}")).status_code == 422
