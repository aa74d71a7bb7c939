"""What all facts have, and what several of them carry."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, TypeAlias

from msgspec import Struct

from doorstep.journey.order import Counts, Group
from doorstep.kernel.ids import OrderId, child


class Fact(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """What all facts have: whose story it is and when it happened."""

    order_id: OrderId
    at: datetime

    named_by: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        """The fact's name."""
        return type(self).__name__

    @property
    def cause(self) -> str:
        """What tells this fact from others of its kind in the natural key; empty when there can be only one."""
        return getattr(self, self.named_by) if self.named_by else ""


class Promise(Struct, frozen=True, array_like=True):
    """Units allocated at a location, to be fulfilled as one fulfillment order."""

    fulfillment_id: str
    location: str
    units: Counts


Share: TypeAlias = tuple[str, int]
"""A payment, and what of an amount is taken from it."""


def promises_of(parent_id: str, groups: Iterable[Group]) -> tuple[Promise, ...]:
    """One promise, and so one fulfillment order, for each location that sends something."""
    return tuple(
        Promise(child("ful", parent_id, number), group.location, group.units) for number, group in enumerate(groups, 1)
    )
