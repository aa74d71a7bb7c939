"""The staff: who they are, who is invited, what each one is, and who is let in no more."""

from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.flow.letters import Letters
from doorstep.access.flow.links import new_link
from doorstep.access.model.audit import By, Entry
from doorstep.access.model.links import LIFETIMES, Purpose, address_of
from doorstep.access.model.mail import Letter
from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import digest_of
from doorstep.access.model.staff import (
    Description,
    Invitation,
    StaffMember,
    StaffState,
    check_reach,
    email_of,
    enabled,
    keep_an_owner,
    language_of,
    moved,
    name_of,
    summary,
)
from doorstep.access.store import audit as trail
from doorstep.access.store import links, sessions
from doorstep.access.store import staff as store
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import Conflict, Missing, Refused
from doorstep.kernel.ids import new_id
from doorstep.storage.transaction import Tx


class Invited(Struct, frozen=True):
    """A person and the link that was made for them. It is shown to nobody when it went by mail."""

    member: StaffMember
    link: str

    def __repr__(self) -> str:
        """Without the link."""
        return f"Invited({self.member.id})"


class Staff:
    """The people of the store. Whoever changes something here needs `staff:manage`, and it is in the audit trail."""

    def __init__(self, letters: Letters, public_url: str) -> None:
        self._letters = letters
        self._public_url = public_url

    async def everyone(self, tx: Tx) -> list[StaffMember]:
        """All staff, by e-mail address."""
        return await store.everyone(tx)

    async def member(self, tx: Tx, staff_id: str) -> StaffMember:
        """A person; Missing when there is none of this id."""
        return _there(await store.load(tx, staff_id))

    async def by_email(self, tx: Tx, email: str) -> StaffMember:
        """A person by e-mail address; Missing when there is none."""
        return _there(await store.by_email(tx, email_of(email)))

    async def invite(self, tx: Tx, by: By, invitation: Invitation) -> Invited:
        """Enter a person and make the link by which they choose a password. Conflict when they are there already."""
        member = await self.enter(tx, by, invitation)
        return await self._invited(tx, by, member, by_mail=invitation.by_mail)

    async def invite_again(self, tx: Tx, by: By, staff_id: str, *, by_mail: bool = True) -> Invited:
        """Make the link of somebody who has not come yet anew; the older one works no more."""
        member = _there(await store.lock(tx, staff_id))
        check_reach(by.actor, member.role)
        if member.state is not StaffState.INVITED:
            raise Refused("not_invited", f"{member.name or member.email} is {member.state} and needs no invitation.")
        await trail.insert(tx, [by.entry("staff.invite_again", ("staff", member.id))])
        return await self._invited(tx, by, member, by_mail=by_mail)

    async def enter(self, tx: Tx, by: By, invitation: Invitation, password_hash: str = "") -> StaffMember:
        """Enter a person: active when they come with a password, else invited. Conflict when they are there already."""
        check_reach(by.actor, invitation.role)
        member = StaffMember(
            id=new_id("stf"),
            email=email_of(invitation.email),
            name=name_of(invitation.name) if invitation.name else "",
            role=invitation.role,
            state=StaffState.ACTIVE if password_hash else StaffState.INVITED,
            language=language_of(invitation.language),
            created_at=by.at,
            changed_at=by.at,
            password_hash=password_hash,
        )
        if not await store.insert(tx, member):
            raise Conflict("email_taken", f"{member.email} belongs to the staff already.", {"email": "taken"})
        act = "staff.add" if password_hash else "staff.invite"
        await trail.insert(tx, [by.entry(act, ("staff", member.id), after=summary(member))])
        return member

    async def change_role(self, tx: Tx, by: By, staff_id: str, role: Role) -> StaffMember:
        """Make a person something else. They are signed out everywhere; the last owner stays one."""
        members = await store.lock_with_owners(tx, staff_id)
        member = _there(next((one for one in members if one.id == staff_id), None))
        check_reach(by.actor, member.role)
        check_reach(by.actor, role)
        if role is not Role.OWNER:
            keep_an_owner(member, members)
        return await _changed(tx, by, "staff.role", (member, replace(member, role=role, changed_at=by.at)))

    async def describe(self, tx: Tx, by: By, staff_id: str, said: Description) -> StaffMember:
        """Another name or language: one's own, or with `staff:manage` that of others. Nobody is signed out by it."""
        before = _there(await store.lock(tx, staff_id))
        if by.actor.id != staff_id:
            check_reach(by.actor, before.role)
        name, language = name_of(said.name), language_of(said.language)
        after = replace(before, name=name, language=language, changed_at=by.at)
        await store.save(tx, after)
        await trail.insert(tx, [by.entry("staff.describe", ("staff", staff_id), summary(before), summary(after))])
        return after

    async def disable(self, tx: Tx, by: By, staff_id: str) -> StaffMember:
        """Let a person in no more: they are signed out and their links do not work. The last owner stays."""
        members = await store.lock_with_owners(tx, staff_id)
        member = _there(next((one for one in members if one.id == staff_id), None))
        check_reach(by.actor, member.role)
        keep_an_owner(member, members)
        for purpose in (Purpose.INVITATION, Purpose.RESET):
            await links.withdraw(tx, purpose, member.id)
        return await _changed(tx, by, "staff.disable", (member, moved(member, "disable", by.at)))

    async def enable(self, tx: Tx, by: By, staff_id: str) -> StaffMember:
        """Let a person in again: with the password that they have, or else by an invitation."""
        member = _there(await store.lock(tx, staff_id))
        check_reach(by.actor, member.role)
        return await _changed(tx, by, "staff.enable", (member, enabled(member, by.at)))

    async def drop_second_factor(self, tx: Tx, by: By, staff_id: str) -> StaffMember:
        """Let a person who lost phone and recovery codes sign in with the password alone."""
        member = _there(await store.lock(tx, staff_id))
        check_reach(by.actor, member.role)
        await store.replace_codes(tx, member.id, ())
        without = replace(member, totp_secret="", totp_pending="", totp_last_step=0, changed_at=by.at)
        return await _changed(tx, by, "staff.second_factor.drop", (member, without))

    async def reset_link(self, tx: Tx, by: By, staff_id: str) -> Invited:
        """The link by which a person chooses another password, to be given to them by whoever asked for it."""
        member = _there(await store.lock(tx, staff_id))
        check_reach(by.actor, member.role)
        if not member.is_active:
            raise Refused("not_active", f"{member.name or member.email} is {member.state}: there is nothing to reset.")
        token = await new_link(tx, Purpose.RESET, member.id, by.at)
        await trail.insert(tx, [by.entry("staff.reset_link", ("staff", member.id))])
        return Invited(member, address_of(self._public_url, Purpose.RESET, token))

    async def _invited(self, tx: Tx, by: By, member: StaffMember, *, by_mail: bool) -> Invited:
        token = await new_link(tx, Purpose.INVITATION, member.id, by.at)
        link = address_of(self._public_url, Purpose.INVITATION, token)
        if by_mail:
            ends_ms = to_ms(by.at + LIFETIMES[Purpose.INVITATION])
            await self._letters.post(tx, [letter_to(member, Purpose.INVITATION, link, ends_ms)], by.at)
        return Invited(member, link)


def letter_to(member: StaffMember, purpose: Purpose, link: str, useless_at_ms: int) -> Letter:
    """The mail that brings a person a link. Its key is of the link, by a digest that opens nothing."""
    return Letter(
        key=f"{member.id}:{purpose.value}:{digest_of(link)[:16]}",
        purpose=purpose,
        staff_id=member.id,
        recipient=member.email,
        language=member.language,
        name=member.name,
        link=link,
        useless_at_ms=useless_at_ms,
    )


def _there(member: StaffMember | None) -> StaffMember:
    if member is None:
        raise Missing("no_such_staff", "There is nobody of this name on the staff.")
    return member


async def _changed(tx: Tx, by: By, act: str, change: tuple[StaffMember, StaffMember]) -> StaffMember:
    """Save a person as they are now, sign them out everywhere, and write down what was changed."""
    before, after = change
    await store.save(tx, after)
    await sessions.end_others(tx, after.id)
    entry: Entry = by.entry(act, ("staff", after.id), summary(before), summary(after))
    await trail.insert(tx, [entry])
    return after
