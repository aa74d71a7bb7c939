"""The journey board: what is in each stage, since when, and what is late. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from doorstep.journey.ledger.store import OpenStage
from doorstep.journey.standing import ENDS, Stage
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import first_id

ENDED_DAYS = 30


class Column(Struct, frozen=True):
    """A column of the board: a stage, how many orders are in it, since when the longest is, how many are late and when
    the next is due. Of a stage that is an end the orders are those begun in the last 30 days, and the rest is empty.
    """

    stage: Stage
    orders: int
    oldest_since: datetime | None
    late: int = 0
    next_due: datetime | None = None


def ended_since(now: datetime) -> str:
    """The first id of the orders that are counted in stages that are ends."""
    return first_id("ord", to_ms(now - timedelta(days=ENDED_DAYS)))


def columns(found: Mapping[Stage, OpenStage], ended: Mapping[Stage, int]) -> list[Column]:
    """Every stage in the order of the journey."""
    return [Column(stage, ended[stage], None) if stage in ENDS else _open(stage, found.get(stage)) for stage in Stage]


def _open(stage: Stage, found: OpenStage | None) -> Column:
    if found is None:
        return Column(stage, 0, None)
    return Column(stage, found.orders, from_ms(found.oldest_since_ms), found.late, from_ms(found.next_due_ms))
