"""The table of links that work once, and every statement on it."""

from datetime import datetime

from sqlalchemy import Index, Table, bindparam, delete, select

from doorstep.access.model.links import Link, Purpose
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import Row, insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

links = Table(
    "links",
    metadata,
    text("digest", key=True),
    text("purpose"),
    text("staff_id"),
    whole("expires_at_ms"),
    whole("used_at_ms", null=True),
    sqlite_with_rowid=False,
)
Index("ix_links_staff", links.c.staff_id, links.c.purpose)

_IS_OF = (links.c.purpose == bindparam("what_for")) & (links.c.staff_id == bindparam("who"))

_INSERT = insert_rows(links)
_SELECT = select_by(links, ["digest"])
_LOCK = plain(select(*links.columns).where(_IS_OF).order_by(links.c.digest).with_for_update())
_WITHDRAW = plain(delete(links).where(_IS_OF, links.c.used_at_ms.is_(None)))
_USE = update_by(links, ["digest"], ["used_at_ms"])
_TIDY = plain(delete(links).where(links.c.expires_at_ms <= bindparam("now")))


async def insert(tx: Tx, link: Link) -> None:
    """Write a new link."""
    await tx.run(_INSERT, [(link.digest, link.purpose.value, link.staff_id, to_ms(link.expires_at), None)])


async def load(tx: Tx, digest: str) -> Link | None:
    """A link by its digest."""
    rows = await tx.rows(_SELECT, [(digest,)])
    return _record(rows[0]) if rows else None


async def lock(tx: Tx, purpose: Purpose, staff_id: str) -> list[Link]:
    """The links of a person for a purpose, locked in one order until the transaction ends."""
    return [_record(row) for row in await tx.rows(_LOCK, what_for=purpose.value, who=staff_id)]


async def withdraw(tx: Tx, purpose: Purpose, staff_id: str) -> None:
    """Let the unused links of a person for a purpose work no more."""
    await tx.run(_WITHDRAW, what_for=purpose.value, who=staff_id)


async def use(tx: Tx, link: Link, at: datetime) -> None:
    """Write down that a link, which was locked, is used."""
    await tx.run(_USE, [(link.digest, to_ms(at))])


async def tidy(tx: Tx, at: datetime) -> None:
    """Delete what has expired."""
    await tx.run(_TIDY, now=to_ms(at))


def _record(row: Row) -> Link:
    return Link(row[0], Purpose(row[1]), row[2], from_ms(row[3]), None if row[4] is None else from_ms(row[4]))
