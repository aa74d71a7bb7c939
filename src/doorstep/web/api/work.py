"""The work list over HTTP: what waits for a person, in the order in which promises break."""

from datetime import datetime

from msgspec import Struct

from doorstep.access.model.actor import Actor
from doorstep.journey.overview.work import ACTIONS, Item, WorkKind, WorkQuery
from doorstep.web.endpoint import Ask
from doorstep.web.lists import cursor_of, limit_of, position_of

LIST = "work"


class WorkItem(Struct, frozen=True, kw_only=True):
    """Something that waits for a person. `subject` is the id of the record, as acts name it.

    `minutes_left` is negative when a promise is broken already. `actions` are the acts that are possible and that the
    caller may do.
    """

    kind: WorkKind
    order_id: str
    number: str
    subject: str
    due_at: datetime
    minutes_left: int
    state: str
    location: str
    note: str
    units: int
    who: str
    actions: tuple[str, ...]


class KindCount(Struct, frozen=True):
    """About how many there are of a kind."""

    kind: WorkKind
    items: int


class WorkView(Struct, frozen=True):
    """The most urgent first. `next_cursor` asks for what comes after; null on the last page."""

    items: tuple[WorkItem, ...]
    counts: tuple[KindCount, ...]
    next_cursor: str | None


async def work(ask: Ask[None]) -> WorkView:
    """A page of what waits."""
    (after,) = position_of(ask.query, LIST)
    query = WorkQuery(
        kinds=(WorkKind(ask.query["kind"]),) if "kind" in ask.query else (),
        location=ask.query.get("location", ""),
        most=limit_of(ask.query),
        after=after,
    )
    async with ask.given.database.read() as tx:
        page = await ask.given.overview.work(tx, query, ask.given.clock.now())
    counts = tuple(KindCount(kind, count) for kind, count in page.counts.items())
    cursor = cursor_of(LIST, page.next_cursor) if page.next_cursor else None
    return WorkView(tuple(_item(item, ask.actor) for item in page.items), counts, cursor)


def _item(item: Item, actor: Actor) -> WorkItem:
    told = {name: getattr(item, name) for name in WorkItem.__struct_fields__ if name != "actions"}
    return WorkItem(**told, actions=tuple(name for name in item.actions if actor.may(ACTIONS[name].permission)))
