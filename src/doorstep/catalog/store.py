"""The table of items, and every statement on it."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import convert
from msgspec.structs import astuple
from sqlalchemy import Table, bindparam, select

from doorstep.catalog.model import Item, is_meant
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

items = Table(
    "items",
    metadata,
    text("sku", key=True),
    text("name"),
    whole("price_minor"),
    whole("weight_grams"),
    text("barcode"),
    text("tax_class"),
    whole("length_mm", otherwise=0),
    whole("width_mm", otherwise=0),
    whole("height_mm", otherwise=0),
    whole("is_dangerous", otherwise=0),
    text("substitutes", otherwise=""),
    sqlite_with_rowid=False,
)

_LOOKED_AT_ONCE, _LOOKS_MAX = 500, 10
_INSERT = insert_rows(items, ignore=True)
_UPDATE = update_by(items, ["sku"], [column.name for column in items.columns if not column.primary_key])
_SELECT = select_by(items, ["sku"])
_LOCK = select_by(items, ["sku"], lock=True)
_LIST = plain(
    select(*items.columns).where(items.c.sku > bindparam("after")).order_by(items.c.sku).limit(bindparam("most"))
)


async def put(tx: Tx, new: Iterable[Item]) -> None:
    """Write items; an item whose SKU is there already is replaced."""
    rows = sorted(_row(item) for item in new)
    await tx.run(_INSERT, rows)
    await tx.run(_UPDATE, rows)


async def load(tx: Tx, skus: Iterable[str], *, lock: bool = False) -> dict[str, Item]:
    """Items by SKU; those that do not exist are left out. With `lock` nobody else changes them meanwhile."""
    found = await tx.rows(_LOCK if lock else _SELECT, [(sku,) for sku in sorted(set(skus))])
    return {row[0]: _item(row) for row in found}


async def find(tx: Tx, words: str, after: str, most: int) -> tuple[list[Item], str | None]:
    """Items whose SKU begins with a text, whose barcode it is or whose name has all its words, in order of SKU; and
    after which SKU to go on (None: there are no more). At most 5,000 items are looked at.
    """
    found: list[Item] = []
    for _ in range(_LOOKS_MAX):
        some = await page(tx, after, _LOOKED_AT_ONCE)
        for item in some:
            if len(found) == most:
                return found, found[-1].sku
            found += [item] if is_meant(item, words) else []
        if len(some) < _LOOKED_AT_ONCE:
            return found, None
        after = some[-1].sku
    return found, after


async def page(tx: Tx, after: str, most: int) -> list[Item]:
    """Items in order of SKU, a page at a time."""
    return [_item(row) for row in await tx.rows(_LIST, after=after, most=most)]


def _row(item: Item) -> tuple[str | int, ...]:
    return tuple(int(value) if isinstance(value, bool) else value for value in astuple(item))


def _item(row: Sequence[Any]) -> Item:
    item: Item = convert(tuple(row), Item, strict=False)
    return item
