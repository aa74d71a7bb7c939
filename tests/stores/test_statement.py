"""A statement over a batch says the same on both databases, whatever the batch holds."""

from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from sqlalchemy import Index, MetaData, Table, bindparam, select

from doorstep.kernel.errors import Refused
from doorstep.storage.database import Database
from doorstep.storage.schema import text, whole
from doorstep.storage.statement import Value, delete_by, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Transient
from tests.database import opened

SCRIBBLES = MetaData()
notes = Table(
    "notes", SCRIBBLES, text("shelf", key=True), text("name", key=True), text("said", null=True), whole("n", null=True)
)
badges = Table("badges", SCRIBBLES, text("id", key=True), text("number"))
Index("ux_badges_number", badges.c.number, unique=True)

INSERT = insert_rows(notes)
ALL = plain(select(*notes.columns).order_by(notes.c.shelf, notes.c.name))
BADGES = plain(select(*badges.columns).order_by(badges.c.id))
_ODD = ["naïve ünï", "🚪🏠", 'it\'s "quoted"', "back\\slash \\n \\u0000", "a\nb\tc\x7f", "%s :name $1 ?", "{}[]", ""]
Rows = list[tuple[Value, ...]]


@pytest_asyncio.fixture
async def scribbles(database_url: str) -> AsyncIterator[Database]:
    """A database with a table of notes on shelves."""
    async with opened(database_url, tables=SCRIBBLES) as database:
        yield database


async def write(database: Database, rows: Sequence[Sequence[Value]]) -> None:
    async with database.begin() as tx:
        await tx.run(INSERT, rows)


async def written(database: Database) -> Rows:
    async with database.read() as tx:
        return [tuple(row) for row in await tx.rows(ALL)]


@pytest.mark.parametrize("count", [0, 1, 1000])
async def test_a_batch_of_any_size_is_written(scribbles: Database, count: int) -> None:
    rows: Rows = [("a", f"{number:04}", "said", number) for number in range(count)]
    await write(scribbles, rows)
    assert await written(scribbles) == rows


async def test_an_empty_batch_asks_nothing_and_finds_nothing(scribbles: Database) -> None:
    await write(scribbles, [("a", "1", "", 1)])
    async with scribbles.read() as tx:
        assert list(await tx.rows(select_by(notes, ["shelf"]), [])) == []


async def test_any_text_is_kept_as_it_is(scribbles: Database) -> None:
    rows: Rows = [("a", f"{number}", odd, 1) for number, odd in enumerate(_ODD)]
    await write(scribbles, rows)
    assert await written(scribbles) == rows


@pytest.mark.parametrize("odd", _ODD)
async def test_any_text_can_be_asked_for(scribbles: Database, odd: str) -> None:
    await write(scribbles, [("a", odd, "found", 1)])
    async with scribbles.read() as tx:
        by_batch = await tx.rows(select_by(notes, ["name"], columns=["said"]), [(odd,)])
        by_name = await tx.rows(plain(select(notes.c.said).where(notes.c.name == bindparam("wanted"))), wanted=odd)
    assert [tuple(row) for row in (*by_batch, *by_name)] == [("found",), ("found",)]


async def test_a_nul_is_refused_and_nothing_is_cut_off(scribbles: Database) -> None:
    with pytest.raises(Refused) as refused:
        await write(scribbles, [("a", "1", "fine", 1), ("a", "2", "cut\0off", 1)])
    assert refused.value.code == "bad_text"
    assert await written(scribbles) == []


async def test_nothing_is_kept_as_nothing(scribbles: Database) -> None:
    rows: Rows = [("a", "1", None, None), ("a", "2", "", 0)]
    await write(scribbles, rows)
    assert await written(scribbles) == rows


async def test_large_numbers_are_exact(scribbles: Database) -> None:
    numbers = [2**63 - 1, -(2**63), 2**53 + 1, -(2**53) - 1, 0]
    await write(scribbles, [("a", f"{place}", "", number) for place, number in enumerate(numbers)])
    assert [row[3] for row in await written(scribbles)] == numbers


async def test_a_value_that_does_not_fit_is_not_tried_again(postgres_url: str) -> None:
    async with opened(postgres_url, tables=SCRIBBLES) as database:
        with pytest.raises(Exception, match="invalid input") as failed:
            await write(database, [("a", "1", "", "no number")])
    assert not isinstance(failed.value, Transient)


async def test_insert_passes_over_what_is_there_and_says_what_was_not(scribbles: Database) -> None:
    await write(scribbles, [("a", "1", "first", 1)])
    statement = insert_rows(notes, ignore=True, returning=["shelf", "name"])
    async with scribbles.begin() as tx:
        fresh = await tx.rows(statement, [("a", "1", "second", 2), ("a", "2", "", 2), ("a", "2", "twin", 2)])
    assert [tuple(row) for row in fresh] == [("a", "2")]
    assert await written(scribbles) == [("a", "1", "first", 1), ("a", "2", "", 2)]


async def test_insert_does_not_pass_over_a_clash_beside_the_key(scribbles: Database) -> None:
    statement = insert_rows(badges, ignore=True)
    async with scribbles.begin() as tx:
        await tx.run(statement, [("a", "1001")])
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with scribbles.begin() as tx:
            await tx.run(statement, [("b", "1001")])
    async with scribbles.read() as tx:
        assert [tuple(row) for row in await tx.rows(BADGES)] == [("a", "1001")]


@pytest.mark.parametrize("lock", [False, True])
async def test_rows_come_in_the_order_of_their_keys(scribbles: Database, lock: bool) -> None:  # noqa: FBT001
    await write(scribbles, [(shelf, name, "", 1) for shelf in "ab" for name in "123"])
    keys = [("b", "1"), ("a", "3"), ("b", "3"), ("a", "1"), ("c", "1")]
    async with scribbles.begin() as tx:
        found = await tx.rows(select_by(notes, ["shelf", "name"], lock=lock, columns=["shelf", "name"]), keys)
    assert [tuple(row) for row in found] == [("a", "1"), ("a", "3"), ("b", "1"), ("b", "3")]


async def test_update_sets_each_row_its_own(scribbles: Database) -> None:
    await write(scribbles, [("a", "1", "", 1), ("a", "2", "", 1), ("b", "1", "", 1)])
    async with scribbles.begin() as tx:
        statement = update_by(notes, ["shelf", "name"], ["said", "n"])
        await tx.run(statement, [("a", "1", "one", 10), ("b", "1", None, 20), ("z", "9", "", 0)])
    assert await written(scribbles) == [("a", "1", "one", 10), ("a", "2", "", 1), ("b", "1", None, 20)]


@pytest.mark.parametrize(("keys", "left"), [(["shelf"], ["b2"]), (["shelf", "name"], ["a2", "b2"])])
async def test_delete_takes_what_is_named(scribbles: Database, keys: list[str], left: list[str]) -> None:
    await write(scribbles, [("a", "1", "", 1), ("a", "2", "", 1), ("b", "2", "", 1)])
    async with scribbles.begin() as tx:
        await tx.run(delete_by(notes, keys), [("a", "1")[: len(keys)]])
    assert [f"{row[0]}{row[1]}" for row in await written(scribbles)] == left


async def test_an_error_of_the_database_is_no_reason_to_try_again(scribbles: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)unique|null") as failed:
        await write(scribbles, [("a", "1", "", 1), ("a", "1", "", 1)])
    assert not isinstance(failed.value, Transient)
