"""A report as a table that a spreadsheet opens: one row a day, one column a number."""

from collections.abc import Callable, Iterator, Mapping

from doorstep.journey.numbers.model.report import Figures, Lead, Report, Share

Cell = str | int | float


def _rate(share: Share) -> Cell:
    return "" if share.rate is None else round(share.rate, 4)


def _minutes(minutes: float | None) -> Cell:
    return "" if minutes is None else round(minutes)


def _lead_columns(name: str, of: Callable[[Figures], Lead]) -> dict[str, Callable[[Figures], Cell]]:
    return {
        f"{name}_orders" if name != "refund" else "refunds_timed": lambda one: of(one).count,
        f"{name}_minutes_mean": lambda one: _minutes(of(one).mean),
        f"{name}_minutes_median": lambda one: _minutes(of(one).median),
        f"{name}_minutes_nine_in_ten": lambda one: _minutes(of(one).nine_in_ten),
    }


COLUMNS: Mapping[str, Callable[[Figures], Cell]] = {
    "orders": lambda one: one.orders,
    "revenue_minor": lambda one: one.revenue_minor,
    "units": lambda one: one.units,
    "lapsed_orders": lambda one: one.lapsed,
    "canceled_units": lambda one: one.canceled.part,
    "canceled_share": lambda one: _rate(one.canceled),
    "unsupplied_units": lambda one: one.unsupplied.part,
    "unsupplied_share": lambda one: _rate(one.unsupplied),
    "short_units": lambda one: one.short.part,
    "short_share": lambda one: _rate(one.short),
    "delivered_units": lambda one: one.returned.of,
    "returned_units": lambda one: one.returned.part,
    "returned_share": lambda one: _rate(one.returned),
    "parcels": lambda one: one.parcels,
    **_lead_columns("confirmed", lambda one: one.confirmed),
    **_lead_columns("handed_over", lambda one: one.handed_over),
    **_lead_columns("delivered", lambda one: one.delivered),
    "on_time_orders": lambda one: one.on_time.part,
    "on_time_of": lambda one: one.on_time.of,
    "on_time_share": lambda one: _rate(one.on_time),
    "perfect_orders": lambda one: one.perfect.part,
    "perfect_of": lambda one: one.perfect.of,
    "perfect_share": lambda one: _rate(one.perfect),
    "refunds": lambda one: one.refunds,
    "refunded_minor": lambda one: one.refunded_minor,
    **_lead_columns("refund", lambda one: one.refund_time),
    "backlog": lambda one: one.backlog,
}
"""The columns after the day, by name."""


def header() -> tuple[str, ...]:
    """The names of all columns."""
    return ("day", *COLUMNS)


def rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """A row for each day."""
    for one in report.days:
        yield (one.day.isoformat(), *(value(one.figures) for value in COLUMNS.values()))
