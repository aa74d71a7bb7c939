"""An item that can be ordered, picked and shipped, and what a file of items says. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct, convert

from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import SKU_CHARS_MAX, TEXT_CHARS_MAX
from doorstep.kernel.money import parse_minor
from doorstep.kernel.sheet import BadLine, Read, Value, closest, cut, read_sheet, whole, words

WEIGHT_GRAMS_MAX = 100_000_000
BARCODE_CHARS_MAX = 64
SIDE_MM_MAX = 100_000
SUBSTITUTES_MAX = 10
STANDARD = "standard"

COLUMNS: Mapping[str, str] = {
    "sku": "The item's own number; it stands once in a file.",
    "name": "What customers and pickers read.",
    "price": "One unit in the store's currency, such as 12.50.",
    "weight_grams": "One unit's weight in whole grams.",
    "barcode": "What a scanner reads on it; may be left out.",
    "tax_class": 'One that the plan has a rate for; "standard" when it is left out.',
    "length_mm": "One packed unit's longest side in whole millimeters; may be left out.",
    "width_mm": "Its second side; may be left out.",
    "height_mm": "Its third side; may be left out.",
    "is_dangerous": '"yes" for dangerous goods, such as lithium batteries; "no" when it is left out.',
    "substitutes": "SKUs that may be offered in its place, the best first, separated by spaces; may be left out.",
}
"""The columns of a file of items and what they hold."""

_OPTIONAL: Mapping[str, Value] = {
    "barcode": "",
    "tax_class": STANDARD,
    "length_mm": 0,
    "width_mm": 0,
    "height_mm": 0,
    "is_dangerous": False,
    "substitutes": "",
}
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
_PRICE = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII)


class Item(Struct, frozen=True, array_like=True):
    """`price_minor` is in minor units of the store's currency; weight and sides are one packed unit's.

    A side of 0 is not known. `substitutes` are SKUs separated by spaces, the best first.
    """

    sku: str
    name: str
    price_minor: int
    weight_grams: int
    barcode: str = ""
    tax_class: str = STANDARD
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    is_dangerous: bool = False
    substitutes: str = ""

    @property
    def substitute_skus(self) -> tuple[str, ...]:
        """What may be offered in its place, the best first."""
        return tuple(self.substitutes.split())


class ItemFile(Struct, frozen=True):
    """What a file says: the items that can be used, and what is wrong with the other lines."""

    items: tuple[Item, ...]
    bad: tuple[BadLine, ...]


class Changed(Struct, frozen=True):
    """An item that is there already and is to be different."""

    before: Item
    after: Item


class Compared(Struct, frozen=True):
    """What a file means for the items there are."""

    new: tuple[Item, ...]
    changed: tuple[Changed, ...]
    unchanged: int

    @property
    def to_write(self) -> tuple[Item, ...]:
        """What must be written."""
        return (*self.new, *(one.after for one in self.changed))


def is_meant(item: Item, text: str) -> bool:
    """Whether somebody looks for an item by the beginning of its SKU, its barcode, or words of its name."""
    text = text.strip().casefold()
    if item.sku.casefold().startswith(text) or (text and item.barcode.casefold() == text):
        return True
    name = item.name.casefold()
    return all(word in name for word in text.split())


def read_items(raw: bytes, currency: str, tax_classes: Collection[str]) -> ItemFile:
    """Every item of a file, with prices in `currency`. Refused when it is no CSV file of items at all."""
    sheet = read_sheet(raw, _columns(currency, {STANDARD, *tax_classes}), _OPTIONAL)
    items: dict[str, Item] = {}
    bad, lines = list(sheet.bad), dict[str, int]()
    for row in sheet.rows:
        item = convert([row.values[name] for name in COLUMNS], Item)
        if item.sku in items:
            bad.append(BadLine(row.line, "sku", f"{cut(item.sku)} stands on line {lines[item.sku]} already."))
        else:
            items[item.sku], lines[item.sku] = item, row.line
    return ItemFile(tuple(items.values()), tuple(sorted(bad, key=lambda one: one.line)))


def compared(wanted: Iterable[Item], known: Mapping[str, Item]) -> Compared:
    """Which items are new, which change and how many stay as they are."""
    new, changed, unchanged = [], [], 0
    for item in wanted:
        before = known.get(item.sku)
        if before is None:
            new.append(item)
        elif before != item:
            changed.append(Changed(before, item))
        else:
            unchanged += 1
    return Compared(tuple(new), tuple(changed), unchanged)


def _columns(currency: str, tax_classes: Collection[str]) -> Mapping[str, Read]:
    def price(cell: str) -> int:
        if not _PRICE.fullmatch(cell):
            raise Refused("bad_cell", f"{cut(cell)} is not a price; write it like 12.50.")
        return parse_minor(cell, currency)

    def tax_class(cell: str) -> str:
        if cell not in tax_classes:
            hint = closest(cell, sorted(tax_classes))
            raise Refused("bad_cell", f"The plan has no tax rate for the class {cut(cell)}.{hint}")
        return cell

    return {
        "sku": words(SKU_CHARS_MAX),
        "name": words(TEXT_CHARS_MAX),
        "price": price,
        "weight_grams": whole(WEIGHT_GRAMS_MAX, "grams"),
        "barcode": words(BARCODE_CHARS_MAX),
        "tax_class": tax_class,
        "length_mm": whole(SIDE_MM_MAX, "millimeters"),
        "width_mm": whole(SIDE_MM_MAX, "millimeters"),
        "height_mm": whole(SIDE_MM_MAX, "millimeters"),
        "is_dangerous": _yes_no,
        "substitutes": _substitutes,
    }


def _yes_no(cell: str) -> bool:
    if cell.lower() not in _YES_NO:
        raise Refused("bad_cell", f"{cut(cell)} is neither yes nor no.")
    return _YES_NO[cell.lower()]


def _substitutes(cell: str) -> str:
    skus = list(dict.fromkeys(cell.split()))
    if len(skus) > SUBSTITUTES_MAX:
        raise Refused("bad_cell", f"It names {len(skus)} substitutes; at most {SUBSTITUTES_MAX} are offered.")
    return " ".join(str(words(SKU_CHARS_MAX)(sku)) for sku in skus)
