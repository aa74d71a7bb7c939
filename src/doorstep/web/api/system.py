"""The audit trail, jobs and keys over HTTP, to read."""

from datetime import datetime

from msgspec import Struct

from doorstep.access.model.actor import ActorKind
from doorstep.access.model.audit import AuditQuery, Entry
from doorstep.access.model.keys import ApiKey
from doorstep.jobs import store as jobs_store
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.web.endpoint import Ask
from doorstep.web.lists import LIMIT_MAX, cursor_of, limit_of, moment_of, position_of

AUDIT = "audit"


class EntryView(Struct, frozen=True, kw_only=True):
    """What somebody did: `before` and `after` are small JSON texts or plain words, where something changed."""

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


class AuditView(Struct, frozen=True):
    """What was done, the newest first. `next_cursor` asks for what was done before; null on the last page."""

    entries: tuple[EntryView, ...]
    next_cursor: str | None


class KindView(Struct, frozen=True, kw_only=True):
    """How many jobs of a kind are due, due later, being run, and were tried too often."""

    kind: str
    due: int
    later: int
    held: int
    exhausted: int


class ExhaustedView(Struct, frozen=True, kw_only=True):
    """A job that was tried too often and waits for a person. `about` is the order, if it is about one."""

    job: str
    kind: str
    about: str
    attempts: int
    error: str
    due_at: datetime


class JobsView(Struct, frozen=True):
    """What there is to do, by kind, and what was tried too often."""

    kinds: tuple[KindView, ...]
    exhausted: tuple[ExhaustedView, ...]


class ApiKeyView(Struct, frozen=True, kw_only=True):
    """A key, without its secret, which is kept nowhere."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeysView(Struct, frozen=True):
    """All keys, the oldest first."""

    keys: tuple[ApiKeyView, ...]


async def audit(ask: Ask[None]) -> AuditView:
    """A page of the audit trail."""
    (cursor,) = position_of(ask.query, AUDIT)
    query = AuditQuery(
        about_kind=ask.query.get("about_kind", ""),
        about_id=ask.query.get("about", ""),
        actor_id=ask.query.get("actor", ""),
        act=ask.query.get("act", ""),
        since=moment_of(ask.query, "since"),
        until=moment_of(ask.query, "until"),
        cursor=cursor,
        most=limit_of(ask.query),
    )
    async with ask.given.database.read() as tx:
        page = await ask.given.desk.crew.access.audit(tx, query)
    cursor_after = cursor_of(AUDIT, page.next_cursor) if page.next_cursor else None
    return AuditView(tuple(_entry(one) for one in page.entries), cursor_after)


async def jobs(ask: Ask[None]) -> JobsView:
    """What there is to do, and what waits for a person."""
    async with ask.given.database.read() as tx:
        counts = await jobs_store.outstanding(tx, to_ms(ask.given.clock.now()))
        lost = await jobs_store.exhausted(tx, LIMIT_MAX)
    kinds = (
        KindView(kind=kind, due=one.due, later=one.later, held=one.running, exhausted=one.exhausted)
        for kind, one in counts.items()
    )
    tried = (
        ExhaustedView(
            job=one.key,
            kind=one.kind,
            about=one.about,
            attempts=one.attempts,
            error=one.error,
            due_at=from_ms(one.due_at_ms),
        )
        for one in lost
    )
    return JobsView(tuple(kinds), tuple(tried))


async def keys(ask: Ask[None]) -> KeysView:
    """All keys."""
    async with ask.given.database.read() as tx:
        return KeysView(tuple(_key(one) for one in await ask.given.desk.crew.access.everything(tx)))


def _entry(one: Entry) -> EntryView:
    return EntryView(**{name: getattr(one, name) for name in EntryView.__struct_fields__})


def _key(one: ApiKey) -> ApiKeyView:
    return ApiKeyView(**{name: getattr(one, name) for name in ApiKeyView.__struct_fields__})
