"""Orders over HTTP, read only: one, a list, the board."""

from datetime import datetime

from msgspec import Struct

from doorstep.journey.standing import Stage
from doorstep.web.api.order_views import OrderPage, OrderView, order_row, order_view
from doorstep.web.endpoint import Ask
from doorstep.web.lists import cursor_of, limit_of, position_of

LIST = "orders"


class ColumnView(Struct, frozen=True):
    """A stage, how many orders are in it, and since when the one that has been there longest is.

    Of a stage that is an end, the orders that began in the last 30 days; `oldest_since` is null.
    """

    stage: Stage
    orders: int
    oldest_since: datetime | None


class BoardView(Struct, frozen=True):
    """Every stage in the order of the journey."""

    stages: tuple[ColumnView, ...]


async def read(ask: Ask[None]) -> OrderView:
    """One order, by its id or its number."""
    async with ask.given.database.read() as tx:
        return order_view(await ask.given.overview.story(tx, ask.name))


async def newest(ask: Ask[None]) -> OrderPage:
    """A page of orders; one more than the page is read, to know whether there is another."""
    stage, limit = ask.query.get("stage", ""), limit_of(ask.query)
    (before,) = position_of(ask.query, LIST)
    async with ask.given.database.read() as tx:
        found = await ask.given.overview.newest(tx, before=before, most=limit + 1, stage=stage)
    rows = tuple(order_row(headline) for headline in found[:limit])
    return OrderPage(rows, cursor_of(LIST, rows[-1].id) if len(found) > limit else None)


async def board(ask: Ask[None]) -> BoardView:
    """What is where."""
    async with ask.given.database.read() as tx:
        columns = await ask.given.overview.board(tx, ask.given.clock.now())
    return BoardView(tuple(ColumnView(column.stage, column.orders, column.oldest_since) for column in columns))
