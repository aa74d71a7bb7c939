"""What people do who come with a link: the first owner sets up, somebody invited comes, somebody forgot a password."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from doorstep.access.flow.guard import count_try
from doorstep.access.flow.links import known_link, new_link, use_link
from doorstep.access.flow.passwords import Passwords
from doorstep.access.flow.resets import RESET, ResetWish
from doorstep.access.model.audit import By
from doorstep.access.model.house import House
from doorstep.access.model.links import Link, Purpose, address_of, does_not_work, usable
from doorstep.access.model.passwords import check_password
from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import Visit
from doorstep.access.model.staff import (
    Newcomer,
    StaffMember,
    StaffState,
    email_of,
    language_of,
    moved,
    name_of,
    summary,
)
from doorstep.access.model.throttling import Guarded, key_of, network_of
from doorstep.access.store import audit as trail
from doorstep.access.store import links, sessions, throttles
from doorstep.access.store import staff as store
from doorstep.jobs.model import NewJob
from doorstep.jobs.queue import Queue
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import new_id
from doorstep.storage.database import Database
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx


class Joining:
    """Lets people in by links that work once. Whoever comes in by one signs in afterwards like everybody."""

    def __init__(self, database: Database, queue: Queue, passwords: Passwords, house: House) -> None:
        self._database = database
        self._queue = queue
        self._passwords = passwords
        self._house = house

    async def set_up_link(self, tx: Tx, at: datetime) -> str | None:
        """The link by which the first owner sets up, in place of older ones; None when there is any staff."""
        if await store.is_anybody_there(tx):
            return None
        return address_of(self._house.public_url, Purpose.SET_UP, await new_link(tx, Purpose.SET_UP, "", at))

    async def look(self, tx: Tx, purpose: Purpose, token: str, at: datetime) -> StaffMember | None:
        """Whose link this is, for the page that it opens, without using it: nobody's for the set-up link.

        Missing when it does not work.
        """
        link = await known_link(tx, purpose, token, at)
        if purpose is Purpose.SET_UP:
            usable(None if await store.is_anybody_there(tx) else link, at)
            return None
        return await store.load(tx, link.staff_id)

    async def set_up(self, token: str, newcomer: Newcomer, visit: Visit) -> StaffMember:
        """The first owner; Missing when the link does not work, or when there is any staff."""
        at = self._queue.clock.now()
        async with self._database.read() as tx:
            await self.look(tx, Purpose.SET_UP, token, at)
        owner = await self._first_owner(newcomer, at)
        async with self._database.begin(Priority.REQUEST) as tx:
            link = await known_link(tx, Purpose.SET_UP, token, at)
            await use_link(tx, link, at)
            usable(None if await store.is_anybody_there(tx) else link, at)
            await store.insert(tx, owner)
            await links.withdraw(tx, Purpose.SET_UP, "")
            by = By(owner.actor, at, request_id=visit.request_id)
            await trail.insert(tx, [by.entry("staff.set_up", ("staff", owner.id), after=summary(owner))])
        return owner

    async def accept(self, token: str, newcomer: Newcomer, visit: Visit) -> StaffMember:
        """Somebody invited comes, with a name and a password; Missing when the link does not work."""
        name = name_of(newcomer.name)
        at, link, member = await self._whose(Purpose.INVITATION, token)
        hashed = await self._hash(newcomer.password, member.email)
        async with self._database.begin(Priority.REQUEST) as tx:
            before = await _locked(tx, link, at)
            usable(link if before.state is StaffState.INVITED else None, at)
            after = replace(moved(before, "accept", at), name=name, password_hash=hashed)
            by = By(after.actor, at, request_id=visit.request_id)
            await _save(tx, by, "staff.accept", (before, after))
        return after

    async def ask_reset(self, email: str, visit: Visit) -> None:
        """Somebody forgot a password. What happens here is the same whether or not the address is known.

        Throttled when this client asks too often. To one address three mails a day are sent at once, then fewer.
        """
        at, wanted = self._queue.clock.now(), email_of(email)
        body = msgspec.json.encode(ResetWish(wanted, self._house.public_url)).decode()
        async with self._database.begin(Priority.REQUEST) as tx:
            await count_try(tx, [key_of(Guarded.MAIL_ADDRESS, network_of(visit.address))], at)
            await self._queue.enqueue(tx, [NewJob(RESET, new_id(RESET), body, to_ms(at))])

    async def reset(self, token: str, password: str, visit: Visit) -> StaffMember:
        """Another password. The person is signed out everywhere; a second factor is still asked for at sign-in."""
        at, link, member = await self._whose(Purpose.RESET, token)
        hashed = await self._hash(password, member.email)
        async with self._database.begin(Priority.REQUEST) as tx:
            before = await _locked(tx, link, at)
            usable(link if before.is_active else None, at)
            after = replace(before, password_hash=hashed, changed_at=at)
            by = By(after.actor, at, request_id=visit.request_id)
            await _save(tx, by, "staff.password.reset", (before, after))
            await throttles.clear(tx, [key_of(Guarded.ACCOUNT, after.email)])
        return after

    async def _whose(self, purpose: Purpose, token: str) -> tuple[datetime, Link, StaffMember]:
        at = self._queue.clock.now()
        async with self._database.read() as tx:
            link = await known_link(tx, purpose, token, at)
            member = await store.load(tx, link.staff_id)
        if member is None:
            raise does_not_work()
        return at, link, member

    async def _first_owner(self, newcomer: Newcomer, at: datetime) -> StaffMember:
        email = email_of(newcomer.email)
        return StaffMember(
            id=new_id("stf"),
            email=email,
            name=name_of(newcomer.name),
            role=Role.OWNER,
            state=StaffState.ACTIVE,
            language=language_of(newcomer.language),
            created_at=at,
            changed_at=at,
            password_hash=await self._hash(newcomer.password, email),
        )

    async def _hash(self, password: str, email: str) -> str:
        check_password(password, email, self._house.store)
        return await self._passwords.hash(password)


async def _locked(tx: Tx, link: Link, at: datetime) -> StaffMember:
    """The person of a link, locked, with the link used up."""
    member = await store.lock(tx, link.staff_id)
    await use_link(tx, link, at)
    if member is None:
        raise does_not_work()
    return member


async def _save(tx: Tx, by: By, act: str, change: tuple[StaffMember, StaffMember]) -> None:
    before, after = change
    await store.save(tx, after)
    await sessions.end_others(tx, after.id)
    await trail.insert(tx, [by.entry(act, ("staff", after.id), summary(before), summary(after))])
