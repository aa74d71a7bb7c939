"""The journey board: what needs attention first, then every stage with how many orders are there and since when."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.jobs.store import exhausted_count
from doorstep.journey.overview.board import Column
from doorstep.journey.standing import ENDS, Stage
from doorstep.web.language import Language
from doorstep.web.pages.page import Shown, Visit

_PATH = (
    Stage.PAYING,
    Stage.ACCEPTING,
    Stage.CONFIRMED,
    Stage.PICKING,
    Stage.PACKING,
    Stage.SHIPPING,
    Stage.UNDERWAY,
)
_ASIDE = (Stage.BUYER_ACTION, Stage.DECLINED, Stage.HELD, Stage.TROUBLE, Stage.RETURNING)


class Attention(Struct, frozen=True):
    """Something that somebody should look at: how much of it, in words, and where."""

    count: int
    text: str
    url: str
    tone: str = ""
    soonest_due: datetime | None = None


async def board(visit: Visit) -> Shown:
    """What is where."""
    async with visit.given.database.read() as tx:
        columns = await visit.given.overview.board(tx, visit.now)
        given_up = await exhausted_count(tx)
    by_stage = {column.stage: column for column in columns}
    return Shown(
        "board.html",
        {
            "attention": list(_attention(columns, given_up, visit.language)),
            "path": [by_stage[stage] for stage in _PATH],
            "aside": [by_stage[stage] for stage in _ASIDE],
            "ended": [column for column in columns if column.stage in ENDS],
        },
    )


def _attention(columns: Sequence[Column], given_up: int, language: Language) -> Iterable[Attention]:
    late = [column for column in columns if column.late]
    if late:
        count = sum(column.late for column in late)
        text = language.texts.ngettext("order is late", "orders are late", count)
        yield Attention(count, text, "/console/orders?late=yes&sort=due", "late", _soonest(late))
    by_stage = {column.stage: column for column in columns}
    if count := by_stage[Stage.HELD].orders:
        text = language.texts.ngettext("order on hold", "orders on hold", count)
        yield Attention(count, text, "/console/work?kind=hold", "", by_stage[Stage.HELD].next_due)
    if count := by_stage[Stage.TROUBLE].orders:
        text = language.texts.ngettext("order in trouble", "orders in trouble", count)
        yield Attention(count, text, "/console/work?kind=case", "", by_stage[Stage.TROUBLE].next_due)
    if given_up:
        text = language.texts.ngettext("job was given up", "jobs were given up", given_up)
        yield Attention(given_up, text, "/console/system#jobs")


def _soonest(columns: Iterable[Column]) -> datetime | None:
    return min((column.next_due for column in columns if column.next_due), default=None)
