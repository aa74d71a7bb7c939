"""An item that can be ordered, picked and shipped."""

from msgspec import Struct


class Item(Struct, frozen=True, array_like=True):
    """`price_minor` is in minor units of the store's currency; `weight_grams` is one unit's."""

    sku: str
    name: str
    price_minor: int
    weight_grams: int
    barcode: str = ""
    tax_class: str = "standard"
