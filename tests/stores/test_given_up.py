"""A job that was tried too often waits for a person, who tries it again or gives it up."""

import pytest_asyncio

from doorstep.jobs import store
from doorstep.jobs.model import EXHAUSTED, FREE, Counts, NewJob
from doorstep.storage.database import Database

JOBS = (NewJob("mail", "a", "null", 10), NewJob("mail", "b", "null", 30), NewJob("mail", "c", "null", 10))


@pytest_asyncio.fixture(autouse=True)
async def _exhausted(database: Database) -> None:
    """Two free jobs, and one, c, that is exhausted."""
    async with database.begin() as tx:
        await store.insert(tx, [(job, EXHAUSTED if job.key == "c" else FREE) for job in JOBS])


async def keys(database: Database) -> list[str]:
    async with database.read() as tx:
        return [job.key for job in await store.exhausted(tx, 10)]


async def test_jobs_are_counted_by_what_they_wait_for(database: Database) -> None:
    async with database.read() as tx:
        assert await store.outstanding(tx, 20) == {"mail": Counts(1, 1, 0, 1)}


async def test_a_job_that_is_given_up_is_neither_listed_nor_counted(database: Database) -> None:
    async with database.begin() as tx:
        assert await store.give_up(tx, "c", "paid back by hand")
        assert not await store.give_up(tx, "c", "twice")
        assert await store.outstanding(tx, 20) == {"mail": Counts(1, 1, 0, 0)}
        assert not await store.retry(tx, "c", 20)
    assert await keys(database) == []


async def test_a_job_that_is_given_up_is_not_made_again(database: Database) -> None:
    async with database.begin() as tx:
        await store.give_up(tx, "c", "paid back by hand")
        assert await store.insert(tx, [(JOBS[2], FREE)]) == set()


async def test_only_an_exhausted_job_is_given_up(database: Database) -> None:
    async with database.begin() as tx:
        assert not await store.give_up(tx, "a", "no")
    assert await keys(database) == ["c"]
