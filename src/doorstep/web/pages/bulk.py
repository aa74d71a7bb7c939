"""The same done to many orders: first what would be done to each, then what was."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from doorstep.desk.model import Act, Done, Outcome, Wish
from doorstep.desk.table import ACTS
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import new_id
from doorstep.web.labels import marked
from doorstep.web.pages.acts import said_in
from doorstep.web.pages.page import Shown, Visit

BULK = "/console/orders/bulk"
_TITLES: Mapping[str, str] = {
    "hold.release": marked("Let held orders go on"),
    "hold.reject": marked("Reject held orders"),
    "order.cancel": marked("Cancel what can still be stopped"),
    "order.note": marked("Add a note"),
}
FOR_MANY: Mapping[str, tuple[str, Act[Any]]] = {
    name: (text, ACTS[name]) for name, text in _TITLES.items() if ACTS[name].for_many
}
"""What can be done to many orders at once, and what it is called there."""


class BulkForm(Struct, frozen=True):
    """Which orders, by number, and what is to be done to them."""

    act: str
    order: tuple[str, ...] = ()


class Line(Struct, frozen=True):
    """An order, and what would be or was done to it; `wrong` says why not."""

    number: str
    wrong: str = ""


async def preview(visit: Visit) -> Shown:
    """What would be done to each; nothing is done. The reason is asked for here."""
    title, act = _act(visit, visit.query.get("act", ""))
    numbers = _numbers(visit, visit.every("order"))
    body = said_in(act, {"reason": ["-"], "text": ["-"]})
    outcomes = await visit.given.desk.preview(act, [_wish(visit, number, body) for number in numbers])
    return _shown(visit, (act.name, title), _lines(numbers, outcomes), {"act": act, "is_done": False})


async def have_done(visit: Visit) -> Shown:
    """Do it; each order has its own result."""
    title, act = _act(visit, visit.form.act)
    numbers = _numbers(visit, visit.form.order)
    body = said_in(act, visit.sent)
    outcomes = await visit.given.desk.ask_all(act, [_wish(visit, number, body) for number in numbers])
    return _shown(visit, (act.name, title), _lines(numbers, outcomes), {"act": act, "is_done": True})


def _act(visit: Visit, name: str) -> tuple[str, Act[Any]]:
    if name not in FOR_MANY:
        raise Refused("no_such_act", visit.language("This cannot be done to many orders at once."))
    title, act = FOR_MANY[name]
    visit.actor.check(act.needs)
    return visit.language(title), act


def _numbers(visit: Visit, wanted: Sequence[str]) -> list[str]:
    numbers = list(dict.fromkeys(number for number in wanted if number))
    if not numbers:
        raise Refused("nothing_marked", visit.language("Mark at least one order first."))
    return numbers


def _wish(visit: Visit, number: str, body: Any) -> Wish[Any]:
    return Wish(actor=visit.actor, body=body, order=number)


def _lines(numbers: Sequence[str], outcomes: Sequence[Outcome]) -> list[Line]:
    pairs = zip(numbers, outcomes, strict=True)
    return [Line(number, "" if isinstance(outcome, Done) else outcome.message) for number, outcome in pairs]


def _shown(visit: Visit, act: tuple[str, str], lines: Sequence[Line], more: Mapping[str, Any]) -> Shown:
    del visit
    fill = {"name": act[0], "title": act[1], "lines": lines, "good": [one for one in lines if not one.wrong]}
    return Shown("bulk.html", {**fill, **more, "once": new_id("once")})
