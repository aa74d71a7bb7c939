"""A transaction is kept whole or not at all, whatever interrupts it."""

import asyncio
import sqlite3
from contextlib import closing, suppress

import pytest

from doorstep.catalog import store
from doorstep.catalog.model import Item
from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.postgres import PostgresServer
from doorstep.storage.transaction import Transient
from tests.database import again, opened
from tests.postgres_server import execute

MUG = Item("MUG", "Mug", 900, 300)
KILL_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = '{}'"


async def skus(database: Database) -> list[str]:
    async with database.read() as tx:
        return [item.sku for item in await store.page(tx, "", 100)]


async def put(database: Database, *items: Item) -> None:
    async with database.begin() as tx:
        await store.put(tx, items)


async def put_and_fail(database: Database, told: list[str]) -> None:
    async with database.begin() as tx:
        await store.put(tx, [MUG])
        tx.after_commit(lambda: told.append("called"))
        raise ValueError("no")


async def test_what_was_done_is_kept_when_the_block_ends(database: Database) -> None:
    await put(database, MUG)
    assert await skus(database) == ["MUG"]


async def test_nothing_is_kept_when_the_block_raises(database: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        await put_and_fail(database, [])
    assert await skus(database) == []


async def test_nothing_is_kept_when_the_block_is_canceled(database: Database) -> None:
    inside, never = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.begin() as tx:
            await store.put(tx, [MUG])
            inside.set()
            await never.wait()

    writing = asyncio.create_task(write())
    await inside.wait()
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    assert await skus(database) == []


async def test_after_a_canceled_block_the_next_can_write(database: Database) -> None:
    await test_nothing_is_kept_when_the_block_is_canceled(database)
    await put(database, MUG)
    assert await skus(database) == ["MUG"]


async def test_what_comes_after_the_commit_comes_after_the_commit(database_url: str) -> None:
    told: list[str] = []
    async with opened(database_url, probe=told.append) as database, database.begin() as tx:
        tx.after_commit(lambda: told.append("called"))
        told.append("block ends")
    assert told == ["block ends", "before commit", "after commit", "called"]


async def test_what_comes_after_the_commit_never_comes_without_one(database: Database) -> None:
    told: list[str] = []
    with pytest.raises(ValueError, match="no"):
        await put_and_fail(database, told)
    assert told == []


@pytest.mark.parametrize(("point", "kept"), [("before commit", []), ("after commit", ["MUG"])])
async def test_the_process_can_be_cut_on_either_side_of_the_commit(
    database_url: str, point: str, kept: list[str]
) -> None:
    def probe(reached: str) -> None:
        if reached == point:
            raise InterruptedError(point)

    async with opened(database_url, probe=probe) as database:
        with pytest.raises(InterruptedError):
            await put(database, MUG)
        assert await skus(database) == kept


async def test_a_commit_that_has_begun_is_seen_through(sqlite_url: str) -> None:
    writing: list[asyncio.Task[None]] = []

    def cancel(point: str) -> None:
        if point == "before commit":
            writing[0].cancel()

    async with opened(sqlite_url, probe=cancel) as database:
        writing.append(asyncio.create_task(put(database, MUG)))
        with pytest.raises(asyncio.CancelledError):
            await writing[0]
        assert await skus(database) == ["MUG"]


async def test_a_reader_sees_one_moment(database: Database) -> None:
    await put(database, MUG)
    async with database.read() as tx:
        before = await store.load(tx, ["MUG", "CUP"])
        await put(database, Item("MUG", "Dearer", 1000, 300), Item("CUP", "Cup", 500, 100))
        assert await store.load(tx, ["MUG", "CUP"]) == before
    assert await skus(database) == ["CUP", "MUG"]


async def test_readers_are_many_at_once(database: Database) -> None:
    await put(database, MUG)
    assert await asyncio.gather(*(skus(database) for _ in range(20))) == [["MUG"]] * 20


async def test_writers_wait_for_each_other_and_all_are_kept(database: Database) -> None:
    await asyncio.gather(*(put(database, Item(f"{number:02}", "Thing", 1, 1)) for number in range(30)))
    assert await skus(database) == [f"{number:02}" for number in range(30)]


async def test_a_second_process_on_a_file_is_refused_and_told_what_to_do(sqlite_url: str) -> None:
    async with opened(sqlite_url):
        second = Database(sqlite_url)
        with pytest.raises(Refused, match=r"Stop it first.*PostgreSQL") as refused:
            await second.open()
    assert refused.value.code == "database_in_use"


async def test_the_file_is_free_again_when_it_is_closed(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await put(database, MUG)
    async with again(sqlite_url) as database:
        assert await skus(database) == ["MUG"]


async def test_many_processes_work_on_one_server(postgres_url: str) -> None:
    async with opened(postgres_url) as first, again(postgres_url) as second:
        await put(first, MUG)
        assert await skus(second) == ["MUG"]


async def test_a_writer_waits_for_another_program_on_its_file(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as outside:
            outside.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(0.05, outside.rollback)
            await put(database, MUG)
        assert await skus(database) == ["MUG"]


async def test_a_reader_does_not_wait_for_another_program_on_its_file(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as outside:
            outside.execute("BEGIN IMMEDIATE")
            assert await skus(database) == []


async def test_a_lost_connection_is_transient_and_the_next_transaction_has_another(postgres_url: str) -> None:
    async def put_while_it_breaks(database: Database) -> None:
        async with database.begin() as tx:
            await store.put(tx, [MUG])
            execute(postgres_url, KILL_OTHERS.format(postgres_url.rpartition("/")[2]))
            await store.put(tx, [MUG])

    async with opened(postgres_url) as database:
        with pytest.raises(Transient):
            await put_while_it_breaks(database)
        await put(database, MUG)
        assert await skus(database) == ["MUG"]


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    server = PostgresServer("postgresql://me:secret@127.0.0.1:1/doorstep")
    with pytest.raises(Refused, match=r"does not answer at postgresql://…@127.0.0.1:1/doorstep") as refused:
        await server.open(writer=True)
    assert "secret" not in str(refused.value)


async def test_a_file_that_is_only_read_must_be_there(sqlite_url: str) -> None:
    with pytest.raises(Refused, match="no database"):
        await Database(sqlite_url).open(writer=False)


async def test_a_file_that_was_opened_for_reading_is_not_written(sqlite_url: str) -> None:
    async with opened(sqlite_url):
        reader = Database(sqlite_url)
        await reader.open(writer=False)
        with pytest.raises(Refused, match="for reading"):
            await put(reader, MUG)
        assert await skus(reader) == []
        await reader.close()


@pytest.mark.parametrize("url", ["mysql://here/db", "sqlite://", "sqlite:///", "doorstep.db"])
def test_what_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="is no database"):
        Database(url)
