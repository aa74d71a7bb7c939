"""The engine on trial: a recording replayed, every law checked, a demo store."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import Struct

from doorstep.commands.screen import DatabaseUrl, database_of, progress, run, say, screen, settings_with
from doorstep.journey.verify import Verdict
from doorstep.rehearsal.report import show
from doorstep.rehearsal.running import Wanted, replay_file, verify_database
from doorstep.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]


class VerdictView(Struct, frozen=True):
    """A verdict for programs. `broken` has a sentence for each law that does not hold."""

    orders: int
    laws_checked: int
    broken: list[str]
    orders_by_stage: dict[str, int]
    units: dict[str, int]
    money_minor: dict[str, int]
    facts: dict[str, int]


def replay(
    file: Annotated[Path, typer.Argument(help="A recording: .csv, .csv.xz or .csv.gz.")],
    orders: Annotated[int | None, typer.Option(help="Only the first so many orders.")] = None,
    database: DatabaseUrl = None,
    plan: Annotated[Path | None, typer.Option(help="The plan to replay under; else the recorded retailer's.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the whole report here, as JSON.")] = None,
) -> None:
    """Run a recorded year of orders through the real engine under a simulated clock."""
    wanted = Wanted(file=file, settings=settings_with(database), orders_max=orders, plan_file=plan)
    with progress() as told:
        done = run(replay_file(wanted, told))
    if report:
        report.write_bytes(msgspec.json.format(msgspec.json.encode(done), indent=2))
    show(done, screen)
    if done.laws_broken:
        raise typer.Exit(1)


def verify(database: DatabaseUrl = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Check every law on a database as it stands; exit 1 when one is broken."""
    checked = 0
    with progress() as told:

        def more(count: int) -> None:
            nonlocal checked
            checked += count
            told("checking every law", checked, None)

        verdict = run(_verify(settings_with(database), more))
    if as_json:
        say(msgspec.json.encode(_view(verdict)).decode())
    else:
        for sentence in verdict.broken:
            say(f"BROKEN {sentence}", style="red")
        say(f"{verdict.checked:,} laws checked on {verdict.orders:,} orders, {len(verdict.broken):,} broken.")
    if verdict.broken:
        raise typer.Exit(1)


async def _verify(settings: Settings, more: Callable[[int], None]) -> Verdict:
    async with database_of(settings):
        return await verify_database(settings, more)


def demo() -> None:
    """A demo."""


def _view(verdict: Verdict) -> VerdictView:
    sums = verdict.sums
    return VerdictView(
        verdict.orders,
        verdict.checked,
        verdict.broken,
        dict(sums.stages),
        dict(sums.units),
        dict(sums.money),
        dict(sums.facts),
    )
