"""Orders: found by what is known of them, listed, kept as a named filter, taken along as CSV."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.views import SavedView
from doorstep.journey.overview.lists import OrderQuery, Row, Sorting
from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Refused
from doorstep.kernel.money import format_minor
from doorstep.web.labels import LABELS, marked
from doorstep.web.language import Language
from doorstep.web.pages.bulk import FOR_MANY
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Download, Moved, Shown, Visit, done

LIST = "/console/orders"
_PAYMENTS = ("pending", "action_required", "declined", "authorized", "captured", "refunded", "voided")
_SORTS = {"": marked("Newest first"), "due": marked("Soonest due first")}
_COLUMNS = (
    *("number", "placed_at", "stage", "since", "due_at", "late", "payment"),
    *("buyer", "country", "total", "currency", "units", "service"),
)


class Filter(Struct, frozen=True):
    """What a list was asked for, as its form says it."""

    q: str = ""
    stage: str = ""
    payment: str = ""
    sort: str = ""
    since: str = ""
    until: str = ""
    late: str = ""

    @property
    def query_string(self) -> str:
        """The filter as part of a URL; empty when nothing is asked for."""
        given = {name: value for name in self.__struct_fields__ if (value := getattr(self, name))}
        return f"?{urlencode(given)}" if given else ""


class ViewForm(Struct, frozen=True):
    """A filter that is to be kept, or given up, under a name."""

    view: str = ""
    query: str = ""


async def orders(visit: Visit) -> Shown:
    """The orders that are asked for, a page of them."""
    wanted, errors, cursor = filter_of(visit), dict[str, str](), None
    rows: tuple[Row, ...] = ()
    async with visit.given.database.read() as tx:
        views = await visit.given.people.views.of(tx, visit.actor.id)
        try:
            query = replace(query_of(wanted, visit.language), after=visit.query.get("cursor", ""))
            page = await visit.given.overview.orders(tx, query, visit.now)
            rows, cursor = page.rows, page.next_cursor
        except Refused as refused:
            errors = field_errors(refused)
    fill = {
        "query": wanted,
        "query_string": wanted.query_string,
        "errors": errors,
        "rows": rows,
        "next_url": f"{LIST}?{urlencode({**_given(wanted), 'cursor': cursor})}" if cursor else "",
        "views": [one for one in views if one.page == "orders"],
        "bulk": [(name, visit.language(text)) for name, text in _bulk(visit)],
        **_choices(visit.language),
    }
    return Shown("orders.html", fill, 422 if errors else 200)


async def export(visit: Visit) -> Download:
    """The same orders, all of them, as a file for spreadsheets."""
    query = query_of(filter_of(visit), visit.language)
    parts = _csv(visit.given.overview.all_orders(visit.given.database, query, visit.now))
    first = await anext(parts)  # what cannot be searched for is refused before the file begins
    return Download(f"orders-{visit.now:%Y-%m-%d}.csv", "text/csv; charset=utf-8", _after(first, parts))


async def save_view(visit: Visit) -> Moved:
    """Keep a filter under a name."""
    async with visit.given.database.begin() as tx:
        await visit.given.people.views.save(
            tx, SavedView(visit.actor.id, "orders", visit.form.view, _own(visit.form.query))
        )
    return Moved(f"{LIST}{_own(visit.form.query)}", done(visit.language("The filter is kept.")))


async def remove_view(visit: Visit) -> Moved:
    """Give a filter up."""
    async with visit.given.database.begin() as tx:
        await visit.given.people.views.remove(tx, visit.actor.id, "orders", visit.form.view)
    return Moved(LIST, done(visit.language("The filter is removed.")))


def filter_of(visit: Visit) -> Filter:
    """What the URL asks for."""
    return Filter(**{name: visit.query.get(name, "").strip()[:200] for name in Filter.__struct_fields__})


def query_of(wanted: Filter, language: Language) -> OrderQuery:
    """The same as the overview understands it; Refused, by field, when it cannot be."""
    if wanted.stage and wanted.stage not in set(Stage):
        sentence = language("There is no such stage.")
        raise Refused("bad_parameter", sentence, {"stage": sentence})
    until = _day("until", wanted.until, language)
    return OrderQuery(
        text=wanted.q,
        stages=(Stage(wanted.stage),) if wanted.stage else (),
        payments=(wanted.payment,) if wanted.payment else (),
        placed_from=_day("since", wanted.since, language),
        placed_to=until + timedelta(days=1) if until else None,
        late=bool(wanted.late),
        sorting=Sorting.DUE if wanted.sort == "due" else Sorting.NEWEST,
    )


def _day(name: str, text: str, language: Language) -> datetime | None:
    """The beginning of a day by the store's clocks."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), language.zone)
    except ValueError:
        sentence = language("This is no day; write it like 2026-11-25.")
        raise Refused("bad_parameter", sentence, {name: sentence}) from None


def _given(wanted: Filter) -> dict[str, str]:
    return {name: value for name in wanted.__struct_fields__ if (value := getattr(wanted, name))}


def _bulk(visit: Visit) -> list[tuple[str, str]]:
    return [(name, text) for name, (text, act) in FOR_MANY.items() if visit.actor.may(act.needs)]


def _choices(language: Language) -> dict[str, Any]:
    return {
        "stages": [("", language("All stages")), *((stage.value, language(LABELS[stage.value])) for stage in Stage)],
        "payments": [("", language("All payments")), *((one, language(LABELS[one])) for one in _PAYMENTS)],
        "sorts": [(key, language(text)) for key, text in _SORTS.items()],
    }


def _own(query: str) -> str:
    return query if query.startswith("?") else ""


async def _csv(pages: AsyncIterator[Sequence[Row]]) -> AsyncIterator[bytes]:
    """Lines as RFC 4180 has them; what a spreadsheet would take for a formula is made a text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    async for rows in pages:
        writer.writerows([_inert(value) for value in _cells(row)] for row in rows)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part


def _cells(row: Row) -> tuple[object, ...]:
    return (
        *(row.number, row.placed_at.isoformat(), row.stage.value, row.since.isoformat()),
        *(row.due_at.isoformat() if row.due_at else "", "yes" if row.late else "no", row.payment),
        *(row.buyer, row.country, format_minor(row.total_minor, row.currency), row.currency, row.units, row.service),
    )


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
