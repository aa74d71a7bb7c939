"""What is told of a database as a whole, and of the processes that work on it."""

from doorstep.jobs import store as jobs
from doorstep.storage.migrations.version import head, step_of
from tests.an_order import open_store


async def test_a_database_says_what_it_is_and_how_large(database_url: str) -> None:
    async with open_store(database_url) as store:
        vitals = await store.app.database.vitals()
        async with store.app.database.read() as tx:
            assert await step_of(tx) == head()
    assert vitals.kind == ("SQLite" if database_url.startswith("sqlite") else "PostgreSQL")
    assert vitals.size_bytes > 10_000
    assert vitals.version[0].isdecimal()


async def test_processes_on_record_are_told(database_url: str) -> None:
    async with open_store(database_url) as store, store.app.database.begin() as tx:
        await jobs.arrive(tx, 7, "a-machine:1", 1_000)
        assert "a-machine:1" in [one.name for one in await jobs.present(tx)]
