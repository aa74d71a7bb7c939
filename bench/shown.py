"""The figures of a run as a table for people."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, Row, shown
from bench.machine import Machine
from bench.topics import TOPICS


def show(here: Machine, rows: Sequence[Row], console: Console) -> None:
    """One table for all topics, a line for each figure."""
    console.print(
        f"{here.cores} cores ({here.processor}), {here.memory_gib} GiB, {here.file_system}, "
        f"{here.sync_ms} ms to keep 4 KiB, load {here.load:.1f}; "
        f"Python {here.python}, SQLite {here.sqlite}, PostgreSQL {here.postgresql}"
    )
    table = Table("database", "workload", "figure", title_justify="left")
    for heading in ("median", "lowest", "highest", "budget", ""):
        table.add_column(heading, justify="left" if not heading else "right")
    for topic, those in groupby(rows, lambda row: row.topic):
        table.add_section()
        table.add_row(f"[bold]{topic}[/bold]", f"[bold]{TOPICS[topic].says}[/bold]")
        for row in those:
            for line in _lines(row):
                table.add_row(*line)
    console.print(table)


def _lines(row: Row) -> Iterable[tuple[str, ...]]:
    first = (row.database, row.workload)
    if row.skipped:
        yield *first, f"skipped: {row.skipped}"
    for figure in row.figures:
        yield *first, *_cells(figure)
        first = ("", "")


def _cells(figure: Figure) -> tuple[str, ...]:
    color = "red" if figure.verdict.startswith("missed") else "green"
    return (
        figure.name,
        shown(figure.median),
        shown(min(figure.values)),
        shown(max(figure.values)),
        str(figure.budget or ""),
        f"[{color}]{figure.verdict}[/{color}]" if figure.verdict else "",
    )
