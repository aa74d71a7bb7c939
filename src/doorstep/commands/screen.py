"""What all commands share: the screen, a progress bar, the database that is meant."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from doorstep.kernel.errors import Refused
from doorstep.settings import Settings, read_settings
from doorstep.storage.database import Database
from doorstep.storage.migrations.version import is_current

T = TypeVar("T")
Told = Callable[[str, int, int | None], None]
"""Told what is going on, how much of it is done, and of how much."""

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="sqlite:///file.db or postgresql://user@host:port/name, instead of DOORSTEP_DATABASE_URL.",
    ),
]
PlanFile = Annotated[Path | None, typer.Option("--plan", metavar="FILE", help="Instead of DOORSTEP_PLAN.")]

screen = Console()
aside = Console(stderr=True)


def say(sentence: str, style: str = "") -> None:
    """Print a text as it is: nothing in it is markup, and no line is broken."""
    screen.print(sentence, style=style, markup=False, highlight=False, emoji=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """Print what went wrong, beside the output that a program may read."""
    aside.print(sentence, style="red", markup=False, highlight=False, emoji=False, soft_wrap=True)


def plain_table(*columns: str, title: str = "") -> Table:
    """A table whose cells are shown as they are; columns that begin with # hold numbers."""
    table = Table(title=title or None, title_justify="left", highlight=False)
    for name in columns:
        table.add_column(name.lstrip("#"), justify="right" if name.startswith("#") else "left", overflow="fold")
    return table


def minute(moment: datetime) -> str:
    """A time as commands print it: UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}"


def settings_with(database: str | None = None, plan: Path | None = None) -> Settings:
    """The settings of the environment, with what the command line says instead."""
    settings = read_settings(os.environ)
    settings = replace(settings, database_url=database) if database else settings
    return replace(settings, plan=str(plan)) if plan else settings


def run(job: Coroutine[Any, Any, T]) -> T:
    """Run what waits to its end."""
    return asyncio.run(job)


def file_bytes(path: Path) -> bytes:
    """What is in a file; Refused when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused("unreadable_file", f"{path} cannot be read: {error.strerror}.") from None


@contextmanager
def progress() -> Iterator[Told]:
    """A bar beside the output while something long goes on; it leaves nothing behind, and a file gets none."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def told(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield told


@asynccontextmanager
async def database_of(settings: Settings, *, writer: bool = False) -> AsyncIterator[Database]:
    """The database of a deployment, open; Refused when it has no tables yet or those of an older program."""
    if not await is_current(settings.database_url):
        raise Refused("not_migrated", "This database has not the tables of this program. Run: doorstep migrate")
    database = Database(settings.database_url)
    await database.open(writer=writer)
    try:
        yield database
    finally:
        await database.close()
