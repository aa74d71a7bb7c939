"""The audit trail: who did what to what, when, why, and how it was before and after. Pure."""

import re
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import id_from

ENTRIES_MAX = 1000
_CURSOR = re.compile(r"aud_[0-9A-HJKMNP-TV-Z]{26}")


class Entry(Struct, frozen=True):
    """One act of a person or a program. `before` and `after` are small JSON texts or plain words, or empty.

    `act` is a stable word such as `hold.release`; `about_kind` is order, item, staff, key, job or settings.
    """

    id: str
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    act: str
    about_kind: str
    about_id: str
    reason: str
    before: str
    after: str
    request_id: str


class Change(Struct, frozen=True):
    """What an act changed, why, and in which request."""

    reason: str = ""
    before: str = ""
    after: str = ""
    request_id: str = ""


class AuditQuery(Struct, frozen=True, kw_only=True):
    """Which entries are wanted; what is left empty does not matter. `act` is how the act begins, such as `stock.`.

    `since` is included, `until` is not. `cursor` is the `next_cursor` of the page before.
    """

    about_kind: str = ""
    about_id: str = ""
    actor_id: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None
    cursor: str = ""
    most: int = 50


class AuditPage(Struct, frozen=True):
    """Entries, newest first, and where the next page begins; empty on the last."""

    entries: tuple[Entry, ...]
    next_cursor: str


_NOTHING = Change()


def entry(actor: Actor, act: str, about: tuple[str, str], at: datetime, change: Change = _NOTHING) -> Entry:
    """The entry of an act on `about` (kind and id). Its id is of its moment, the rest a hash: the same act is one."""
    words = (actor.kind.value, actor.id, actor.name, act, *about)
    changed = (change.reason, change.before, change.after, change.request_id)
    chance = int.from_bytes(sha256("\0".join((*words, *changed)).encode()).digest()[:10], "big")
    return Entry(first_id(at, chance), at, actor.kind, *words[1:], *changed)


def first_id(at: datetime, chance: int = 0) -> str:
    """The smallest id that an entry of a moment can have; with a number, the id that goes with it."""
    return id_from("aud", round(at.timestamp() * 1000), chance)


def checked(query: AuditQuery) -> AuditQuery:
    """The query; Refused when its cursor is none or its page is too long."""
    if query.cursor and not _CURSOR.fullmatch(query.cursor):
        raise Refused("unknown_cursor", "This cursor is not of a page of the audit trail. Begin at the first page.")
    if not 1 <= query.most <= ENTRIES_MAX:
        raise Refused("bad_page", f"A page has 1 to {ENTRIES_MAX} entries.")
    return query


def page_of(entries: tuple[Entry, ...], most: int) -> AuditPage:
    """The page of at most `most` entries, given one more if there is one."""
    shown = entries[:most]
    return AuditPage(shown, shown[-1].id if len(entries) > most else "")


class By(Struct, frozen=True):
    """Who changes something, when, why if that was asked, and in which request."""

    actor: Actor
    at: datetime
    reason: str = ""
    request_id: str = ""

    def entry(self, act: str, about: tuple[str, str], before: str = "", after: str = "") -> Entry:
        """The audit entry of what they changed."""
        return entry(self.actor, act, about, self.at, Change(self.reason, before, after, self.request_id))
