"""The work list: what waits for a person, ranked by when a promise is broken, with what may be done about it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from msgspec import Struct

from doorstep.journey.overview.work import ACTIONS, Item, WorkKind, WorkQuery
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.order_parts import place_of, went_wrong
from doorstep.web.pages.page import Shown, Visit

LIST = "/console/work"
_KINDS: Mapping[str, str] = {
    WorkKind.HOLD: marked("Holds to decide"),
    WorkKind.CASE: marked("Cases to settle"),
    WorkKind.QUESTION: marked("Questions to customers"),
    WorkKind.PICK: marked("To pick"),
    WorkKind.PACK: marked("To pack"),
    WorkKind.HAND_OVER: marked("To hand over"),
    WorkKind.RETURN: marked("Returns"),
    WorkKind.NOTICE: marked("Notices in doubt"),
    WorkKind.JOB: marked("Jobs given up"),
    WorkKind.LATE: marked("Late, and nobody's turn"),
}
_NAMES: Mapping[str, str] = {
    WorkKind.HOLD: marked("Hold"),
    WorkKind.CASE: marked("Case"),
    WorkKind.QUESTION: marked("Question"),
    WorkKind.PICK: marked("Pick"),
    WorkKind.PACK: marked("Pack"),
    WorkKind.HAND_OVER: marked("Hand over"),
    WorkKind.RETURN: marked("Return"),
    WorkKind.NOTICE: marked("Notice in doubt"),
    WorkKind.JOB: marked("Job given up"),
    WorkKind.LATE: marked("Late"),
}
"""What one of a kind is called."""
_ANCHORS = {WorkKind.CASE: "case", WorkKind.QUESTION: "question", WorkKind.PICK: "pick", WorkKind.PACK: "pack"}
_ANCHORS |= {WorkKind.HAND_OVER: "hand-over"}


class Entry(Struct, frozen=True, kw_only=True):
    """A line of the list."""

    item: Item
    what: str
    text: str
    where: str
    url: str
    next: str


async def work(visit: Visit) -> Shown:
    """A page of what waits."""
    kind, location = visit.query.get("kind", ""), visit.query.get("location", "")
    query = WorkQuery(
        kinds=(WorkKind(kind),) if kind in set(WorkKind) else (),
        location=location,
        after=visit.query.get("cursor", ""),
    )
    async with visit.given.database.read() as tx:
        page = await visit.given.overview.work(tx, query, visit.now)
    say = visit.language
    given = {name: value for name, value in (("kind", kind), ("location", location)) if value}
    places = [(place.id, place.name) for place in visit.given.plans.in_force.locations]
    kinds = [(one, f"{say(text)} ({say.number(page.counts.get(WorkKind(one), 0))})") for one, text in _KINDS.items()]
    fill = {
        "entries": [_entry(item, visit) for item in page.items],
        "kinds": [("", say("Everything")), *kinds],
        "locations": [("", say("Everywhere")), *places],
        "kind": kind,
        "location": location,
        "next_url": f"{LIST}?{urlencode({**given, 'cursor': page.next_cursor})}" if page.next_cursor else "",
    }
    return Shown("work.html", fill)


def _entry(item: Item, visit: Visit) -> Entry:
    say = visit.language
    mine = [name for name in item.actions if visit.actor.may(ACTIONS[name].permission)]
    if item.kind is WorkKind.JOB:
        url = "/console/system#jobs"
    else:
        anchor = _ANCHORS.get(item.kind)
        url = f"/console/orders/{item.number}" + (f"#{anchor}-{item.subject}" if anchor else "")
    where = place_of(item.location, visit.given.plans.in_force)
    return Entry(
        item=item, what=say(_NAMES[item.kind]), text=_text(item, say), where=where, url=url, next=_next(mine, say)
    )


def _text(item: Item, say: Language) -> str:
    parts = [say.plural("{count} unit", "{count} units", item.units)] if item.units else []
    if item.kind is WorkKind.CASE:
        parts += [went_wrong(item.subject.partition("-")[2], item.note, say)]
    elif item.note:
        parts += [say.label(item.note)]
    parts += [say("taken by {name}", name=item.who)] if item.who else []
    return " · ".join(parts) or say.label(item.state)


def _next(actions: list[str], say: Language) -> str:
    """What the person can do; to look, when they may do nothing."""
    return say(NEXT[actions[0]]) if actions else say("Look")


NEXT: Mapping[str, str] = {
    "hold.release": marked("Decide"),
    "hold.reject": marked("Decide"),
    "case.take": marked("Settle"),
    "case.resolve": marked("Settle"),
    "question.answer": marked("Answer"),
    "pick.report": marked("Report the pick"),
    "pack.report": marked("Report it packed"),
    "parcel.hand_over": marked("Hand over"),
    "return.approve": marked("Decide"),
    "return.decline": marked("Decide"),
    "return.receive": marked("Receive"),
    "return.inspect": marked("Inspect"),
    "notice.send_again": marked("Decide"),
    "job.retry": marked("Decide"),
    "job.give_up": marked("Decide"),
}
"""What the button of an item says, by the first of its actions."""
