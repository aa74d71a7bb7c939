"""Reading stock: items with their balances over all locations, and what happened to one of them.

Goods that are on their way to the store are not modelled, so nothing is said of them.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.ledger import store as ledger
from doorstep.journey.overview.cursor import read, written
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import OrderId
from doorstep.stock import store
from doorstep.stock.model.balances import Movement, Stock
from doorstep.storage.transaction import Tx

_FIRST = (2**62, "", "", "")


class ShelfQuery(Struct, frozen=True, kw_only=True):
    """Which items: those that a text means, or with fewer than `below` available at some location (1: sold out).

    With a `location` only its balances count and are shown, and items that it never had are left out.
    """

    text: str = ""
    below: int | None = None
    location: str = ""
    most: int = 50
    after: str = ""


class ShelfRow(Struct, frozen=True):
    """An item and its balances, one for each location that ever had it. Its name is empty when it is in no catalog."""

    sku: str
    name: str
    barcode: str
    balances: tuple[Stock, ...]


class ShelfPage(Struct, frozen=True):
    """Items in order of SKU. `next_cursor` asks for those after them; None on the last page."""

    rows: tuple[ShelfRow, ...]
    next_cursor: str | None


class ShelfItem(Struct, frozen=True):
    """One item, if it is in the catalog, and its balances at all locations that ever had it."""

    sku: str
    item: Item | None
    balances: tuple[Stock, ...]


class HistoryPage(Struct, frozen=True):
    """What left the shelves or came to them, the latest first. What is only promised to orders is not in it.

    `orders` are the numbers of the orders that caused some of it, by the cause.
    """

    movements: tuple[Movement, ...]
    next_cursor: str | None
    orders: Mapping[str, str]


async def shelf_page(tx: Tx, query: ShelfQuery) -> ShelfPage:
    """A page of items with their balances."""
    after = read(query.after, str) if query.after else ""
    if query.text.strip():
        items, ends = await catalog.find(tx, query.text, after, query.most)
        rows = await _rows(tx, [item.sku for item in items], items, query.location)
        return ShelfPage(tuple(row for row in rows if _is_wanted(row.balances, query)), written(ends) if ends else None)
    skus = await store.skus(tx, after, query.most + 1, query.below, query.location)
    shown = skus[: query.most]
    rows = await _rows(tx, shown, (await catalog.load(tx, shown)).values(), query.location)
    return ShelfPage(rows, written(shown[-1]) if len(skus) > query.most else None)


async def shelf_item(tx: Tx, sku: str) -> ShelfItem:
    """One item. Missing when it is in no catalog and never had stock."""
    item = (await catalog.load(tx, [sku])).get(sku)
    balances = tuple(await store.read_skus(tx, [sku]))
    if not (item or balances):
        raise Missing("no_such_item", f"There is no item {sku}.")
    return ShelfItem(sku, item, balances)


async def history_page(tx: Tx, sku: str, after: str, most: int = 50) -> HistoryPage:
    """What happened to an item."""
    before = read(after, tuple[int, str, str, str]) if after else _FIRST
    found = await store.history(tx, sku, before, most + 1)
    shown = tuple(found[:most])
    orders = await _numbers(tx, {one.cause for one in shown})
    return HistoryPage(shown, written(_place(shown[-1])) if len(found) > most else None, orders)


async def _numbers(tx: Tx, causes: Iterable[str]) -> Mapping[str, str]:
    """The numbers of the orders that causes are parts of: what follows from an order is named after it."""
    ids = {cause: OrderId(f"ord_{cause.partition('_')[2].partition('-')[0]}") for cause in causes if "_" in cause}
    found = await ledger.headlines_of(tx, ids.values())
    return {cause: found[order_id].number for cause, order_id in ids.items() if order_id in found}


def _place(one: Movement) -> tuple[int, str, str, str]:
    return to_ms(one.at), one.cause, one.kind.value, one.location


def _is_wanted(balances: Sequence[Stock], query: ShelfQuery) -> bool:
    if query.below is None:
        return bool(balances) or not query.location
    return any(one.available < query.below for one in balances)


async def _rows(tx: Tx, skus: Sequence[str], items: Iterable[Item], location: str) -> tuple[ShelfRow, ...]:
    known = {item.sku: item for item in items}
    balances: dict[str, list[Stock]] = {}
    for one in await store.read_skus(tx, skus):
        if location in ("", one.location):
            balances.setdefault(one.sku, []).append(one)
    return tuple(_row(sku, known.get(sku), balances.get(sku, [])) for sku in skus)


def _row(sku: str, item: Item | None, balances: Sequence[Stock]) -> ShelfRow:
    return ShelfRow(sku, item.name if item else "", item.barcode if item else "", tuple(balances))
