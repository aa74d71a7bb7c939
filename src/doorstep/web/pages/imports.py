"""Files of items or of counted stock: first what one would change, then it is taken in, exactly that file."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.desk.bodies import FILE_CHARS_MAX, CountBody, FileBody
from doorstep.desk.desk import done as carried_out
from doorstep.desk.goods import Import
from doorstep.desk.model import Act, Wish
from doorstep.desk.table import ACTS
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.kernel.ids import new_id
from doorstep.kernel.sheet import text_of
from doorstep.web.labels import marked
from doorstep.web.pages.acts import once
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.forms import first
from doorstep.web.pages.page import Moved, Page, Shown, Visit, done, warned
from doorstep.web.respond import unreadable

PATH = "/console/stock/import"
TAKING = f"{PATH}/taking"
_BODY_BYTES_MAX = 28_000_000  # a file that cannot be packed at all, packed
_SHOWN_MAX = 200
_KINDS: Mapping[str, tuple[str, Act[Any]]] = {
    "items": (marked("Items"), ACTS["items.import"]),
    "stock": (marked("Counted stock"), ACTS["stock.import"]),
}
_TOO_LARGE = marked("The file is larger than 20 MB. Split it, and import one part after the other.")
_NOTHING = marked("Choose a file, or paste its text.")
_CHANGED = marked("The file did not come through whole, so nothing is taken in. Choose it again.")


class Sent(Struct, frozen=True, kw_only=True):
    """A file as it was sent: of which kind, its text, and for a count the name of it."""

    kind: str
    text: str
    name: str = ""

    @property
    def act(self) -> Act[Any]:
        """What takes it in."""
        return _KINDS[self.kind][1]

    @property
    def packed(self) -> str:
        """The file for the next form: as small as it gets, in letters that a form sends as they are."""
        return urlsafe_b64encode(zlib.compress(self.text.encode(), 6)).decode()

    @property
    def digest(self) -> str:
        """By what it is known to be the same file."""
        return sha256(self.text.encode()).hexdigest()


async def ask(visit: Visit) -> Shown:
    """Which file."""
    kind = visit.query.get("kind", "")
    return _form(visit, kind if kind in _KINDS else "items", {})


async def ask_again(visit: Visit, error: DoorstepError) -> Shown:
    """Which file, with what was written and what is wrong with it."""
    kind = first(visit.sent, "kind")
    return _form(visit, kind if kind in _KINDS else "items", field_errors(error))


async def preview(visit: Visit) -> Shown:
    """What a file would change; nothing is changed."""
    return await _previewed(visit, _read(visit), "")


async def take_in(visit: Visit) -> Moved:
    """Change it: the file that was looked at, or nothing."""
    sent, skips = _read_again(visit), first(visit.sent, "skip_bad") == "yes"
    wish = Wish(actor=visit.actor, body=_body(sent, skip_bad=skips))
    found = msgspec.convert(
        msgspec.to_builtins((await once(visit.given.desk, sent.act, wish, visit.once)).answer), Import
    )
    say = visit.language
    text = say(
        "Taken in: {new} new, {changed} changed, {unchanged} as they were.",
        new=say.number(found.new),
        changed=say.number(found.changed),
        unchanged=say.number(found.unchanged),
    )
    left_out = say.plural("{count} line was left out.", "{count} lines were left out.", len(found.bad))
    return Moved("/console/stock", (*done(text), *(warned(left_out) if found.bad else ())))


async def take_in_again(visit: Visit, error: DoorstepError) -> Shown:
    """What the file would change by now, and why it was not taken in; without the file, which file."""
    try:
        return await _previewed(visit, _read_again(visit), error.message)
    except DoorstepError:
        return await ask_again(visit, error)


IMPORTS = (
    Page(method="GET", path=PATH, run=ask, needs=Permission.STOCK_WRITE),
    Page(
        method="POST",
        path=PATH,
        run=preview,
        needs=Permission.STOCK_WRITE,
        again=ask_again,
        body_bytes_max=_BODY_BYTES_MAX,
    ),
    Page(
        method="POST",
        path=TAKING,
        run=take_in,
        needs=Permission.STOCK_WRITE,
        again=take_in_again,
        body_bytes_max=_BODY_BYTES_MAX,
    ),
)


async def _previewed(visit: Visit, sent: Sent, wrong: str) -> Shown:
    wish = Wish(actor=visit.actor, body=_body(sent, preview=True))
    (outcome,) = await visit.given.desk.preview(sent.act, [wish])
    found = carried_out(outcome).answer
    good = found.new + found.changed
    fill = {
        "sent": sent,
        "kind": visit.language(_KINDS[sent.kind][0]),
        "found": found,
        "good": good,
        "bad": found.bad[:_SHOWN_MAX],
        "wrong": wrong,
        "once": new_id("once"),
    }
    return Shown("import_preview.html", fill)


def _form(visit: Visit, kind: str, errors: Mapping[str, str]) -> Shown:
    say = visit.language
    written = {name: first(visit.sent, name) for name in ("csv", "name")}
    day_and_time = say.local(visit.now).strftime("%Y-%m-%d %H:%M")
    fill = {
        "kinds": [(key, say(text)) for key, (text, _) in _KINDS.items()],
        "kind": kind,
        "csv": written["csv"],
        "name": written["name"] or day_and_time,
        "errors": errors,
        "places_of_stock": [one.id for one in visit.given.plans.in_force.locations],
        "tax_classes": sorted({"standard", *(rate.tax_class for rate in visit.given.plans.in_force.tax.rates)}),
    }
    return Shown("import.html", fill)


def _body(sent: Sent, *, preview: bool = False, skip_bad: bool = False) -> FileBody:
    said: dict[str, object] = {"csv": sent.text, "preview": preview, "skip_bad": skip_bad}
    if sent.act.body is CountBody:
        said["name"] = sent.name
    try:
        body: FileBody = msgspec.convert(said, sent.act.body)
    except msgspec.ValidationError as error:
        problem = unreadable(error)
        raise Refused("invalid_form", problem.message, problem.fields) from None
    return body


def _read(visit: Visit) -> Sent:
    """The file that a form brings, or the text in its place."""
    found = visit.sent.get("file", [b""])[0]
    raw = found if isinstance(found, bytes) and found else first(visit.sent, "csv").strip().encode()
    if not raw:
        raise Refused("nothing_sent", visit.language(_NOTHING), {"file": visit.language(_NOTHING)})
    if len(raw) > FILE_CHARS_MAX:
        raise Refused("file_too_large", visit.language(_TOO_LARGE), {"file": visit.language(_TOO_LARGE)})
    return _sent(visit, text_of(raw).replace("\r\n", "\n"))


def _read_again(visit: Visit) -> Sent:
    """The file as it was looked at. Refused when it is another one."""
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(urlsafe_b64decode(first(visit.sent, "packed")), FILE_CHARS_MAX)
        sent = _sent(visit, raw.decode())
    except (NotBase64, zlib.error, ValueError):
        raise Refused("file_changed", visit.language(_CHANGED)) from None
    if unpacking.unconsumed_tail or sent.digest != first(visit.sent, "digest"):
        raise Refused("file_changed", visit.language(_CHANGED))
    return sent


def _sent(visit: Visit, text: str) -> Sent:
    kind = first(visit.sent, "kind")
    if kind not in _KINDS:
        raise Refused("no_such_kind", visit.language("Say what the file holds: items or counted stock."))
    return Sent(kind=kind, text=text, name=first(visit.sent, "name").strip() if kind == "stock" else "")
