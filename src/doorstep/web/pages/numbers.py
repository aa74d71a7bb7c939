"""How the store does: totals against the days before, plots, the same as tables and as CSV."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from doorstep.journey.numbers.model.report import DAYS_MAX, NumbersQuery, Report
from doorstep.journey.numbers.model.rows import header, rows
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.web.labels import marked
from doorstep.web.pages.csv_rows import csv_rows
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.number_parts import plots_of, tiles_of
from doorstep.web.pages.page import Download, Shown, Visit

PATH = "/console/numbers"
_USUAL_DAYS = 30
_PERIODS: Mapping[str, str] = {
    "7": marked("The last 7 days"),
    "30": marked("The last 30 days"),
    "90": marked("The last 90 days"),
    "365": marked("The last 365 days"),
    "": marked("From one day to another"),
}
_NO_DAY = marked("This is no day such as 2026-03-31.")


class Asked(Struct, frozen=True):
    """What was asked for, as the form says it; days that are named go before a period."""

    days: str
    since: str
    until: str
    location: str

    @property
    def query_string(self) -> str:
        """The same as part of a URL."""
        return urlencode({name: value for name in self.__struct_fields__ if (value := getattr(self, name))})


async def numbers(visit: Visit) -> Shown:
    """The numbers of some days."""
    asked, errors, report = _asked(visit), dict[str, str](), None
    query = _query(asked, visit, errors)
    try:
        if not errors:
            report = await _report(visit, query)
    except DoorstepError as error:
        errors = field_errors(error)
    places = [(place.id, place.name) for place in visit.given.plans.in_force.locations]
    fill: dict[str, Any] = {
        "asked": asked,
        "errors": errors,
        "report": report,
        "periods": [(key, visit.language(text)) for key, text in _PERIODS.items()],
        "locations": [("", visit.language("The whole store")), *places],
        "csv_url": f"{PATH}.csv?{asked.query_string}",
        **(_parts(report, visit) if report else {}),
    }
    return Shown("numbers.html", fill, 422 if errors else 200)


async def export(visit: Visit) -> Download:
    """The same as a file: one row a day, one column a number."""
    errors: dict[str, str] = {}
    query = _query(_asked(visit), visit, errors)
    if errors:
        raise Refused("bad_query", next(iter(errors.values())), errors)
    report = await _report(visit, query)
    name = f"numbers-{query.first_day}-{query.last_day}.csv"
    return Download(name, "text/csv; charset=utf-8", _csv(report))


async def _report(visit: Visit, query: NumbersQuery) -> Report:
    async with visit.given.database.read() as tx:
        return await visit.given.numbers.report(tx, query)


def _parts(report: Report, visit: Visit) -> dict[str, Any]:
    currency, query = visit.given.plans.in_force.store.currency, report.query
    before = query.previous
    return {
        "tiles": tiles_of(report, visit.language, currency),
        "plots": plots_of(report, visit.language, currency),
        "first": visit.language.day_of(query.first_day),
        "last": visit.language.day_of(query.last_day),
        "before_first": visit.language.day_of(before.first_day),
        "before_last": visit.language.day_of(before.last_day),
    }


async def _csv(report: Report) -> AsyncIterator[bytes]:
    yield csv_rows([header()], is_first=True)
    yield csv_rows([str(cell) for cell in row] for row in rows(report))


def _asked(visit: Visit) -> Asked:
    said = {name: visit.query.get(name, "").strip()[:100] for name in ("days", "since", "until", "location")}
    if said["days"] not in _PERIODS or not (said["days"] or said["since"] or said["until"]):
        said["days"] = str(_USUAL_DAYS)
    if said["since"] or said["until"]:
        said["days"] = ""
    return Asked(**said)


def _query(asked: Asked, visit: Visit, errors: dict[str, str]) -> NumbersQuery:
    today = visit.language.local(visit.now).date()
    if asked.days:
        return NumbersQuery(today - timedelta(days=int(asked.days) - 1), today, asked.location)
    last = _day(asked.until, "until", visit, errors) or today
    first = _day(asked.since, "since", visit, errors) or last - timedelta(days=_USUAL_DAYS - 1)
    if not errors and last < first:
        errors["until"] = visit.language("It is before the first day.")
    if not errors and (last - first).days >= DAYS_MAX:
        errors["since"] = visit.language("A report is over at most {days} days.", days=DAYS_MAX)
    return NumbersQuery(first, last, asked.location)


def _day(text: str, name: str, visit: Visit, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[name] = visit.language(_NO_DAY)
        return None
