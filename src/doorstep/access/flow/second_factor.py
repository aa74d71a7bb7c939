"""The second factor of a person: put on their phone, proven by a first code, taken off again."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from pyotp import random_base32

from doorstep.access.flow.sign_in import renew
from doorstep.access.model.audit import By
from doorstep.access.model.house import House
from doorstep.access.model.second_factor import (
    RECOVERY_CODES,
    Enrolment,
    enrolment,
    recovery_code,
    recovery_digest,
    step_of,
)
from doorstep.access.model.sessions import Entered, SignedIn, Stage, ended
from doorstep.access.model.staff import StaffMember, summary
from doorstep.access.store import audit as trail
from doorstep.access.store import sessions
from doorstep.access.store import staff as store
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import new_secret
from doorstep.storage.transaction import Tx


class Enrolled(Struct, frozen=True):
    """The second factor is in use: the token from here on, and recovery codes, which are shown this once."""

    entered: Entered
    codes: tuple[str, ...]

    def __repr__(self) -> str:
        """Without what is secret."""
        return "Enrolled()"


class SecondFactor:
    """Changes a person's own second factor; each change needs a session whose password was given a short while ago."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def begin(self, tx: Tx, signed: SignedIn, at: datetime) -> Enrolment:
        """A new secret for the phone. It counts from the first code on; until then things stay as they are."""
        member = await _member(tx, signed, at)
        await store.save(tx, replace(member, totp_pending=random_base32()))
        return await self.pending(tx, signed)

    async def pending(self, tx: Tx, signed: SignedIn) -> Enrolment:
        """The secret that waits for its first code, to be shown again."""
        member = await store.load(tx, signed.staff_id)
        if member is None or not member.totp_pending:
            raise Refused("nothing_pending", "Begin to set up the second factor first.")
        return enrolment(member.totp_pending, member.email, self._house.store)

    async def prove(self, tx: Tx, by: By, signed: SignedIn, code: str) -> Enrolled:
        """The first code of the phone: from here on it is asked for. All other sessions of the person end."""
        member = await _member(tx, signed, by.at)
        step = step_of(member.totp_pending, code, by.at, 0) if member.totp_pending else None
        if step is None:
            raise Refused("wrong_code", "This code is wrong. Compare the clock of the phone.", {"code": "wrong"})
        proven = replace(member, totp_secret=member.totp_pending, totp_pending="", totp_last_step=step)
        await self._save(tx, by, "staff.second_factor.set", (member, proven))
        await sessions.end_others(tx, member.id, signed.session.digest)
        return Enrolled(await renew(tx, signed, Stage.FULL, by.at), await self._codes(tx, member.id))

    async def remove(self, tx: Tx, by: By, signed: SignedIn) -> Entered:
        """No second factor any more, unless the store wants one of everybody."""
        if self._house.second_factor_required:
            raise Refused("second_factor_required", "This store wants a second factor of everybody.")
        member = await _member(tx, signed, by.at)
        await store.replace_codes(tx, member.id, ())
        without = replace(member, totp_secret="", totp_pending="", totp_last_step=0)
        await self._save(tx, by, "staff.second_factor.drop", (member, without))
        return await renew(tx, signed, Stage.FULL, by.at)

    async def more_codes(self, tx: Tx, by: By, signed: SignedIn) -> tuple[str, ...]:
        """Recovery codes in place of those before, shown this once."""
        member = await _member(tx, signed, by.at)
        if not member.has_second_factor:
            raise Refused("no_second_factor", "Recovery codes go with a second factor. Set one up first.")
        await trail.insert(tx, [by.entry("staff.recovery_codes.renew", ("staff", member.id))])
        return await self._codes(tx, member.id)

    async def codes_left(self, tx: Tx, staff_id: str) -> int:
        """How many recovery codes a person has left."""
        return await store.count_codes(tx, staff_id)

    async def _codes(self, tx: Tx, staff_id: str) -> tuple[str, ...]:
        codes = tuple(recovery_code(new_secret()) for _ in range(RECOVERY_CODES))
        await store.replace_codes(tx, staff_id, [recovery_digest(staff_id, code) for code in codes])
        return codes

    async def _save(self, tx: Tx, by: By, act: str, change: tuple[StaffMember, StaffMember]) -> None:
        before, after = change
        await store.save(tx, replace(after, changed_at=by.at))
        await trail.insert(tx, [by.entry(act, ("staff", after.id), summary(before), summary(after))])


async def _member(tx: Tx, signed: SignedIn, at: datetime) -> StaffMember:
    """The person who is signed in, locked; NotAllowed when the password has to be given again."""
    if signed.session.stage is Stage.SECOND_FACTOR_DUE:
        raise ended()
    signed.check_fresh(at)
    member = await store.lock(tx, signed.staff_id)
    if member is None:
        raise ended()
    return member
