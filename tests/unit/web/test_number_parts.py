"""How numbers are compared and written."""

from datetime import date

import msgspec
import pytest

from doorstep.journey.numbers.model.metrics import Metric
from doorstep.journey.numbers.model.report import NumbersQuery, Read, Report, Total, report
from doorstep.web.language import Language
from doorstep.web.pages.number_parts import Unit, changed, plots_of, tiles_of

SAY = Language("en", "GB", "UTC")
DAYS = NumbersQuery(date(1970, 1, 2), date(1970, 1, 3))


def _report(orders: int, before: int) -> Report:
    placed = [Total(1, Metric.ORDERS, 0, orders, orders * 100), Total(1, Metric.ON_TIME, 0, 4, 3)]
    earlier = [Total(0, Metric.ORDERS, 0, before, before * 100)]
    return report(DAYS, Read(by_day=placed, before=earlier, backlog=0, backlog_before=0, counted_at=None))


@pytest.mark.parametrize(
    ("now", "before", "unit", "change"),
    [
        (150, 100, Unit.COUNT, 0.5),
        (0, 100, Unit.MONEY, -1),
        (5, 0, Unit.COUNT, None),
        (None, 3, Unit.SPAN, None),
        (3, None, Unit.SPAN, None),
        (0.5, 0.75, Unit.SHARE, -0.25),
        (0.5, 0.0, Unit.SHARE, 0.5),
    ],
)
def test_a_change_is_in_proportion_and_of_shares_a_difference(
    now: float | None, before: float | None, unit: Unit, change: float | None
) -> None:
    assert changed(now, before, unit) == change


@pytest.mark.parametrize(
    ("orders", "before", "change", "tone"),
    [(6, 3, "+100%", "good"), (3, 6, "−50%", "bad"), (3, 3, "unchanged", ""), (3, 0, "", "")],
)
def test_a_tile_says_whether_its_change_is_good(orders: int, before: int, change: str, tone: str) -> None:
    first = tiles_of(_report(orders, before), SAY, "GBP")[0]
    assert (first.value, first.change, first.tone, first.before) == (str(orders), change, tone, str(before))


def test_a_plot_draws_what_its_table_says() -> None:
    plots = {plot.id: plot for plot in plots_of(_report(6, 3), SAY, "GBP")}
    drawn = msgspec.json.decode(plots["revenue"].drawn)
    assert [one["values"] for one in drawn["series"]] == [[6.0, 0.0]]
    assert plots["revenue"].rows == (("3 Jan 1970", "£0.00"), ("2 Jan 1970", "£6.00"))
    assert msgspec.json.decode(plots["kept"].drawn)["series"][0]["values"] == [75.0, None]
    assert drawn["days"] == [86_400, 172_800]


@pytest.mark.parametrize(
    ("minutes", "text"), [(12, "12 mins"), (90, "1.5 hrs"), (2190, "36.5 hrs"), (4320, "3 days"), (10_000, "6.9 days")]
)
def test_how_long_something_took_is_told_to_a_tenth(minutes: float, text: str) -> None:
    assert SAY.duration(minutes) == text
