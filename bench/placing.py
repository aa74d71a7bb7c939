"""Placing: checkouts that are ready wait to be completed, and only completing is timed.

Through the lane they go together; singly each goes in a transaction of its own, with the same code and as many clients.
Of the hot item there is less than is wanted: some are refused, and it is checked that no unit was sold twice.
"""

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct

from bench.a_store import filled, hot, offer, spread, stocked
from bench.figures import Budget, Round, Row, completing, pace, seconds_of
from bench.meter import by_clients, metered
from bench.topic import Assignment
from doorstep.app import App
from doorstep.jobs.lane import Lane
from doorstep.journey.placement.model.checkout import Checkout, Complete
from doorstep.kernel.errors import DoorstepError
from doorstep.stock import store as stock

_PLACED = Budget(3000, least=True)
_SHARE_OF_WANTED = 0.95

Lanes = Sequence[Lane[Complete, Checkout]]
"""A lane for each client; it may be the same for all."""


class Rush(Struct, frozen=True, kw_only=True):
    """So many orders from so many lanes; of one hot item or of the whole range."""

    app: App
    lanes: Lanes
    orders: int
    is_hot: bool

    @property
    def goods(self) -> str:
        """What is bought, in words."""
        return "one hot SKU" if self.is_hot else "1,000 SKUs"


async def placing(assignment: Assignment) -> list[Row]:
    """Placing through the lane, 64 and 256 waiting."""
    rows = []
    async with stocked(assignment.url) as (app, _):
        for waiting, orders in ((64, 2000), (256, 4000)):
            for is_hot in (False, True):
                rush = Rush(app=app, lanes=[app.lanes.complete] * waiting, orders=orders, is_hot=is_hot)
                rounds = await _rounds(assignment, rush)
                figures = (*pace(rounds, per_second=_PLACED), *completing(rounds))
                rows.append(assignment.row(f"{waiting} waiting, {rush.goods}", seconds_of(rounds), figures))
    return rows


async def singly(assignment: Assignment) -> list[Row]:
    """The same with one order a transaction, 64 waiting."""
    rows = []
    async with stocked(assignment.url) as (app, _):
        for is_hot in (False, True):
            rush = Rush(app=app, lanes=_lanes_of_one(app, 64), orders=600, is_hot=is_hot)
            rounds = await _rounds(assignment, rush)
            figures = (*pace(rounds), *completing(rounds))
            rows.append(assignment.row(f"64 waiting, {rush.goods}", seconds_of(rounds), figures))
    return rows


def _lanes_of_one(app: App, clients: int) -> Lanes:
    lanes = [Lane(app.database, app.stages.placement.complete) for _ in range(clients)]
    for lane in lanes:
        lane.batch_max = 1
    return lanes


async def _rounds(assignment: Assignment, rush: Rush) -> list[Round]:
    """The first round warms up and is not counted."""
    rounds = [await _round(rush, number) for number in range(assignment.repetitions + 1)]
    return rounds[1:]


async def _round(rush: Rush, number: int) -> Round:
    item = f"HOT-{id(rush)}-{number}"
    cart = hot(item) if rush.is_hot else spread
    wanted = sum(line.quantity for order in range(rush.orders) for line in cart(order))
    if rush.is_hot:
        await offer(rush.app, item, {item: int(wanted * _SHARE_OF_WANTED)})
    requests = await filled(rush.app, cart, range(rush.orders))
    async with metered(rush.app.database) as spent:
        spent.done = await by_clients([_asking(lane) for lane in rush.lanes], requests, spent.took)
    if rush.is_hot:
        await _check(rush.app, item, some_were_refused=spent.done < rush.orders)
    else:
        assert spent.done == rush.orders
    return spent


def _asking(lane: Lane[Complete, Checkout]) -> Callable[[Complete], Awaitable[bool]]:
    async def ask(request: Complete) -> bool:
        try:
            await lane.ask(request)
        except DoorstepError as error:
            if error.code != "insufficient_stock":
                raise
            return False
        return True

    return ask


async def _check(app: App, item: str, *, some_were_refused: bool) -> None:
    """No unit was sold twice, and nobody was sent away while there was enough for everyone."""
    async with app.database.read() as tx:
        balances, held = await app.shelf.read(tx, [item]), await stock.active(tx)
    there = sum(balance.on_hand for balance in balances)
    sold = sum(source.quantity for sources in held.values() for source in sources if source.sku == item)
    assert some_were_refused
    assert sold == sum(balance.reserved for balance in balances)
    assert there - 3 < sold <= there, f"{sold} sold of {there}"
