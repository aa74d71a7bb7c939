"""Keys for programs (issue, check, revoke), the trail of what was done by whom, and the store's own secrets."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from doorstep.access.model.audit import AuditPage, AuditQuery, By, Entry, page_of
from doorstep.access.model.audit import checked as checked_query
from doorstep.access.model.keys import ApiKey, KeyWish, check_wish, checked, digest_of, read_key, scopes_of, text_of
from doorstep.access.model.permissions import Permission
from doorstep.access.store import audit as trail
from doorstep.access.store import keys as store
from doorstep.access.store import secrets
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import new_id, new_secret
from doorstep.storage.transaction import Tx


class Access:
    """Knows callers by their keys, and what was done."""

    async def issue(self, tx: Tx, by: By, wish: KeyWish) -> str:
        """Make a key and return its text, which is shown this once and kept nowhere.

        NotAllowed when it is to open what the person who makes it may not do.
        """
        by.actor.check(Permission.KEYS_MANAGE)
        check_wish(wish)
        secret, key_id, scopes = new_secret(), new_id("key"), scopes_of(wish, by.actor)
        expires_at = None if wish.days is None else by.at + timedelta(days=wish.days)
        await store.insert(tx, ApiKey(key_id, wish.name, digest_of(secret), scopes, by.at, expires_at, None))
        after = msgspec.json.encode(wish).decode()
        await self.record(tx, [by.entry("key.issue", ("key", key_id), after=after)])
        return text_of(key_id, secret)

    async def check(self, tx: Tx, text: str, scope: Permission, at: datetime) -> ApiKey:
        """The key that a caller presents, if it opens the scope; else NotAllowed with the reason."""
        presented = read_key(text)
        return checked(await store.load(tx, presented.key_id), presented, scope, at)

    async def used(self, tx: Tx, key: ApiKey, at: datetime) -> None:
        """A key is in use. To be told when `key.is_due_to_be_marked(at)`."""
        await store.used(tx, key.id, at)

    async def everything(self, tx: Tx) -> list[ApiKey]:
        """All keys, oldest first."""
        return await store.everything(tx)

    async def revoke(self, tx: Tx, by: By, key_id: str) -> None:
        """A key is not to be used any more."""
        by.actor.check(Permission.KEYS_MANAGE)
        key = await store.revoke(tx, key_id, by.at)
        if key is None:
            raise Missing("no_such_key", f"There is no key {key_id} in use.")
        await self.record(tx, [by.entry("key.revoke", ("key", key_id), before=key.name)])

    async def record(self, tx: Tx, entries: Sequence[Entry]) -> None:
        """Write down what is done in this transaction, for good."""
        await trail.insert(tx, entries)

    async def audit(self, tx: Tx, query: AuditQuery) -> AuditPage:
        """What was done, newest first; Refused when the cursor is none."""
        return page_of(tuple(await trail.page(tx, checked_query(query))), query.most)

    async def secret_of(self, tx: Tx, name: str) -> str:
        """The store's own secret of a name, made when it is first asked for, which needs a writing transaction."""
        if known := await secrets.load(tx, name):
            return known
        await secrets.keep(tx, name, new_secret())
        kept = await secrets.load(tx, name)
        if kept is None:
            raise Missing("no_secret", f"The secret {name} could not be kept.")
        return kept
