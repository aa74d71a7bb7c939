"""Deciding where an order's units come from: pure computing, without a database."""

import time
from collections.abc import Iterable

from bench.figures import Budget, Figure, Row
from bench.topic import Assignment
from doorstep.stock.model.balances import Stock
from doorstep.stock.model.sourcing import Shelves, Shortage, Want

_LINES, _LOCATIONS, _EACH = 10, 5, 200
_BUDGET_MS = Budget(5.0)
_PLACES = tuple(f"location-{number}" for number in range(_LOCATIONS))
_WANT = Want("order", tuple((line, f"SKU-{line}", 2) for line in range(1, _LINES + 1)), _PLACES)


async def deciding(assignment: Assignment) -> list[Row]:
    """Ten lines that can come from five locations, where only all five together have everything, or nothing does."""
    begun = time.perf_counter()
    scattered = tuple(_milliseconds(_scattered(), enough=True) for _ in range(assignment.repetitions))
    short = tuple(_milliseconds([*_scattered()][1:], enough=False) for _ in range(assignment.repetitions))
    figures = (
        Figure("ms, all five are needed", scattered, _BUDGET_MS),
        Figure("ms, one line is short", short, _BUDGET_MS),
    )
    return [assignment.row(f"{_LINES} lines, {_LOCATIONS} locations", time.perf_counter() - begun, figures)]


def _scattered() -> Iterable[Stock]:
    """Two lines at each location and nowhere else."""
    return [Stock(f"SKU-{line}", _PLACES[line % _LOCATIONS], 2, 0, 0) for line in range(1, _LINES + 1)]


def _milliseconds(stocks: Iterable[Stock], *, enough: bool) -> float:
    """For one order, as the mean of many."""
    all_shelves = [Shelves(stocks) for _ in range(_EACH)]
    began = time.perf_counter()
    taken = [shelves.take(_WANT) for shelves in all_shelves]
    took = time.perf_counter() - began
    assert all(isinstance(one[0], Shortage) is not enough for one in taken)
    return 1000 * took / _EACH
