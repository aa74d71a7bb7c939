"""Reading stock: items with their balances over all locations, and what happened to one of them.

Goods that are on their way to the store are not modelled, so nothing is said of them.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.overview.cursor import read, written
from doorstep.kernel.clock import to_ms
from doorstep.stock import store
from doorstep.stock.model import Movement, Stock
from doorstep.storage.transaction import Tx

_FIRST = (2**62, "", "", "")


class ShelfQuery(Struct, frozen=True, kw_only=True):
    """Which items: those that a text means, or with fewer than `below` available at some location (1: sold out)."""

    text: str = ""
    below: int | None = None
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


class HistoryPage(Struct, frozen=True):
    """What left the shelves or came to them, the latest first. What is only promised to orders is not in it."""

    movements: tuple[Movement, ...]
    next_cursor: str | None


async def shelf_page(tx: Tx, query: ShelfQuery) -> ShelfPage:
    """A page of items with their balances."""
    after = read(query.after, str) if query.after else ""
    if query.text.strip():
        items, ends = await catalog.find(tx, query.text, after, query.most)
        rows = await _rows(tx, [item.sku for item in items], items)
        low = tuple(row for row in rows if query.below is None or _is_below(row.balances, query.below))
        return ShelfPage(low, written(ends) if ends else None)
    skus = await store.skus(tx, after, query.most + 1, query.below)
    shown = skus[: query.most]
    rows = await _rows(tx, shown, (await catalog.load(tx, shown)).values())
    return ShelfPage(rows, written(shown[-1]) if len(skus) > query.most else None)


async def history_page(tx: Tx, sku: str, after: str, most: int = 50) -> HistoryPage:
    """What happened to an item."""
    before = read(after, tuple[int, str, str, str]) if after else _FIRST
    found = await store.history(tx, sku, before, most + 1)
    shown = tuple(found[:most])
    return HistoryPage(shown, written(_place(shown[-1])) if len(found) > most else None)


def _place(one: Movement) -> tuple[int, str, str, str]:
    return to_ms(one.at), one.cause, one.kind.value, one.location


def _is_below(balances: Iterable[Stock], limit: int) -> bool:
    return any(one.available < limit for one in balances)


async def _rows(tx: Tx, skus: Sequence[str], items: Iterable[Item]) -> tuple[ShelfRow, ...]:
    known = {item.sku: item for item in items}
    balances: dict[str, list[Stock]] = {}
    for one in await store.read_skus(tx, skus):
        balances.setdefault(one.sku, []).append(one)
    return tuple(_row(sku, known.get(sku), balances.get(sku, [])) for sku in skus)


def _row(sku: str, item: Item | None, balances: Sequence[Stock]) -> ShelfRow:
    return ShelfRow(sku, item.name if item else "", item.barcode if item else "", tuple(balances))
