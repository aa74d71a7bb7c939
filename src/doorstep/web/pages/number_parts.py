"""A report as tiles and plots: what each number is called, how it is written, and whether more of it is good."""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache

import msgspec
from msgspec import Struct

from doorstep.journey.numbers.model.report import Figures, Report
from doorstep.kernel.money import exponent
from doorstep.web.labels import marked
from doorstep.web.language import Language

Value = float | None
_POINT = 0.0005  # a share that changes by less than a twentieth of a point has not changed


class Unit(StrEnum):
    """In what something is counted: it says how it is written and compared."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    SPAN = "span"


class Measure(Struct, frozen=True):
    """A number of a report. Spans are in minutes, amounts in minor units. `is_better` is +1 when more is better."""

    name: str
    unit: Unit
    of: Callable[[Figures], Value]
    is_better: int
    says: str = ""


class Tile(Struct, frozen=True):
    """A total, what it was before, and by how much it changed."""

    name: str
    value: str
    change: str
    tone: str
    before: str
    says: str


class Series(Struct, frozen=True):
    """A line of a plot: its values by day, in the unit in which they are drawn."""

    name: str
    color: str
    values: tuple[Value, ...]


class Plot(Struct, frozen=True, kw_only=True):
    """A plot and the table that says the same. `drawn` is what the script reads."""

    id: str
    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawn: str


ORDERS = Measure(marked("Orders"), Unit.COUNT, lambda one: one.orders, 1, marked("placed"))
REVENUE = Measure(marked("Revenue"), Unit.MONEY, lambda one: one.revenue_minor, 1, marked("of the orders placed"))
ON_TIME = Measure(
    marked("On time"), Unit.SHARE, lambda one: one.on_time.rate, 1, marked("of the orders whose parcels arrived")
)
PERFECT = Measure(
    marked("Perfect orders"),
    Unit.SHARE,
    lambda one: one.perfect.rate,
    1,
    marked("complete, on time and without fault"),
)
DELIVERED = Measure(
    marked("Placed to delivered"), Unit.SPAN, lambda one: one.delivered.median, -1, marked("half are quicker")
)
HANDED_OVER = Measure(
    marked("Placed to handed over"), Unit.SPAN, lambda one: one.handed_over.median, -1, marked("half are quicker")
)
BACKLOG = Measure(marked("Still to send"), Unit.COUNT, lambda one: one.backlog, -1, marked("when the last day ended"))
RETURNED = Measure(marked("Returned"), Unit.SHARE, lambda one: one.returned.rate, -1, marked("of the units delivered"))
REFUND = Measure(
    marked("Refund time"), Unit.SPAN, lambda one: one.refund_time.median, -1, marked("half are paid back quicker")
)

TILES = (ORDERS, REVENUE, ON_TIME, PERFECT, DELIVERED, BACKLOG, RETURNED, REFUND)
_PLOTS: Mapping[str, tuple[str, str, Sequence[Measure]]] = {
    "orders": (marked("Orders placed"), "", (ORDERS,)),
    "revenue": (marked("Revenue"), "", (REVENUE,)),
    "kept": (marked("Promises kept"), marked("by the day on which the outcome was known"), (ON_TIME, PERFECT)),
    "lead": (marked("How long it takes"), marked("the median of each day"), (HANDED_OVER, DELIVERED)),
    "backlog": (marked("Still to send"), marked("when each day ended"), (BACKLOG,)),
    "returned": (marked("Returned"), marked("of the units of orders placed that day"), (RETURNED,)),
}
_COLORS = ("door", "calm")


def tiles_of(report: Report, say: Language, currency: str) -> list[Tile]:
    """The totals."""
    return [_tile(one, report, say, currency) for one in TILES]


def plots_of(report: Report, say: Language, currency: str) -> list[Plot]:
    """The plots, each of one unit, by day."""
    write = _Writing(say, currency)
    days = [one.day for one in report.days]
    shown = [say.day_of(day) for day in days]
    return [_plot(name, report, (days, shown), write) for name in _PLOTS]


def changed(now: Value, before: Value, unit: Unit) -> Value:
    """How something changed: a share by its difference, anything else in proportion; None when that says nothing."""
    if now is None or before is None or (unit is not Unit.SHARE and before <= 0):
        return None
    return now - before if unit is Unit.SHARE else now / before - 1


class _Writing:
    """Writes values of a unit, as the table and the tiles show them."""

    def __init__(self, say: Language, currency: str) -> None:
        self.say = say
        self.currency = currency
        self._whole = cache(say.number)
        self._shares = cache(say.percent)
        self._spans = cache(say.duration)

    def __call__(self, value: Value, unit: Unit) -> str:
        if value is None:
            return "–"
        if unit is Unit.MONEY:
            return self.say.money(round(value), self.currency)
        if unit is Unit.COUNT:
            return self._whole(round(value))
        return self._shares(round(value, 4)) if unit is Unit.SHARE else self._spans(round(value))

    def drawn(self, value: Value, unit: Unit) -> Value:
        """A value as it is drawn: amounts in the currency itself, shares in percent, spans in hours."""
        if value is None or unit is Unit.COUNT:
            return value
        if unit is Unit.MONEY:
            return value / float(10 ** exponent(self.currency))
        return round(value * 100, 2) if unit is Unit.SHARE else round(value / 60, 2)


def _tile(one: Measure, report: Report, say: Language, currency: str) -> Tile:
    write, now, before = _Writing(say, currency), one.of(report.totals), one.of(report.previous)
    change = changed(now, before, one.unit)
    if change is None or abs(change) < _POINT:
        text, tone = (say("unchanged") if change is not None else "", "")
    else:
        text = _said(change, one.unit, say)
        tone = "good" if (change > 0) == (one.is_better > 0) else "bad"
    return Tile(say(one.name), write(now, one.unit), text, tone, write(before, one.unit), say(one.says))


def _said(change: float, unit: Unit, say: Language) -> str:
    sign = "+" if change > 0 else "−"
    if unit is Unit.SHARE:
        return say("{sign}{points} points", sign=sign, points=say.number(round(abs(change) * 100, 1)))
    return f"{sign}{say.percent(abs(change))}"


def _plot(name: str, report: Report, days: tuple[Sequence[date], Sequence[str]], write: _Writing) -> Plot:
    title, says, measures = _PLOTS[name]
    unit, say = measures[0].unit, write.say
    values = [[measure.of(day.figures) for day in report.days] for measure in measures]
    series = [
        Series(say(measure.name), color, tuple(write.drawn(value, unit) for value in of_days))
        for measure, color, of_days in zip(measures, _COLORS, values, strict=False)
    ]
    cells = [[write(value, unit) for value in of_days] for of_days in values]
    return Plot(
        id=name,
        title=say(title),
        says=say(says) if says else "",
        columns=tuple(one.name for one in series),
        rows=tuple(zip(days[1], *cells, strict=True))[::-1],
        drawn=_drawn(days[0], series, unit, write.currency),
    )


def _drawn(days: Iterable[date], series: Sequence[Series], unit: Unit, currency: str) -> str:
    """What the script draws, as JSON: days are seconds since 1970, at midnight in UTC."""
    seconds = [calendar.timegm(day.timetuple()) for day in days]
    said = {"days": seconds, "unit": unit, "currency": currency, "series": series}
    return msgspec.json.encode(said).decode()
