"""The audit trail as a list that can be narrowed down, and as a file."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.actor import COMMAND, DEPLOYMENT
from doorstep.access.model.audit import AuditQuery, Entry, checked
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import Missing, Refused
from doorstep.kernel.ids import OrderId
from doorstep.storage.transaction import Tx
from doorstep.web.labels import marked
from doorstep.web.pages.csv_rows import csv_rows
from doorstep.web.pages.page import Download, Shown, Visit

_ON_A_PAGE = 50
_IN_A_PART = 500
_COLUMNS = (
    *("id", "at", "actor_kind", "actor_id", "actor_name", "act", "about_kind", "about_id"),
    *("reason", "before", "after", "request_id"),
)
_ABOUT: Mapping[str, tuple[str, Permission]] = {
    "order": ("/console/orders/{}", Permission.ORDERS_READ),
    "item": ("/console/stock/item?sku={}", Permission.STOCK_READ),
    "staff": ("/console/staff/{}", Permission.STAFF_MANAGE),
    "key": ("/console/keys", Permission.KEYS_MANAGE),
}
_KINDS = ("order", "item", "staff", "key", "job", "settings")
_PROGRAMS = ((COMMAND, marked("The command line")), (DEPLOYMENT, marked("The token of the deployment")))
_NO_DAY = marked("This is no day such as 2026-03-31.")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Difference(Struct, frozen=True):
    """What was changed: how it was, and how it is; `name` is empty when it is one thing."""

    name: str
    before: str
    after: str


async def trail(visit: Visit) -> Shown:
    """What was done, newest first."""
    errors: dict[str, str] = {}
    query = _query(visit, errors)
    access, staff = visit.given.people.access, visit.given.people.staff
    async with visit.given.database.read() as tx:
        page = await access.audit(tx, await _with_order_id(visit, tx, query))
        people = await staff.everyone(tx)
        keys = await access.everything(tx)
        numbers = await _order_numbers(visit, tx, page.entries)
    actors = {one.id: one.name or one.email for one in people} | {one.id: one.name for one in keys}
    names = actors | numbers
    fill = {
        "query": _asked(visit),
        "errors": errors,
        "names": names,
        "entries": page.entries,
        **_choices(visit, actors),
    }
    links = {"next_url": _url(visit, "/console/audit", page.next_cursor), "csv_url": _url(visit, "/console/audit.csv")}
    shown = Shown("audit.html", {**fill, **links, "differences": differences, "about_url": _about_url(visit)})
    return replace(shown, status=422) if errors else shown


async def download(visit: Visit) -> Download:
    """The same as a file, whole."""
    errors: dict[str, str] = {}
    query = _query(visit, errors)
    if errors:
        raise Refused("bad_query", next(iter(errors.values())), errors)
    name = f"audit-{visit.language.local(visit.now).date().isoformat()}.csv"
    return Download(name, "text/csv; charset=utf-8", _parts(visit, replace(query, most=_IN_A_PART)))


def differences(entry: Entry) -> list[Difference]:
    """What an act changed, by field where both sides have fields."""
    before, after = _read(entry.before or "{}"), _read(entry.after or "{}")
    if before is None or after is None:
        return [Difference("", entry.before, entry.after)] if entry.before or entry.after else []
    names = dict.fromkeys([*before, *after])
    both = [Difference(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [one for one in both if one.before != one.after]


async def _with_order_id(visit: Visit, tx: Tx, query: AuditQuery) -> AuditQuery:
    """The query with the order's id where its number was asked for."""
    if query.about_kind != "order" or not query.about_id:
        return query
    try:
        order_id, _ = await visit.given.overview.number(tx, query.about_id)
    except Missing:
        return query
    return replace(query, about_id=order_id)


async def _order_numbers(visit: Visit, tx: Tx, entries: Iterable[Entry]) -> dict[str, str]:
    """The numbers of the orders that entries are about, by id."""
    wanted = {OrderId(one.about_id) for one in entries if one.about_kind == "order"}
    orders = await visit.given.desk.crew.ledger.orders(tx, sorted(wanted))
    return {order.id: order.number for order in orders.values()}


