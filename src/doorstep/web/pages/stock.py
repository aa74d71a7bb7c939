"""Stock: items with their balances, and one item with what happened to it and a form to adjust it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from doorstep.access.model.audit import AuditQuery, Entry
from doorstep.access.model.permissions import Permission
from doorstep.desk.table import ACTS
from doorstep.journey.overview.shelves import HistoryPage, ShelfItem, ShelfPage, ShelfQuery, ShelfRow
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.ids import new_id
from doorstep.stock.model.balances import Movement, MovementKind, Stock
from doorstep.storage.transaction import Tx
from doorstep.web.labels import marked
from doorstep.web.language import Language
from doorstep.web.pages.acts import DONE, have_done
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.forms import Raw, first
from doorstep.web.pages.page import Moved, Shown, Visit, done

LIST = "/console/stock"
ITEM = f"{LIST}/item"
LOW = 5
_ADJUST = ACTS["stock.adjust"]
_REASONS: Mapping[MovementKind, tuple[str, str]] = {
    MovementKind.RECEIVED: (marked("Received"), marked("Received for order {number}")),
    MovementKind.PICKED: (marked("Picked"), marked("Picked for order {number}")),
    MovementKind.RETURNED: (marked("Came back"), marked("Came back from order {number}")),
    MovementKind.ADJUSTED: (marked("Adjusted"), marked("Not found when order {number} was picked")),
}
_NUMBER_MAX = 12


class Level(Struct, frozen=True):
    """A balance as people read it: what can be promised is what is available less the safety stock."""

    stock: Stock
    place: str
    free: int
    tone: str
    mark: str


class Line(Struct, frozen=True):
    """An item of the list."""

    row: ShelfRow
    url: str
    levels: tuple[Level, ...]


class Told(Struct, frozen=True, kw_only=True):
    """A movement as people read it: why, by whom, and the order that caused it."""

    movement: Movement
    place: str
    text: str
    number: str = ""
    said: str = ""
    who: str = ""


async def stock(visit: Visit) -> Shown:
    """The items that are asked for, a page of them."""
    errors: dict[str, str] = {}
    asked = {name: visit.query.get(name, "").strip()[:200] for name in ("q", "location", "below")}
    below, page = _below(asked["below"], visit.language, errors), ShelfPage((), None)
    safety = visit.given.plans.in_force.stock.safety_stock
    query = ShelfQuery(
        text=asked["q"],
        location=asked["location"],
        below=None if below is None else below + safety,
        after=visit.query.get("cursor", ""),
    )
    if not errors:
        page, errors = await _found(visit, query)
    given = {name: value for name, value in asked.items() if value}
    more = urlencode({**given, "cursor": page.next_cursor or ""})
    fill = {
        "asked": asked,
        "errors": errors,
        "lines": [_line(row, visit, LOW if below is None else below) for row in page.rows],
        "locations": [("", visit.language("Everywhere")), *_places(visit).items()],
        "low": LOW,
        "safety": safety,
        "next_url": f"{LIST}?{more}" if page.next_cursor else "",
        "may_change": visit.actor.may(Permission.STOCK_WRITE),
    }
    return Shown("stock.html", fill, 422 if errors else 200)


async def item(visit: Visit) -> Shown:
    """One item."""
    return await _item(visit, visit.query.get("sku", ""), {})


async def adjust(visit: Visit) -> Moved:
    """Change what is on hand at a place, by a number or to what was counted there."""
    sku = first(visit.sent, "sku")
    await have_done(visit, _ADJUST, _wish(visit))
    return Moved(f"{ITEM}?{urlencode({'sku': sku})}", done(visit.language(DONE[_ADJUST.name])))


async def adjust_again(visit: Visit, error: DoorstepError) -> Shown:
    """The item again, with what was written and what is wrong with it."""
    fields = field_errors(error)
    errors = {"number" if name in ("change", "count") else name: text for name, text in fields.items()}
    known = {"number", "reason", "location", "sku", "how"}
    errors = errors if errors.keys() <= known else {"": error.message}
    return await _item(visit, first(visit.sent, "sku"), errors)


async def _found(visit: Visit, query: ShelfQuery) -> tuple[ShelfPage, dict[str, str]]:
    try:
        async with visit.given.database.read() as tx:
            return await visit.given.overview.shelves(tx, query), {}
    except Refused as refused:
        return ShelfPage((), None), {"": refused.message}


async def _item(visit: Visit, sku: str, errors: Mapping[str, str]) -> Shown:
    async with visit.given.database.read() as tx:
        found = await visit.given.overview.item(tx, sku)
        history = await visit.given.overview.item_history(tx, sku, visit.query.get("cursor", ""))
        entries = await _entries(visit, tx, history.movements)
    more = urlencode({"sku": sku, "cursor": history.next_cursor or ""})
    fill = {
        "found": found,
        "levels": [_level(one, visit, LOW) for one in found.balances],
        "safety": visit.given.plans.in_force.stock.safety_stock,
        "told": [_told(one, history, entries, visit) for one in history.movements],
        "next_url": f"{ITEM}?{more}" if history.next_cursor else "",
        "may_change": visit.actor.may(Permission.STOCK_WRITE) and found.item is not None,
        **_form(visit, found, errors),
    }
    return Shown("stock_item.html", fill)


def _form(visit: Visit, found: ShelfItem, errors: Mapping[str, str]) -> dict[str, Any]:
    """The form to adjust, with what was written in it."""
    written = {name: first(visit.sent, name) for name in ("location", "how", "number", "reason")}
    return {
        "errors": errors,
        "written": written,
        "locations": list(_places(visit).items()),
        "seen": dict.fromkeys(_places(visit), 0) | {one.location: one.on_hand for one in found.balances},
        "once": new_id("once"),
    }


def _wish(visit: Visit) -> Raw:
    """What the desk is told: one number, which is a difference or a count."""
    say, sent = visit.language, visit.sent
    text = first(sent, "number").strip().replace("−", "-")
    digits = text.lstrip("+-")
    if not (digits.isdecimal() and digits.isascii() and len(digits) < _NUMBER_MAX and len(text) - len(digits) < 2):
        raise Refused("invalid_form", text, {"number": say("Write a whole number, such as -3 or 12.")})
    if not first(sent, "reason").strip():
        raise Refused("invalid_form", text, {"reason": say("Say why: it is kept with the movement.")})
    is_count = first(sent, "how") == "count"
    if is_count and text.startswith("-"):
        raise Refused("invalid_form", text, {"number": say("A count is 0 or more.")})
    wish: dict[str, list[str | bytes]] = {name: sent.get(name, [""]) for name in ("sku", "location", "reason")}
    wish["count" if is_count else "change"] = [text.lstrip("+")]
    if is_count and (seen := first(sent, f"seen.{first(sent, 'location')}")):
        wish["seen"] = [seen]
    return wish


def _below(text: str, say: Language, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    if text.isdecimal() and text.isascii() and len(text) < _NUMBER_MAX:
        return int(text)
    errors["below"] = say("Write a whole number, such as 10.")
    return None


def _places(visit: Visit) -> dict[str, str]:
    return {one.id: one.name for one in visit.given.plans.in_force.locations}


def _line(row: ShelfRow, visit: Visit, low: int) -> Line:
    levels = tuple(_level(one, visit, low) for one in row.balances)
    return Line(row, f"{ITEM}?{urlencode({'sku': row.sku})}", levels)


def _level(one: Stock, visit: Visit, low: int) -> Level:
    say, free = visit.language, one.available - visit.given.plans.in_force.stock.safety_stock
    place = _places(visit).get(one.location, one.location)
    if one.available < 0:
        return Level(one, place, free, "bad", say("More is promised than is there"))
    if free <= 0:
        return Level(one, place, free, "bad", say("None left"))
    return Level(one, place, free, "warn", say("Low")) if free < low else Level(one, place, free, "", "")


def _told(one: Movement, history: HistoryPage, entries: Mapping[tuple[str, int], Entry], visit: Visit) -> Told:
    say, place = visit.language, _places(visit).get(one.location, one.location)
    alone, for_order = _REASONS.get(one.kind, (marked("Changed"), marked("Changed for order {number}")))
    if number := history.orders.get(one.cause):
        return Told(movement=one, place=place, text=say(for_order, number=number), number=number)
    if one.cause.startswith("count:"):
        return Told(movement=one, place=place, text=say("Counted: {name}", name=one.cause.removeprefix("count:")))
    entry = entries.get((one.location, round(one.at.timestamp() * 1000)))
    if entry is None:
        return Told(movement=one, place=place, text=say(alone))
    return Told(movement=one, place=place, text=say(alone), said=entry.reason, who=entry.actor_name)


async def _entries(visit: Visit, tx: Tx, movements: Sequence[Movement]) -> dict[tuple[str, int], Entry]:
    """What was said when somebody adjusted, by location and moment."""
    adjusted = [one for one in movements if one.cause.startswith("act_")]
    found: dict[tuple[str, int], Entry] = {}
    for location in sorted({one.location for one in adjusted}):
        moments = [one.at for one in adjusted if one.location == location]
        query = AuditQuery(
            about_kind="item",
            about_id=f"{adjusted[0].sku} {location}",
            act=_ADJUST.name,
            since=min(moments),
            until=max(moments) + timedelta(seconds=1),
            most=len(moments) + 1,
        )
        page = await visit.given.people.access.audit(tx, query)
        found |= {(location, round(entry.at.timestamp() * 1000)): entry for entry in page.entries}
    return found
