"""The store's numbers, as a table for people or as CSV."""

import csv
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from doorstep.commands.screen import DatabaseUrl, database_of, minute, plain_table, run, say, screen, settings_with
from doorstep.journey.numbers.flow import Numbers
from doorstep.journey.numbers.model.report import Figures, Lead, NumbersQuery, Report, Share
from doorstep.journey.numbers.model.rows import header, rows
from doorstep.journey.plans import store as plans
from doorstep.kernel.money import format_minor
from doorstep.rehearsal.running import reading_ledger
from doorstep.settings import Settings

_DAYS = 30
_DAY = ["%Y-%m-%d"]


def numbers(
    first: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="The first day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="The last day.")] = None,
    location: Annotated[str, typer.Option(help="A location of the plan, instead of the whole store.")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="All numbers as CSV, for a spreadsheet.")] = False,  # noqa: FBT002
    database: DatabaseUrl = None,
) -> None:
    """Show how the store does, day by day: the latest 30 days, unless others are named. Spans of time are medians.

    Days are those of the store's time zone. What each number means is in docs/numbers.md.
    """
    days = (first.date() if first else None, last.date() if last else None)
    found = run(_report(settings_with(database), days, location))
    if found is None:
        say("No day was counted yet. `doorstep serve` and `doorstep work` count by themselves.")
    elif as_csv:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(header())
        out.writerows(rows(found[0]))
    else:
        screen.print(_table(*found))
        counted = found[0].counted_at
        say(f"Counted up to {minute(counted)} UTC." if counted else "")


async def _report(
    settings: Settings, days: tuple[date | None, date | None], location: str
) -> tuple[Report, str] | None:
    """The report and the store's currency; None while nothing was counted."""
    numbers_of = Numbers(reading_ledger())
    async with database_of(settings) as database, database.read() as tx:
        latest = await numbers_of.latest_day(tx)
        if latest is None:
            return None
        last = days[1] or max(latest, days[0] or latest)
        first = days[0] or last - timedelta(days=_DAYS - 1)
        version = (await plans.versions(tx))[-1][0]
        currency = (await plans.load(tx, [version]))[0].store.currency
        return await numbers_of.report(tx, NumbersQuery(first, last, location)), currency


def _table(report: Report, currency: str) -> Table:
    columns = _columns(currency)
    table = plain_table("", *(f"#{name}" for name in columns))
    for day in report.days:
        table.add_row(f"{day.day}", *(shown(day.figures) for shown in columns.values()))
    table.add_section()
    for name, figures in (("all days", report.totals), ("as many days before", report.previous)):
        table.add_row(name, *(shown(figures) for shown in columns.values()))
    return table


def _columns(currency: str) -> Mapping[str, Callable[[Figures], str]]:
    return {
        "orders": lambda one: f"{one.orders:,}",
        "worth": lambda one: format_minor(one.revenue_minor, currency),
        "units": lambda one: f"{one.units:,}",
        "to send": lambda one: f"{one.backlog:,}",
        "confirmed": lambda one: _span(one.confirmed),
        "handed over": lambda one: _span(one.handed_over),
        "delivered": lambda one: _span(one.delivered),
        "on time": lambda one: _rate(one.on_time),
        "perfect": lambda one: _rate(one.perfect),
        "canceled": lambda one: _rate(one.canceled),
        "short": lambda one: _rate(one.short),
        "returned": lambda one: _rate(one.returned),
        "refund": lambda one: _span(one.refund_time),
    }


def _rate(share: Share) -> str:
    return "" if share.rate is None else f"{share.rate:.1%}"


def _span(lead: Lead) -> str:
    if lead.median is None:
        return ""
    hours = lead.median / 60
    return f"{lead.median:.0f} min" if hours < 1 else f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"
