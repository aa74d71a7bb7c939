"""Stock and items over HTTP, to read."""

from collections.abc import Mapping

from msgspec import Struct

from doorstep.catalog.model import Item
from doorstep.stock.model.balances import Stock
from doorstep.web.endpoint import Ask
from doorstep.web.lists import cursor_of, limit_of, position_of

STOCK, ITEMS = "stock", "items"


class StockRow(Struct, frozen=True, kw_only=True):
    """An item at a location: what is on its shelves, what of that is reserved and allocated, what can be sold."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    allocated: int
    available: int


class StockPage(Struct, frozen=True):
    """Stock in order of SKU and location. `next_cursor` asks for what comes after; null on the last page."""

    stock: tuple[StockRow, ...]
    next_cursor: str | None


class ItemRow(Struct, frozen=True, kw_only=True):
    """An item as operations needs it. A side of 0 mm is not known; `substitutes` may be offered in its place."""

    sku: str
    name: str
    price_minor: int
    weight_grams: int
    barcode: str
    tax_class: str
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    is_dangerous: bool = False
    substitutes: tuple[str, ...] = ()


class ItemPage(Struct, frozen=True):
    """Items in order of SKU. `next_cursor` asks for those after them; null on the last page."""

    items: tuple[ItemRow, ...]
    next_cursor: str | None


async def stock(ask: Ask[None]) -> StockPage:
    """A page of stock: of everything, or of one item or location."""
    sku, limit = ask.query.get("sku", ""), limit_of(ask.query)
    after, place = position_of(ask.query, STOCK, 2)
    async with ask.given.database.read() as tx:
        if sku:
            found = _of_item(await ask.given.desk.crew.shelf.read(tx, [sku]), ask.query, after=(after, place))
        else:
            location = ask.query.get("location", "")
            found = await ask.given.desk.crew.shelf.page(tx, (after, place), limit + 1, location)
    rows = tuple(_stock_row(one) for one in found[:limit])
    return StockPage(rows, cursor_of(STOCK, rows[-1].sku, rows[-1].location) if len(found) > limit else None)


async def items(ask: Ask[None]) -> ItemPage:
    """A page of items."""
    limit = limit_of(ask.query)
    (after,) = position_of(ask.query, ITEMS)
    async with ask.given.database.read() as tx:
        found = await ask.given.desk.crew.catalog.page(tx, after, limit + 1)
    rows = tuple(_item_row(one) for one in found[:limit])
    return ItemPage(rows, cursor_of(ITEMS, rows[-1].sku) if len(found) > limit else None)


def _of_item(found: list[Stock], query: Mapping[str, str], after: tuple[str, str]) -> list[Stock]:
    location = query.get("location", "")
    kept = [one for one in found if location in ("", one.location) and (one.sku, one.location) > after]
    return sorted(kept, key=lambda one: one.location)


def _stock_row(one: Stock) -> StockRow:
    return StockRow(
        sku=one.sku,
        location=one.location,
        on_hand=one.on_hand,
        reserved=one.reserved,
        allocated=one.allocated,
        available=one.available,
    )


def _item_row(one: Item) -> ItemRow:
    return ItemRow(
        sku=one.sku,
        name=one.name,
        price_minor=one.price_minor,
        weight_grams=one.weight_grams,
        barcode=one.barcode,
        tax_class=one.tax_class,
        length_mm=one.length_mm,
        width_mm=one.width_mm,
        height_mm=one.height_mm,
        is_dangerous=one.is_dangerous,
        substitutes=one.substitute_skus,
    )
