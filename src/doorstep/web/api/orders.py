"""Orders over HTTP, read only: one, a list, the board."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from doorstep.journey.overview.lists import OrderQuery, Sorting
from doorstep.journey.standing import Stage
from doorstep.web.api.order_views import OrderPage, OrderView, order_row, order_view
from doorstep.web.endpoint import Ask
from doorstep.web.lists import cursor_of, limit_of, moment_of, position_of

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


async def listed(ask: Ask[None]) -> OrderPage:
    """A page of the orders that are asked for."""
    async with ask.given.database.read() as tx:
        page = await ask.given.overview.orders(tx, _query(ask.query), ask.given.clock.now())
    rows = tuple(order_row(row) for row in page.rows)
    return OrderPage(rows, cursor_of(LIST, page.next_cursor) if page.next_cursor else None)


async def board(ask: Ask[None]) -> BoardView:
    """What is where."""
    async with ask.given.database.read() as tx:
        columns = await ask.given.overview.board(tx, ask.given.clock.now())
    return BoardView(tuple(ColumnView(column.stage, column.orders, column.oldest_since) for column in columns))


def _query(said: Mapping[str, str]) -> OrderQuery:
    (after,) = position_of(said, LIST)
    return OrderQuery(
        text=said.get("q", ""),
        stages=(Stage(said["stage"]),) if "stage" in said else (),
        payments=(said["payment"],) if "payment" in said else (),
        placed_from=moment_of(said, "placed_from"),
        placed_to=moment_of(said, "placed_to"),
        late=said.get("late") == "true",
        owner=said.get("owner", ""),
        sorting=Sorting(said.get("sort", Sorting.NEWEST)),
        most=limit_of(said),
        after=after,
    )
