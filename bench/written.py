"""Writes the figures of a run into docs/performance.md: for each topic of build/bench.json that has a block.

    PYTHONPATH=. .venv/bin/python -m bench.written

A block stands between `<!-- topic: begin -->` and `<!-- topic: end -->`; a topic that was not measured stays as it is.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.figures import Row, shown
from bench.machine import Machine

_ROOT = Path(__file__).parents[1]
_FOUND, _PAGE = _ROOT / "build" / "bench.json", _ROOT / "docs" / "performance.md"
_HEAD = "| what | figure | SQLite | PostgreSQL | budget |\n|---|---|--:|--:|---|\n"


class _Run(Struct):
    machine: Machine
    rows: list[Row]


def written(page: str, here: Machine, rows: Sequence[Row]) -> str:
    """The page with what the rows say, in the blocks of their topics."""
    for topic in {row.topic: None for row in rows}:
        block = re.compile(rf"(<!-- {topic}: begin -->\n).*?(<!-- {topic}: end -->)", re.DOTALL)
        text = f"{_said(here)}\n\n{_HEAD}{''.join(_lines([row for row in rows if row.topic == topic]))}\n"
        if found := block.search(page):
            page = f"{page[: found.start()]}{found[1]}\n{text}{found[2]}{page[found.end() :]}"
    return page


def _said(here: Machine) -> str:
    return (
        f"{here.cores} cores, Python {here.python.rpartition('.')[0]}, SQLite {here.sqlite}, "
        f"load of other work when it began: {here.load:.1f}."
    )


def _lines(rows: Sequence[Row]) -> Iterable[str]:
    """A line for each figure: the databases side by side."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    budgets: dict[tuple[str, str], str] = {}
    for row in rows:
        for figure in row.figures:
            which = (row.workload, figure.name)
            missed = f" ({figure.verdict})" if figure.verdict.startswith("missed") else ""
            cells.setdefault(which, {})[row.database] = shown(figure.median) + missed
            budgets[which] = str(figure.budget or "–")
    for (workload, name), values in cells.items():
        sides = " | ".join(values.get(database, "–") for database in ("SQLite", "PostgreSQL"))
        yield f"| {workload} | {name} | {sides} | {budgets[workload, name]} |\n"


if __name__ == "__main__":
    run = msgspec.json.decode(_FOUND.read_bytes(), type=_Run)
    _PAGE.write_text(written(_PAGE.read_text("utf-8"), run.machine, run.rows), "utf-8")
