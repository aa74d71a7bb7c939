"""What a replay came to, as one record for a file and as a table for people."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from doorstep.journey.verify import Verdict
from doorstep.kernel.money import format_minor
from doorstep.rehearsal.cost import Cost
from doorstep.rehearsal.recording.journal import Recording


class Line(Struct, frozen=True):
    """Something that was read and not used: where it stands and why."""

    line_number: int
    invoice: str
    reason: str


class Report(Struct, frozen=True, kw_only=True):
    """A replay. Money is in minor units of `currency`, by kind; units by kind; the rest are counts."""

    file: str
    database: str
    currency: str
    lines_read: int
    orders_read: int
    orders_placed: int
    orders_delivered: int
    orders_as_recorded: int
    orders_by_stage: dict[str, int]
    orders_refused: dict[str, int]
    invoices_refused: list[tuple[str, str]]
    invoices_without_goods: int
    lines_not_goods: dict[str, int]
    lines_unusable: list[Line]
    returns_matched: int
    returns_unmatched: int
    returns_unmatched_lines: list[Line]
    units: dict[str, int]
    money: dict[str, int]
    facts: int
    facts_by_kind: dict[str, int]
    jobs: int
    laws_checked: int
    laws_broken: list[str]
    wall_seconds: float
    cpu_seconds: float
    cpu_seconds_database: float | None
    cpu_ms_per_order: float


class Outcome(Struct, frozen=True):
    """What the engine says of a replay."""

    refused: Mapping[str, int]
    refused_invoices: list[tuple[str, str]]
    jobs: int
    as_recorded: int
    verdict: Verdict
    cost: Cost


def report(recording: Recording, outcome: Outcome, *, file: str, database: str, currency: str) -> Report:
    """The report of a replay."""
    verdict, cost, sums = outcome.verdict, outcome.cost, outcome.verdict.sums
    stages = dict(sums.stages)
    unmatched = list(_unmatched(recording))
    return Report(
        file=file,
        database=database,
        currency=currency,
        lines_read=recording.lines_read,
        orders_read=len(recording.invoices),
        orders_placed=verdict.orders,
        orders_delivered=stages.get("delivered", 0) + stages.get("returned", 0),
        orders_as_recorded=outcome.as_recorded,
        orders_by_stage=stages,
        orders_refused=dict(outcome.refused),
        invoices_refused=outcome.refused_invoices,
        invoices_without_goods=len(recording.without_goods),
        lines_not_goods={f"{one.code} ({one.name})": one.lines for one in recording.not_goods},
        lines_unusable=[Line(one.line_number, one.invoice, one.reason) for one in recording.unusable],
        returns_matched=sum(len(one.parts) for one in recording.cancellations),
        returns_unmatched=len(unmatched),
        returns_unmatched_lines=unmatched,
        units=dict(sums.units),
        money=dict(sums.money),
        facts=sum(sums.facts.values()),
        facts_by_kind=dict(sums.facts),
        jobs=outcome.jobs,
        laws_checked=verdict.checked,
        laws_broken=verdict.broken,
        wall_seconds=round(cost.wall_seconds, 3),
        cpu_seconds=round(cost.cpu_seconds, 3),
        cpu_seconds_database=None if cost.database_seconds is None else round(cost.database_seconds, 3),
        cpu_ms_per_order=round(1000 * cost.cpu_seconds / max(1, verdict.orders), 3),
    )


def _unmatched(recording: Recording) -> Iterable[Line]:
    for cancellation in recording.cancellations:
        for one in cancellation.unmatched:
            yield Line(one.line_number, cancellation.number, one.reason)


def show(done: Report, console: Console) -> None:
    """Print the report as tables that a person reads in a minute."""
    console.print(_counts(done))
    console.print(_by("Where the orders are", done.orders_by_stage))
    console.print(_by("Units", done.units))
    console.print(_by("Money", {name: format_minor(sum_, done.currency) for name, sum_ in done.money.items()}))
    console.print(_by("Lines that are no goods", done.lines_not_goods))
    if done.orders_refused:
        console.print(_by("Orders refused", done.orders_refused))
    reasons = [line.reason for line in (*done.lines_unusable, *done.returns_unmatched_lines)]
    console.print(_by("Lines not used (each with its number in --report)", _counted(reasons)))
    for sentence in done.laws_broken[:20]:
        console.print(f"[red]BROKEN[/red] {sentence}")


def _counts(done: Report) -> Table:
    table = Table(title=f"Replay of {done.file}", show_header=False, title_justify="left")
    laws = f"{done.laws_checked:,} checked, {len(done.laws_broken):,} broken"
    shares = f"{done.orders_as_recorded:,} ({done.orders_as_recorded / max(1, done.orders_read):.2%})"
    rows = {
        "lines read": f"{done.lines_read:,}",
        "orders read": f"{done.orders_read:,}",
        "orders placed": f"{done.orders_placed:,}",
        "orders delivered": f"{done.orders_delivered:,}",
        "orders that ended as recorded": shares,
        "cancellation lines matched / not": f"{done.returns_matched:,} / {done.returns_unmatched:,}",
        "facts": f"{done.facts:,}",
        "jobs run by this process": f"{done.jobs:,}",
        "laws": laws,
        "wall seconds": f"{done.wall_seconds:.1f}",
        "CPU seconds": f"{done.cpu_seconds:.1f}",
        "CPU ms per order": f"{done.cpu_ms_per_order:.2f}",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _by(title: str, counts: Mapping[str, object]) -> Table:
    table = Table(title=title, show_header=False, title_justify="left", min_width=len(title))
    for name, count in counts.items():
        table.add_row(name.replace("_", " "), f"{count:,}" if isinstance(count, int) else str(count))
    return table


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for reason in reasons:
        sums[reason] = sums.get(reason, 0) + 1
    return sums
