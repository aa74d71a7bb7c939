"""Measure speed and memory: all topics, each in a fresh process and on a fresh database, one after the other.

    make bench                                       everything, in about ten minutes
    PYTHONPATH=. .venv/bin/python bench/run.py --only placing
    PYTHONPATH=. .venv/bin/python bench/run.py --full          a million orders, the whole recorded year

Prints a table and writes build/bench.json.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import msgspec
import typer
import uvloop
from msgspec import Struct
from rich.console import Console

from bench.a_store import folder
from bench.figures import Row
from bench.machine import Machine, machine
from bench.shown import show
from bench.topic import NAMES, Assignment
from bench.topics import TOPICS
from tests.postgres_server import fresh_database, postgres_server

_OUTPUT = Path(__file__).parents[1] / "build" / "bench.json"
_WIDTH = 140  # where nobody says how wide the page is
TopicName = StrEnum("TopicName", {name: name for name in TOPICS})  # type: ignore[misc]


class DatabaseName(StrEnum):
    """A database to measure on alone."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Measured(Struct, frozen=True):
    """All that a run found, as it is written to the file."""

    machine: Machine
    seconds: float
    rows: list[Row]


def main(
    only: Annotated[list[TopicName] | None, typer.Option(help="Only these topics")] = None,
    database: Annotated[DatabaseName | None, typer.Option(help="Only on this database")] = None,
    repetitions: Annotated[int, typer.Option(help="How often each is repeated", min=1)] = 3,
    full: Annotated[bool, typer.Option("--full", help="What takes an hour too")] = False,  # noqa: FBT002 - an option
) -> None:
    """Measure, show, write."""
    console, began, rows = Console(), time.monotonic(), list[Row]()
    if not console.is_terminal:
        console.width = _WIDTH
    with folder() as place, postgres_server() as server:
        here = machine(Path(place))
        for name in only or TOPICS:
            for kind in TOPICS[name].databases:
                if database and kind not in (database, "none"):
                    continue
                with _fresh(kind, Path(place), server) as url:
                    console.print(f"[dim]{TOPICS[name].says}, {NAMES[kind]} …[/dim]")
                    told = Assignment(topic=name, database=kind, url=url, repetitions=repetitions, full=full)
                    rows += _in_a_process(told)
    found = Measured(here, round(time.monotonic() - began, 1), rows)
    show(found.machine, rows, console)
    _OUTPUT.write_bytes(msgspec.json.format(msgspec.json.encode(found, enc_hook=str), indent=2))
    console.print(f"{found.seconds:,.0f} seconds in all. The figures are in {_OUTPUT.parent.name}/{_OUTPUT.name}.")


@contextmanager
def _fresh(kind: str, place: Path, server: str) -> Iterator[str]:
    """The URL of a database that is empty."""
    if kind == "postgresql":
        with fresh_database(server) as url:
            yield url
        return
    yield f"sqlite:///{place}/bench.db"
    for file in place.glob("bench.db*"):
        file.unlink()


def _in_a_process(assignment: Assignment) -> list[Row]:
    """Measured in a process of its own, so that no topic inherits another's memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, assignment).result()


def _measured(assignment: Assignment) -> list[Row]:
    async def measured() -> list[Row]:
        return [*await TOPICS[assignment.topic].measure(assignment)]

    return uvloop.run(measured())


if __name__ == "__main__":
    typer.run(main)
