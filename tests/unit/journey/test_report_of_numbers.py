"""What a report says of sums: rates, medians, the backlog day by day, and what it refuses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.journey.numbers.model.days import number_of
from doorstep.journey.numbers.model.metrics import BOUNDS, Metric, Span, bound_of, mean_minutes, quantile_minutes
from doorstep.journey.numbers.model.report import NumbersQuery, Read, Report, Share, Total, check, report
from doorstep.journey.numbers.model.rows import header, rows
from doorstep.kernel.errors import Refused

FIRST, LAST = date(2026, 2, 27), date(2026, 3, 1)
WEEKEND = NumbersQuery(FIRST, LAST)
spans = st.lists(st.integers(0, 40_000), min_size=1, max_size=60)


def a_report(*sums: tuple[int, Metric, int, int, int], before: tuple[Total, ...] = (), backlog: int = 0) -> Report:
    """A report of three days whose sums are (day of the three, metric, bound, count, total)."""
    totals = [Total(number_of(FIRST) + one[0], *one[1:]) for one in sums]
    read = Read(by_day=totals, before=before, backlog=backlog, backlog_before=7, counted_at=None)
    return report(WEEKEND, read)


def kept(minutes: list[int]) -> list[Span]:
    """Spans as they are stored."""
    return [Span(bound, 1, one) for one in sorted(minutes) for bound in [bound_of(one)]]


def test_every_day_is_there_and_the_backlog_runs_through() -> None:
    told = a_report((0, Metric.BACKLOG, 0, 5, 0), (2, Metric.BACKLOG, 0, -3, 0), backlog=10)
    assert [(one.day.day, one.figures.backlog) for one in told.days] == [(27, 15), (28, 15), (1, 12)]
    assert (told.totals.backlog, told.previous.backlog) == (12, 7)


def test_shares_are_of_what_was_paid_for() -> None:
    ordered = ((0, Metric.UNITS, 0, 10, 0), (0, Metric.LAPSED, 0, 1, 2), (0, Metric.CANCELED, 0, 4, 0))
    told = a_report(*ordered, (0, Metric.ARRIVED, 0, 4, 0), (1, Metric.ARRIVED, 0, 4, 0), (1, Metric.RETURNED, 0, 2, 0))
    assert (told.totals.canceled, told.totals.canceled.rate) == (Share(4, 8), 0.5)
    assert [one.figures.returned.rate for one in told.days] == [0.0, 0.5, None]
    assert told.totals.returned.rate == 0.25


def test_a_share_of_orders_is_of_those_that_were_judged() -> None:
    told = a_report((1, Metric.ON_TIME, 0, 4, 3), (2, Metric.ON_TIME, 0, 4, 4), (2, Metric.PERFECT, 0, 2, 1))
    assert (told.totals.on_time, told.totals.perfect.rate) == (Share(7, 8), 0.5)


def test_spans_of_all_days_together_have_one_median() -> None:
    told = a_report((0, Metric.DELIVERED, 2880, 3, 6000), (1, Metric.DELIVERED, 4320, 1, 4000))
    none, all_ = told.days[2].figures.delivered, told.totals.delivered
    assert (none.count, none.mean, none.median) == (0, None, None)
    assert (all_.count, all_.mean, all_.median) == (4, 2500.0, 1440 + 1440 * 2 / 3)
    assert all_.nine_in_ten == pytest.approx(2880 + 1440 * 0.6)


@given(spans, st.floats(0.01, 1.0))
def test_an_estimate_is_between_the_bounds_of_what_it_estimates(minutes: list[int], share: float) -> None:
    rank = max(1, -int(-share * len(minutes) // 1))
    true, estimated = sorted(minutes)[rank - 1], quantile_minutes(kept(minutes), share)
    bound = bound_of(true)
    low = max((one for one in BOUNDS if one < bound), default=0) if bound in BOUNDS else BOUNDS[-1]
    assert estimated is not None
    assert low <= estimated <= (bound if bound in BOUNDS else max(minutes))


@given(spans)
def test_a_mean_is_exact(minutes: list[int]) -> None:
    assert mean_minutes(kept(minutes)) == sum(minutes) / len(minutes)


def test_as_many_days_before() -> None:
    assert WEEKEND.previous == NumbersQuery(date(2026, 2, 24), date(2026, 2, 26))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (NumbersQuery(LAST, FIRST), "bad_days"),
        (NumbersQuery(date(2025, 1, 1), date(2026, 2, 5)), "too_many_days"),
        (NumbersQuery(date(1, 1, 1), date(1, 1, 2)), "too_many_days"),
        (NumbersQuery(FIRST, LAST, "nowhere"), "no_such_location"),
    ],
)
def test_what_cannot_be_told_is_refused(query: NumbersQuery, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check(query, ["north"])
    assert refused.value.code == code


def test_the_longest_report_is_over_four_hundred_days() -> None:
    query = NumbersQuery(date(2025, 1, 1), date(2026, 2, 4), "north")
    check(query, ["north"])
    assert query.days == 400


def test_a_row_for_each_day_and_a_cell_for_each_column() -> None:
    lines = [header(), *rows(a_report((0, Metric.ORDERS, 0, 2, 500)))]
    assert {len(line) for line in lines} == {len(set(header()))}
    assert (lines[1][:3], lines[3][0]) == (("2026-02-27", 2, 500), "2026-03-01")
