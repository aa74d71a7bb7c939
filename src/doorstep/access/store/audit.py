"""The table of the audit trail: it is written and read, and nothing in it is ever changed or deleted."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Index, Table, bindparam, func, select

from doorstep.access.model.actor import ActorKind
from doorstep.access.model.audit import AuditQuery, Entry, first_id
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, Statement, Value, insert_rows, plain
from doorstep.storage.transaction import Tx

audit = Table(
    "audit",
    metadata,
    text("id", key=True),
    whole("at_ms"),
    text("actor_kind"),
    text("actor_id"),
    text("actor_name"),
    text("act"),
    text("about_kind"),
    text("about_id"),
    text("reason"),
    text("before"),
    text("after"),
    text("request_id"),
    sqlite_with_rowid=False,
)
Index("ix_audit_about", audit.c.about_kind, audit.c.about_id, audit.c.id)
Index("ix_audit_actor", audit.c.actor_id, audit.c.id)

_INSERT = insert_rows(audit, ignore=True)


async def insert(tx: Tx, entries: Sequence[Entry]) -> None:
    """Write entries; one that is there already is the same."""
    await tx.run(_INSERT, sorted(_row(one) for one in entries))


async def page(tx: Tx, query: AuditQuery) -> list[Entry]:
    """The entries that are wanted, newest first, and one more than fits on the page if there is one."""
    wanted = _wanted(query)
    return [_record(row) for row in await tx.rows(_page(tuple(wanted)), None, most=query.most + 1, **wanted)]


def _wanted(query: AuditQuery) -> dict[str, Value]:
    """The conditions that a query makes, by name, with their values."""
    everything: dict[str, Value] = {
        "about_kind": query.about_kind,
        "about_id": query.about_id,
        "actor_id": query.actor_id,
        "act": query.act,
        "since": first_id(query.since) if query.since else "",
        "until": first_id(query.until) if query.until else "",
        "cursor": query.cursor,
    }
    return {name: value for name, value in everything.items() if value}


@lru_cache(maxsize=128)
def _page(names: tuple[str, ...]) -> Statement:
    """The statement for a set of conditions: one for each set, so that its index is seen to apply."""
    return plain(
        select(*audit.columns)
        .where(*(_CONDITIONS[name] for name in names))
        .order_by(audit.c.id.desc())
        .limit(bindparam("most"))
    )


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "about_kind": audit.c.about_kind == bindparam("about_kind"),
    "about_id": audit.c.about_id == bindparam("about_id"),
    "actor_id": audit.c.actor_id == bindparam("actor_id"),
    "act": func.substr(audit.c.act, 1, func.length(bindparam("act"))) == bindparam("act"),
    "since": audit.c.id >= bindparam("since"),
    "until": audit.c.id < bindparam("until"),
    "cursor": audit.c.id < bindparam("cursor"),
}


def _row(one: Entry) -> tuple[Value, ...]:
    who = (one.id, to_ms(one.at), one.actor_kind.value, one.actor_id, one.actor_name)
    return (*who, one.act, one.about_kind, one.about_id, one.reason, one.before, one.after, one.request_id)


def _record(row: Row) -> Entry:
    return Entry(row[0], from_ms(row[1]), ActorKind(row[2]), *row[3:])
