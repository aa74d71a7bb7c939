"""The items that recorded orders name, as a catalog would know them."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from doorstep.rehearsal.recording.read import Line

WEIGHT_GRAMS_MIN = 150
WEIGHT_GRAMS_MAX = 800

_Counted = TypeVar("_Counted", str, int)


class RecordedItem(Struct, frozen=True):
    """An item under its recorded code, with its most frequent description and price.

    The recording knows no weights: `weight_grams` is invented, 150 to 800 g from the CRC-32 of the code, so that it is
    the same in every run.
    """

    sku: str
    description: str
    price_minor: int
    weight_grams: int


def recorded_items(goods: Iterable[Line]) -> tuple[RecordedItem, ...]:
    """One item per code among goods lines, by code. Of equally frequent ones the first in order is taken."""
    descriptions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    prices: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for line in goods:
        prices[line.sku][line.unit_price_minor] += 1
        descriptions[line.sku][line.description] += 1
    return tuple(
        RecordedItem(sku, _described(sku, descriptions[sku]), _most_frequent(prices[sku]), _weight_grams(sku))
        for sku in sorted(prices)
    )


def _described(sku: str, counts: Counter[str]) -> str:
    return _most_frequent(Counter({text: count for text, count in counts.items() if text} or {sku: 1}))


def _most_frequent(counts: Counter[_Counted]) -> _Counted:
    return min(counts, key=lambda value: (-counts[value], value))


def _weight_grams(sku: str) -> int:
    return WEIGHT_GRAMS_MIN + zlib.crc32(sku.encode()) % (WEIGHT_GRAMS_MAX - WEIGHT_GRAMS_MIN + 1)
