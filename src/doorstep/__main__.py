"""The command line."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from doorstep.kernel.errors import DoorstepError
from doorstep.rehearsal.report import show
from doorstep.rehearsal.running import Wanted, replay_file, verify_database
from doorstep.settings import Settings, read_settings
from doorstep.storage.migrations.migrate import migrate as migrate_database

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Order operations for online stores.")
console = Console()
T = TypeVar("T")

DatabaseUrl = Annotated[str | None, typer.Option("--database", help="sqlite:///file.db or postgresql://user@host:port/name")]


def _settings(database: str | None) -> Settings:
    settings = read_settings(os.environ)
    return msgspec.structs.replace(settings, database_url=database) if database else settings


def _run(job: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(job)


@cli.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A recording: .csv, .csv.xz or .csv.gz")],
    orders: Annotated[int | None, typer.Option(help="Only the first so many orders")] = None,
    database: DatabaseUrl = None,
    plan: Annotated[Path | None, typer.Option(help="The plan to replay under")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the whole report here, as JSON")] = None,
) -> None:
    """Run a recorded year of orders through the real engine under a simulated clock."""
    wanted = Wanted(file=file, settings=_settings(database), orders_max=orders, plan_file=plan)
    with _progress() as bar:
        task = bar.add_task("starting", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        done = _run(replay_file(wanted, told))
    if report:
        report.write_bytes(msgspec.json.format(msgspec.json.encode(done), indent=2))
    show(done, console)
    if done.laws_broken:
        raise typer.Exit(1)


@cli.command()
def verify(database: DatabaseUrl = None) -> None:
    """Check every law on a database as it stands; exit 1 when one is broken."""
    with _progress() as bar:
        task = bar.add_task("checking every law", total=None)
        verdict = _run(verify_database(_settings(database), lambda count: bar.advance(task, count)))
    for sentence in verdict.broken:
        console.print(f"[red]BROKEN[/red] {sentence}")
    console.print(f"{verdict.checked:,} laws checked on {verdict.orders:,} orders, {len(verdict.broken):,} broken.")
    if verdict.broken:
        raise typer.Exit(1)


@cli.command()
def migrate(database: DatabaseUrl = None) -> None:
    """Make the tables, or bring them up to date."""
    taken = _run(migrate_database(_settings(database).database_url))
    console.print(f"Done: {', '.join(taken)}." if taken else "Nothing to do: the database is up to date.")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def main() -> None:
    """Run a command; an expected error is one sentence, not a traceback."""
    try:
        cli()
    except DoorstepError as error:
        Console(stderr=True).print(f"[red]{error.message}[/red]")
        sys.exit(1)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Start it again to go on where it was.")
        sys.exit(130)


if __name__ == "__main__":
    main()
