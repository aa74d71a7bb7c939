"""Replay: recorded orders run through the engine under a simulated clock, and every law is checked at the end.

The budget is for the whole year. Reading its file costs the same for two thousand orders as for all of them, so for a
part it is taken off before the part is held against the budget.
"""

from pathlib import Path

from bench.a_store import settle_memory
from bench.figures import Budget, Figure, Row
from bench.topic import Assignment
from doorstep.rehearsal.cost import own_cost
from doorstep.rehearsal.recording.journal import read_recording
from doorstep.rehearsal.running import Wanted, replay_file
from doorstep.settings import Settings

_ORDERS = 2000
_BUDGET = Budget(8.0)
_ROOT = Path(__file__).parents[1]
_YEAR = _ROOT.parent / "shared" / "data" / "online_retail.csv.xz"
_SLICE = _ROOT / "examples" / "online_retail" / "online_retail_slice.csv.xz"


async def replaying(assignment: Assignment) -> list[Row]:
    """The first two thousand orders of the recorded year, all of it when asked in full; or else of the slice."""
    file = _YEAR if _YEAR.exists() else _SLICE
    orders_max = None if assignment.full else _ORDERS
    start = own_cost()
    found = len(read_recording(file, orders_max).invoices)
    reading = own_cost().since(start).cpu_seconds
    settle_memory()
    wanted = Wanted(file=file, settings=Settings(database_url=assignment.url), orders_max=orders_max)
    done = await replay_file(wanted, lambda _what, _done, _total: None)
    assert not done.laws_broken
    assert done.orders_placed == found
    read, budget = 1000 * reading / found, _BUDGET if assignment.database == "sqlite" else None
    figures = (
        Figure("CPU ms per order", (done.cpu_ms_per_order,), budget if assignment.full else None),
        Figure("the same without reading the file", (done.cpu_ms_per_order - read,), budget),
        Figure("orders/s", (found / done.wall_seconds,)),
    )
    return [assignment.row(f"{found:,} orders of {file.name}, laws checked", done.wall_seconds, figures)]
