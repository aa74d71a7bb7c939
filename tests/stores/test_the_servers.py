"""The databases that the tests are given are real and empty, and each test has its own."""

import sqlite3

import asyncpg
import pytest


def test_sqlite_connects_to_a_new_file(sqlite_url: str) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == []


@pytest.mark.parametrize("turn", [1, 2])
async def test_postgres_gives_each_test_an_empty_database(postgres_url: str, turn: int) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f"CREATE TABLE turn_{turn} (id bigint)")
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert [row["tablename"] for row in tables] == [f"turn_{turn}"]


async def test_postgres_keeps_its_promises_on_disk(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    fsync = await connection.fetchval("SHOW fsync")
    await connection.close()
    assert fsync == "on"


def test_both_databases_are_given_in_turn(database_url: str) -> None:
    assert database_url.startswith(("sqlite:///", "postgresql://"))
