"""A report: what the sums of a span of days say, for each day and for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from doorstep.journey.numbers.model.days import date_of, number_of
from doorstep.journey.numbers.model.metrics import LEADS, WHOLE, Metric, Pair, Span, mean_minutes, quantile_minutes
from doorstep.kernel.errors import Refused

DAYS_MAX = 400


class NumbersQuery(Struct, frozen=True):
    """Which days, the last one included, and which location; none for the whole store."""

    first_day: date
    last_day: date
    location: str = WHOLE

    @property
    def days(self) -> int:
        """How many days that is."""
        return (self.last_day - self.first_day).days + 1

    @property
    def previous(self) -> "NumbersQuery":
        """As many days right before."""
        length = timedelta(days=self.days)
        return NumbersQuery(self.first_day - length, self.last_day - length, self.location)


class Total(Struct, frozen=True, array_like=True):
    """A sum as it is read: of a day, or of all days that were asked for. A metric's come in the order of `up_to`."""

    day: int
    metric: Metric
    up_to: int
    count: int
    total: int


class Lead(Struct, frozen=True):
    """Spans of time, in the order of their bounds: how many, and their minutes. None: there are none.

    The median and the ninth decile are estimates, right up to the bounds between which spans are counted (`BOUNDS`).
    """

    spans: tuple[Span, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(span.count for span in self.spans)

    @property
    def mean(self) -> float | None:
        """Exact."""
        return mean_minutes(self.spans)

    @property
    def median(self) -> float | None:
        """Half of them are shorter."""
        return quantile_minutes(self.spans, 0.5)

    @property
    def nine_in_ten(self) -> float | None:
        """Nine in ten of them are shorter."""
        return quantile_minutes(self.spans, 0.9)


class Share(Struct, frozen=True):
    """A part of a whole."""

    part: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.part / self.of if self.of else None


class Figures(Struct, frozen=True, kw_only=True):
    """All numbers of a day, or of several. Amounts are minor units of the store's currency, spans are minutes.

    The shares from `canceled` to `returned` are of units of orders placed on these days, whenever the rest happened.
    `backlog` is how many orders (at a location, fulfillment orders) were still to be sent when the last day ended.
    """

    orders: int
    revenue_minor: int
    units: int
    lapsed: int
    canceled: Share
    unsupplied: Share
    short: Share
    returned: Share
    parcels: int
    confirmed: Lead
    handed_over: Lead
    delivered: Lead
    on_time: Share
    perfect: Share
    refunds: int
    refunded_minor: int
    refund_time: Lead
    backlog: int


class Day(Struct, frozen=True):
    """One day."""

    day: date
    figures: Figures


class Report(Struct, frozen=True):
    """What was asked, every day of it, all days together, and as many days before to compare with.

    `counted_at` is when the latest of the days with orders was last looked at; None when nothing was counted yet.
    """

    query: NumbersQuery
    days: tuple[Day, ...]
    totals: Figures
    previous: Figures
    counted_at: datetime | None


class Read(Struct, frozen=True, kw_only=True):
    """What was read for a report: sums by day; those of all days before; what was to be sent when each span began."""

    by_day: Sequence[Total]
    before: Sequence[Total]
    backlog: int
    backlog_before: int
    counted_at: datetime | None


def check(query: NumbersQuery, locations: Iterable[str]) -> None:
    """Refused when a report cannot be made of it."""
    if query.last_day < query.first_day:
        raise Refused("bad_days", f"The last day, {query.last_day}, is before the first, {query.first_day}.")
    if query.days > DAYS_MAX or query.first_day.year < 1970 or query.last_day.year > 9000:
        raise Refused("too_many_days", f"A report is over at most {DAYS_MAX} days after 1970.")
    if query.location != WHOLE and query.location not in locations:
        raise Refused("no_such_location", f"There is no location {query.location}.")


def report(query: NumbersQuery, read: Read) -> Report:
    """The report of what was read."""
    by_day: dict[int, list[Total]] = {}
    for total in read.by_day:
        by_day.setdefault(total.day, []).append(total)
    days: list[Day] = []
    backlog, first = read.backlog, number_of(query.first_day)
    for day in range(first, first + query.days):
        totals = by_day.get(day, ())
        backlog += _growth(totals)
        days.append(Day(date_of(day), figures(totals, backlog)))
    previous = figures(read.before, read.backlog_before + _growth(read.before))
    return Report(query, tuple(days), figures(_over_all(read.by_day), backlog), previous, read.counted_at)


def figures(totals: Sequence[Total], backlog: int) -> Figures:
    """What sums say. `backlog` is that at the end of their last day."""
    spans: dict[Metric, list[Span]] = {}
    pairs: dict[Metric, Pair] = {}
    for one in totals:
        if one.metric in LEADS:
            spans.setdefault(one.metric, []).append(Span(one.up_to, one.count, one.total))
        else:
            pairs[one.metric] = (one.count, one.total)
    placed, lapsed, refunds = (pairs.get(m, _NONE) for m in (Metric.ORDERS, Metric.LAPSED, Metric.REFUNDS))
    ordered, parts = pairs.get(Metric.UNITS, _NONE)[0], _of(pairs)
    kept = ordered - lapsed[1]
    return Figures(
        orders=placed[0],
        revenue_minor=placed[1],
        units=ordered,
        lapsed=lapsed[0],
        canceled=Share(parts[Metric.CANCELED], kept),
        unsupplied=Share(parts[Metric.UNSUPPLIED], kept),
        short=Share(parts[Metric.SHORT], kept),
        returned=Share(parts[Metric.RETURNED], parts[Metric.ARRIVED]),
        parcels=parts[Metric.PARCELS],
        confirmed=_lead(spans.get(Metric.CONFIRMED)),
        handed_over=_lead(spans.get(Metric.HANDED_OVER)),
        delivered=_lead(spans.get(Metric.DELIVERED)),
        on_time=_share(pairs.get(Metric.ON_TIME)),
        perfect=_share(pairs.get(Metric.PERFECT)),
        refunds=refunds[0],
        refunded_minor=refunds[1],
        refund_time=_lead(spans.get(Metric.REFUND_TIME)),
        backlog=backlog,
    )


_NONE: Pair = (0, 0)
_NO_LEAD, _NO_SHARE = Lead(), Share(0, 0)
_COUNTS = (Metric.CANCELED, Metric.UNSUPPLIED, Metric.SHORT, Metric.RETURNED, Metric.ARRIVED, Metric.PARCELS)


def _over_all(totals: Iterable[Total]) -> list[Total]:
    sums: dict[tuple[Metric, int], Pair] = {}
    for one in totals:
        count, total = sums.get((one.metric, one.up_to), _NONE)
        sums[one.metric, one.up_to] = (count + one.count, total + one.total)
    return [Total(0, metric, up_to, *pair) for (metric, up_to), pair in sorted(sums.items())]


def _of(pairs: Mapping[Metric, Pair]) -> dict[Metric, int]:
    return {metric: pairs.get(metric, _NONE)[0] for metric in _COUNTS}


def _share(pair: Pair | None) -> Share:
    return Share(pair[1], pair[0]) if pair else _NO_SHARE


def _lead(spans: list[Span] | None) -> Lead:
    return Lead(tuple(spans)) if spans else _NO_LEAD


def _growth(totals: Iterable[Total]) -> int:
    return sum(one.count for one in totals if one.metric is Metric.BACKLOG)