async def _parts(visit: Visit, query: AuditQuery) -> AsyncIterator[bytes]:
    yield csv_rows([_COLUMNS], is_first=True)
    more = True
    while more:
        async with visit.given.database.read() as tx:
            page = await visit.given.people.access.audit(tx, await _with_order_id(visit, tx, query))
        yield csv_rows(_row(one) for one in page.entries)
        query, more = replace(query, cursor=page.next_cursor), bool(page.next_cursor)


def _row(entry: Entry) -> list[str]:
    return [entry.at.isoformat() if name == "at" else str(getattr(entry, name)) for name in _COLUMNS]


def _choices(visit: Visit, names: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Whose acts can be asked for, and about what."""
    say = visit.language
    programs = [(one.id, say(name)) for one, name in _PROGRAMS]
    return {
        "actors": [("", say("Everybody")), *names.items(), *programs],
        "kinds": [("", say("Everything")), *((kind, say.label(kind)) for kind in _KINDS)],
    }


def _query(visit: Visit, errors: dict[str, str]) -> AuditQuery:
    """What is asked for; what cannot be understood is told by field and left out."""
    asked = _asked(visit)
    since, until = _midnight(visit, "since", errors), _midnight(visit, "until", errors)
    query = AuditQuery(
        about_kind=asked["about"],
        about_id=asked["id"],
        actor_id=asked["actor"],
        act=asked["act"],
        since=since,
        until=until + timedelta(days=1) if until else None,
        cursor=asked["cursor"],
        most=_ON_A_PAGE,
    )
    try:
        return checked(query)
    except Refused:
        errors[""] = visit.language("This page is not known. Begin with the first one.")
        return replace(query, cursor="")


def _asked(visit: Visit) -> dict[str, str]:
    names = ("actor", "act", "about", "id", "since", "until", "cursor")
    return {name: visit.query.get(name, "").strip()[:200] for name in names}


def _midnight(visit: Visit, name: str, errors: dict[str, str]) -> datetime | None:
    """When a day begins by the store's clocks."""
    text = visit.query.get(name, "").strip()
    try:
        return datetime.combine(date.fromisoformat(text), time(), visit.language.zone) if text else None
    except ValueError:
        errors[name] = visit.language(_NO_DAY)
        return None


def _url(visit: Visit, path: str, cursor: str | None = None) -> str:
    """The same list elsewhere or further on; nothing when there is no further on."""
    if cursor == "":
        return ""
    wanted = {name: value for name, value in _asked(visit).items() if value and name != "cursor"}
    query = urlencode(wanted | ({"cursor": cursor} if cursor else {}))
    return f"{path}?{query}" if query else path


def _about_url(visit: Visit) -> Callable[[Entry], str]:
    """Where this person can see what an entry is about; nothing when they cannot."""

    def url(entry: Entry) -> str:
        path, needs = _ABOUT.get(entry.about_kind, ("", Permission.AUDIT_READ))
        name = entry.about_id
        if entry.about_kind == "item":  # "SKU location"; an import of many items has no page of its own
            name = name.rpartition(" ")[0]
        return path.format(quote(name, safe="")) if name and visit.actor.may(needs) else ""

    return url


def _read(text: str) -> dict[str, str] | None:
    """The fields of a small JSON text, each as people read it; None when it has none."""
    try:
        return {name: _text(value) for name, value in _fields.decode(text).items()}
    except msgspec.DecodeError:
        return None


def _text(value: msgspec.Raw) -> str:
    """A JSON value as people read it: a text without its quotes, a list without its brackets, nothing for null."""
    found = msgspec.json.decode(value)
    if isinstance(found, list):
        return ", ".join(str(one) for one in found)
    return found if isinstance(found, str) else bytes(value).decode().replace("null", "")
