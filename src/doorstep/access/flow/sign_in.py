"""Signing in, in steps: the password, then the second factor of whoever has one. Each step gives another token."""

from datetime import datetime

from msgspec.structs import replace

from doorstep.access.flow.guard import count_try, was_good
from doorstep.access.flow.passwords import Passwords, Verified
from doorstep.access.model.audit import By
from doorstep.access.model.house import House
from doorstep.access.model.passwords import check_password
from doorstep.access.model.second_factor import recovery_digest, step_of
from doorstep.access.model.sessions import (
    Entered,
    SignedIn,
    Stage,
    Visit,
    digest_of,
    ended,
    opened,
    renewed,
    stage_after_password,
)
from doorstep.access.model.staff import StaffMember
from doorstep.access.model.throttling import Guarded, key_of, network_of
from doorstep.access.store import audit as trail
from doorstep.access.store import sessions
from doorstep.access.store import staff as store
from doorstep.kernel.clock import Clock
from doorstep.kernel.errors import NotAllowed
from doorstep.kernel.ids import new_secret
from doorstep.kernel.limits import EMAIL_CHARS_MAX
from doorstep.storage.database import Database
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx


class SignIn:
    """Lets staff in, and knows who is in. An unknown address and a wrong password look the same and take as long."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords, house: House) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._house = house

    async def enter(self, email: str, password: str, visit: Visit) -> Entered:
        """The first step. NotAllowed when address or password is wrong, Throttled after too many tries.

        A session that the visit brings along is ended: whoever gave it to the visitor gains nothing.
        """
        at, asked = self._clock.now(), email.strip().lower()[:EMAIL_CHARS_MAX]
        account, address = key_of(Guarded.ACCOUNT, asked), key_of(Guarded.ADDRESS, network_of(visit.address))
        async with self._database.begin(Priority.REQUEST) as tx:
            await count_try(tx, [account, address], at)
        async with self._database.read() as tx:
            found = await store.by_email(tx, asked)
        verified = await self._verify(found, password)
        if found is None or not verified.is_right:
            raise _wrong()
        async with self._database.begin(Priority.REQUEST) as tx:
            member = await _as_verified(tx, found, verified)
            await was_good(tx, account, [address], at)
            if visit.token:
                await sessions.end(tx, digest_of(visit.token))
            return await self._open(tx, member, visit, at)

    async def second(self, code: str, visit: Visit) -> Entered:
        """The second step: a code of the phone, or a recovery code. NotAllowed when it is wrong or was used."""
        at = self._clock.now()
        signed = await self._signed_in(visit, at, (Stage.SECOND_FACTOR_DUE,))
        key = key_of(Guarded.SECOND_FACTOR, signed.staff_id)
        async with self._database.begin(Priority.REQUEST) as tx:
            await count_try(tx, [key], at)
        async with self._database.begin(Priority.REQUEST) as tx:
            member = await store.lock(tx, signed.staff_id)
            if member is None or not member.is_active:
                raise ended()
            await _use_code(tx, By(member.actor, at, request_id=visit.request_id), member, code)
            await was_good(tx, key, (), at)
            return await renew(tx, signed, Stage.FULL, at)

    async def confirm(self, password: str, visit: Visit) -> Entered:
        """The password once more, before a dangerous act."""
        at = self._clock.now()
        signed = await self._signed_in(visit, at, (Stage.FULL, Stage.ENROLMENT_DUE))
        member, verified = await self._again(signed, password, at)
        async with self._database.begin(Priority.REQUEST) as tx:
            await _as_verified(tx, member, verified)
            await was_good(tx, key_of(Guarded.ACCOUNT, signed.email), (), at)
            return await renew(tx, signed, signed.session.stage, at)

    async def change_password(self, old: str, new: str, visit: Visit) -> Entered:
        """Another password for whoever is signed in and knows the one before; all their other sessions end."""
        at = self._clock.now()
        signed = await self._signed_in(visit, at, (Stage.FULL, Stage.ENROLMENT_DUE))
        check_password(new, signed.email, self._house.store)
        member, verified = await self._again(signed, old, at)
        hashed = await self._passwords.hash(new)
        async with self._database.begin(Priority.REQUEST) as tx:
            known = await _as_verified(tx, member, verified)
            await was_good(tx, key_of(Guarded.ACCOUNT, signed.email), (), at)
            await store.save(tx, replace(known, password_hash=hashed, changed_at=at))
            await sessions.end_others(tx, known.id, signed.session.digest)
            by = By(signed.actor, at, request_id=visit.request_id)
            await trail.insert(tx, [by.entry("staff.password.change", ("staff", known.id))])
            return await renew(tx, signed, signed.session.stage, at)

    async def whose(self, tx: Tx, token: str, at: datetime) -> SignedIn | None:
        """Who a token belongs to, as they are now; None when the session is over. One statement."""
        return await sessions.signed_in(tx, digest_of(token), at) if token else None

    async def seen(self, tx: Tx, signed: SignedIn, at: datetime) -> None:
        """A session is in use. To be told when `signed.is_due_to_be_seen(at)`; needs a writing transaction."""
        await store.seen(tx, signed.staff_id, at)
        await sessions.seen(tx, signed.session.digest, at)

    async def leave(self, tx: Tx, token: str) -> None:
        """Sign out: the token opens nothing any more."""
        await sessions.end(tx, digest_of(token))

    async def _verify(self, found: StaffMember | None, password: str) -> Verified:
        return await self._passwords.verify(password, found.password_hash if found and found.is_active else "")

    async def _signed_in(self, visit: Visit, at: datetime, stages: tuple[Stage, ...]) -> SignedIn:
        async with self._database.read() as tx:
            signed = await self.whose(tx, visit.token, at)
        if signed is None or signed.session.stage not in stages:
            raise ended()
        return signed

    async def _again(self, signed: SignedIn, password: str, at: datetime) -> tuple[StaffMember, Verified]:
        """The person who is signed in, if this is their password."""
        async with self._database.begin(Priority.REQUEST) as tx:
            await count_try(tx, [key_of(Guarded.ACCOUNT, signed.email)], at)
        async with self._database.read() as tx:
            found = await store.load(tx, signed.staff_id)
        verified = await self._verify(found, password)
        if found is None or not verified.is_right:
            raise NotAllowed("wrong_password", "This is not your password.")
        return found, verified

    async def _open(self, tx: Tx, member: StaffMember, visit: Visit, at: datetime) -> Entered:
        stage = stage_after_password(member, second_factor_required=self._house.second_factor_required)
        token = new_secret()
        await store.seen(tx, member.id, at)
        await sessions.insert(tx, opened(token, member, stage, visit, at))
        return Entered(token, stage)


async def renew(tx: Tx, signed: SignedIn, stage: Stage, at: datetime) -> Entered:
    """Another token for a session; the one before opens nothing any more. Of two at once one finds it ended."""
    token = new_secret()
    if not await sessions.rotate(tx, signed.session, renewed(signed.session, token, stage, at)):
        raise ended()
    return Entered(token, stage)


async def _as_verified(tx: Tx, found: StaffMember, verified: Verified) -> StaffMember:
    """The person, locked, if nothing about their password has changed since it was verified."""
    member = await store.lock(tx, found.id)
    if member is None or not member.is_active or member.password_hash != found.password_hash:
        raise _wrong()
    if verified.fresh_hash:
        member = replace(member, password_hash=verified.fresh_hash)
        await store.save(tx, member)
    return member


async def _use_code(tx: Tx, by: By, member: StaffMember, code: str) -> None:
    """Use a code of the phone, or else a recovery code, up."""
    step = step_of(member.totp_secret, code, by.at, member.totp_last_step)
    if step is not None:
        await store.save(tx, replace(member, totp_last_step=step))
    elif await store.use_code(tx, member.id, recovery_digest(member.id, code)):
        left = await store.count_codes(tx, member.id)
        await trail.insert(tx, [by.entry("staff.recovery_code.use", ("staff", member.id), after=f"{left} left")])
    else:
        raise NotAllowed("wrong_code", "This code is wrong, or was used already. Wait for the next one.")


def _wrong() -> NotAllowed:
    return NotAllowed("wrong_sign_in", "The e-mail address or the password is wrong.")
