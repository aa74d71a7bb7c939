"""Stock of an item at a location, the movements that make it, and its law."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

Place = tuple[str, str]
"""An item at a location: (sku, location)."""


class MovementKind(StrEnum):
    """Why a balance changed."""

    RECEIVED = "received"
    ADJUSTED = "adjusted"
    RESERVED = "reserved"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKED = "picked"
    RETURNED = "returned"


class Stock(Struct, array_like=True):
    """Balances of an item at a location. `on_hand` is on the shelf; what is reserved or allocated is part of it."""

    sku: str
    location: str
    on_hand: int
    reserved: int
    allocated: int

    @property
    def available(self) -> int:
        """On the shelf and promised to nobody."""
        return self.on_hand - self.reserved - self.allocated


class Movement(Struct, frozen=True):
    """A change of balances, written once. Its natural key is (cause, kind, sku, location)."""

    cause: str
    kind: MovementKind
    sku: str
    location: str
    at: datetime
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0


def summed(movements: Iterable[Movement]) -> Mapping[Place, tuple[int, int, int]]:
    """The changes of each balance: on hand, reserved, allocated, added up."""
    sums: dict[Place, tuple[int, int, int]] = {}
    for one in movements:
        on_hand, reserved, allocated = sums.get((one.sku, one.location), (0, 0, 0))
        sums[one.sku, one.location] = (on_hand + one.on_hand, reserved + one.reserved, allocated + one.allocated)
    return sums


def broken(stock: Stock, *, backorder: bool) -> str:
    """The law of stock that a balance breaks, as a sentence; empty when all is well."""
    if min(stock.on_hand, stock.reserved, stock.allocated) < 0:
        return f"{stock.sku} at {stock.location}: {stock} has a negative balance"
    if not backorder and stock.available < 0:
        promised = stock.reserved + stock.allocated
        return f"{stock.sku} at {stock.location}: {promised} promised but {stock.on_hand} on hand"
    return ""
