"""Keys for programs (issue, check, revoke), and the trail of what was done by whom."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from doorstep.access.model.audit import AuditPage, AuditQuery, Entry, page_of
from doorstep.access.model.keys import ApiKey, checked, digest_of, read_key, text_of
from doorstep.access.model.permissions import Permission, permissions_of
from doorstep.access.store import audit as trail
from doorstep.access.store import keys as store
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import new_id, new_secret
from doorstep.storage.transaction import Tx


class Access:
    """Knows callers by their keys."""

    async def issue(self, tx: Tx, name: str, scopes: Iterable[str], at: datetime, *, days: int | None) -> str:
        """Make a key and return its text, which is shown this once and kept nowhere."""
        secret, key_id = new_secret(), new_id("key")
        expires_at = None if days is None else at + timedelta(days=days)
        await store.insert(tx, ApiKey(key_id, name, digest_of(secret), permissions_of(scopes), at, expires_at, None))
        return text_of(key_id, secret)

    async def check(self, tx: Tx, text: str, scope: Permission, at: datetime) -> ApiKey:
        """The key that a caller presents, if it opens the scope; else NotAllowed with the reason."""
        presented = read_key(text)
        return checked(await store.load(tx, presented.key_id), presented, scope, at)

    async def everything(self, tx: Tx) -> list[ApiKey]:
        """All keys, oldest first."""
        return await store.everything(tx)

    async def revoke(self, tx: Tx, key_id: str, at: datetime) -> None:
        """A key is not to be used any more."""
        if not await store.revoke(tx, key_id, at):
            raise Missing("no_such_key", f"There is no key {key_id} in use.")

    async def record(self, tx: Tx, entries: Sequence[Entry]) -> None:
        """Write down what is done in this transaction, for good."""
        await trail.insert(tx, entries)

    async def audit(self, tx: Tx, query: AuditQuery) -> AuditPage:
        """What was done, newest first."""
        return page_of(tuple(await trail.page(tx, query)), query.most)
