"""The table of items, and every statement on it."""

from collections.abc import Iterable

from sqlalchemy import Table, bindparam, select

from doorstep.catalog.model import Item
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import delete_by, insert_rows, plain, select_by
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
    sqlite_with_rowid=False,
)

_INSERT = insert_rows(items)
_DELETE = delete_by(items, ["sku"])
_SELECT = select_by(items, ["sku"])
_LIST = plain(
    select(*items.columns).where(items.c.sku > bindparam("after")).order_by(items.c.sku).limit(bindparam("most"))
)


async def put(tx: Tx, new: Iterable[Item]) -> None:
    """Write items; an item whose SKU is there already is replaced."""
    rows = sorted((i.sku, i.name, i.price_minor, i.weight_grams, i.barcode, i.tax_class) for i in new)
    await tx.run(_DELETE, [(row[0],) for row in rows])
    await tx.run(_INSERT, rows)


async def load(tx: Tx, skus: Iterable[str]) -> dict[str, Item]:
    """Items by SKU; those that do not exist are left out."""
    return {row[0]: Item(*row) for row in await tx.rows(_SELECT, [(sku,) for sku in sorted(set(skus))])}


async def page(tx: Tx, after: str, most: int) -> list[Item]:
    """Items in order of SKU, a page at a time."""
    return [Item(*row) for row in await tx.rows(_LIST, after=after, most=most)]
