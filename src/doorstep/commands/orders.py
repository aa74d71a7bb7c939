"""Orders to look at: a list, one in words, the board."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from doorstep.commands.screen import DatabaseUrl, database_of, minute, plain_table, run, say, screen, settings_with
from doorstep.commands.story import told
from doorstep.journey.ledger.store import Headline
from doorstep.journey.overview.board import Column
from doorstep.journey.overview.flow import Overview
from doorstep.journey.overview.story import Story
from doorstep.journey.standing import ENDS, OWNERS, Stage
from doorstep.kernel.clock import MachineClock, from_ms
from doorstep.rehearsal.running import reading_ledger
from doorstep.settings import Settings


def orders(
    stage: Annotated[Stage | None, typer.Option(help="Only orders in this stage.")] = None,
    most: Annotated[int, typer.Option(help="How many, at most.", min=1, max=10_000)] = 30,
    database: DatabaseUrl = None,
) -> None:
    """List orders, the newest first."""
    found = run(_newest(settings_with(database), stage, most))
    if found:
        screen.print(_listed(found))
    else:
        say(f"There are no orders{f' in {stage.value}' if stage else ''}.")
    if len(found) == most:
        say(f"These are the newest {most}. For more: --most {most * 10}")


def order(
    number: Annotated[str, typer.Argument(help="The order's number, or its id.")], database: DatabaseUrl = None
) -> None:
    """Tell one order: its lines, money, parcels, all that happened, what was said. Times are UTC."""
    for line in told(run(_story(settings_with(database), number)), MachineClock().now()):
        say(line)


def board(database: DatabaseUrl = None) -> None:
    """Show how many orders are in each stage, who moves them on, and since when the oldest waits."""
    screen.print(board_table(run(_board(settings_with(database)))))


def board_table(columns: Sequence[Column]) -> Table:
    """The board for people: every stage in the order of the journey."""
    table = plain_table("stage", "#orders", "moved on by", "the oldest since", title="The journey board")
    for column in columns:
        since = minute(column.oldest_since) if column.oldest_since and column.stage not in ENDS else ""
        who = "" if column.stage in ENDS else OWNERS[column.stage].who
        count = f"{column.orders:,}" if column.orders else "–"
        table.add_row(column.stage.replace("_", " "), count, who, since)
    return table


def _listed(found: Sequence[Headline]) -> Table:
    table = plain_table("order", "placed", "stage", "since", "payment")
    for one in found:
        placed, since = minute(from_ms(one.placed_at_ms)), minute(from_ms(one.since_ms))
        table.add_row(one.number, placed, one.stage.replace("_", " "), since, one.payment.replace("_", " "))
    return table


async def _newest(settings: Settings, stage: Stage | None, most: int) -> list[Headline]:
    async with database_of(settings) as database, database.read() as tx:
        return await Overview(reading_ledger()).newest(tx, most=most, stage=stage or "")


async def _story(settings: Settings, number: str) -> Story:
    async with database_of(settings) as database, database.read() as tx:
        return await Overview(reading_ledger()).story(tx, number)


async def _board(settings: Settings) -> list[Column]:
    async with database_of(settings) as database, database.read() as tx:
        return await Overview(reading_ledger()).board(tx, MachineClock().now())
