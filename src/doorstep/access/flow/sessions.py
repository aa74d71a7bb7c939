"""Where people are signed in: listed, and ended by themselves or by whoever manages the staff."""

from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Permission
from doorstep.access.model.sessions import Session
from doorstep.access.store import audit as trail
from doorstep.access.store import sessions as store
from doorstep.kernel.errors import Missing
from doorstep.storage.transaction import Tx


class Sessions:
    """Shows and ends sessions: one's own, or with `staff:manage` those of others."""

    async def of(self, tx: Tx, by: By, staff_id: str) -> list[Session]:
        """A person's live sessions, newest first."""
        _check(by, staff_id)
        return await store.of(tx, staff_id, by.at)

    async def revoke(self, tx: Tx, by: By, session_id: str) -> None:
        """End one session; Missing when there is none of this id, or not for this person."""
        session = await store.by_id(tx, session_id, by.at)
        if session is None or not _may(by, session.staff_id) or not await store.end(tx, session.digest):
            raise Missing("no_such_session", "This session has ended already.")
        await trail.insert(tx, [by.entry("session.revoke", ("staff", session.staff_id), before=session.id)])

    async def revoke_all(self, tx: Tx, by: By, staff_id: str, kept: str = "") -> int:
        """End a person's sessions, but for the one of the digest `kept`; returns how many there were."""
        _check(by, staff_id)
        count = await store.end_others(tx, staff_id, kept)
        await trail.insert(tx, [by.entry("session.revoke_all", ("staff", staff_id), before=f"{count} sessions")])
        return count


def _may(by: By, staff_id: str) -> bool:
    return by.actor.id == staff_id or by.actor.may(Permission.STAFF_MANAGE)


def _check(by: By, staff_id: str) -> None:
    if by.actor.id != staff_id:
        by.actor.check(Permission.STAFF_MANAGE)
