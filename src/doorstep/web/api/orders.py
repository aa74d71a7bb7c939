"""Orders over HTTP, read only: one, a list, the board."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from doorstep.journey.standing import Stage
from doorstep.kernel.errors import Refused
from doorstep.web.api.order_views import OrderPage, OrderView, order_row, order_view
from doorstep.web.endpoint import Ask

LIMIT_MAX = 200
LIMIT_USUAL = 50
_ORDER_ID = re.compile(rb"ord_[0-9A-Za-z-]{1,64}")


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
    stage, limit = _stage(ask.query), _limit(ask.query)
    before = _before(ask.query.get("cursor", ""))
    async with ask.given.database.read() as tx:
        found = await ask.given.overview.newest(tx, before=before, most=limit + 1, stage=stage)
    rows = tuple(order_row(headline) for headline in found[:limit])
    return OrderPage(rows, cursor_after(rows[-1].id) if len(found) > limit else None)


async def board(ask: Ask[None]) -> BoardView:
    """What is where."""
    async with ask.given.database.read() as tx:
        columns = await ask.given.overview.board(tx, ask.given.clock.now())
    return BoardView(tuple(ColumnView(column.stage, column.orders, column.oldest_since) for column in columns))


def cursor_after(order_id: str) -> str:
    """A cursor that stands after an order; what it is made of is nobody's affair."""
    return urlsafe_b64encode(order_id.encode()).decode().rstrip("=")


def _before(cursor: str) -> str:
    try:
        order_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (NotBase64, ValueError):
        order_id = b"?"
    if cursor and not _ORDER_ID.fullmatch(order_id):
        raise _bad("cursor", "This is no cursor; take next_cursor of the page before, or leave it out.")
    return order_id.decode()


def _stage(query: Mapping[str, str]) -> str:
    stage = query.get("stage", "")
    if stage and stage not in set(Stage):
        raise _bad("stage", f"There is no such stage; there are: {', '.join(Stage)}.")
    return stage


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit", str(LIMIT_USUAL))
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= LIMIT_MAX):
        raise _bad("limit", f"The limit is a whole number from 1 to {LIMIT_MAX}.")
    return int(text)


def _bad(name: str, sentence: str) -> Refused:
    return Refused("bad_parameter", f"{name}: {sentence}", {name: sentence})
