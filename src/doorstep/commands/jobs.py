"""Jobs: what is to be done, and what was tried too often and waits for a person."""

from typing import Annotated

import typer
from msgspec import Struct

from doorstep.commands.screen import DatabaseUrl, database_of, minute, plain_table, run, say, screen, settings_with
from doorstep.jobs import store
from doorstep.jobs.model import Counts, Exhausted
from doorstep.kernel.clock import MachineClock, from_ms, to_ms
from doorstep.kernel.errors import Missing, Refused
from doorstep.settings import Settings

_EXHAUSTED_MAX = 50
_ERROR_CHARS_MAX = 200

Key = Annotated[str, typer.Argument(help="The job's key, as `doorstep jobs` shows it.")]


class Seen(Struct, frozen=True):
    """What there is to do by kind (due, later, held by a process, exhausted), and the exhausted jobs."""

    counts: dict[str, Counts]
    exhausted: list[Exhausted]


def jobs(context: typer.Context, database: DatabaseUrl = None) -> None:
    """List jobs by kind, and those that were tried too often and wait for a person."""
    if context.invoked_subcommand:
        return
    seen = run(_look(settings_with(database)))
    if seen.counts:
        _show(seen)
    else:
        say("There are no jobs: nothing is to be done.")


def retry(key: Key, database: DatabaseUrl = None) -> None:
    """Try an exhausted job again, from its first attempt on."""
    run(_retry(settings_with(database), key))
    say(f"{key} is tried again.")


def give_up(
    key: Key,
    reason: Annotated[str, typer.Option(metavar="WHY", help="Kept with the job, for whoever asks later.")],
    database: DatabaseUrl = None,
) -> None:
    """Decide that an exhausted job is not done. It is kept, and never run or listed again."""
    if not reason.strip():
        raise Refused("no_reason", "Say why, for whoever asks later: --reason 'the parcel was paid back by hand'")
    run(_give_up(settings_with(database), key, reason.strip()))
    say(f"{key} is given up.")


def _show(seen: Seen) -> None:
    table = plain_table("kind", "#due", "#later", "#held", "#exhausted")
    for kind, counts in seen.counts.items():
        table.add_row(kind, *(f"{count:,}" for count in (counts.due, counts.later, counts.running, counts.exhausted)))
    screen.print(table)
    for job in seen.exhausted:
        due = minute(from_ms(job.due_at_ms))
        say(f"\n{job.key}\n  tried {job.attempts} times, last due {due}: {job.error[:_ERROR_CHARS_MAX]}")
    if seen.exhausted:
        say("\nTo try one again: doorstep jobs retry KEY. To let it be: doorstep jobs give-up KEY --reason WHY")


async def _look(settings: Settings) -> Seen:
    async with database_of(settings) as database, database.read() as tx:
        now = to_ms(MachineClock().now())
        return Seen(await store.outstanding(tx, now), await store.exhausted(tx, _EXHAUSTED_MAX))


async def _retry(settings: Settings, key: str) -> None:
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        if not await store.retry(tx, key, to_ms(MachineClock().now())):
            raise _no_such_job(key)


async def _give_up(settings: Settings, key: str, reason: str) -> None:
    async with database_of(settings, writer=True) as database, database.begin() as tx:
        if not await store.give_up(tx, key, reason):
            raise _no_such_job(key)


def _no_such_job(key: str) -> Missing:
    return Missing("no_such_job", f"There is no exhausted job {key}. `doorstep jobs` lists those that there are.")
