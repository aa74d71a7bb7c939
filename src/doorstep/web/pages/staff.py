"""The staff: who they are and what each role may do; invited, made something else, let in no more."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from doorstep.access.flow.staff import Invited
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import ROLES, Permission, Role
from doorstep.access.model.staff import Invitation, StaffMember, StaffState
from doorstep.kernel.errors import DoorstepError
from doorstep.storage.transaction import Tx
from doorstep.web.language import LANGUAGES
from doorstep.web.pages.devices import device_name
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done

STAFF = "/console/staff"


class InvitationForm(Struct, frozen=True):
    """Who is to be invited, and as what; whether the link is mailed or shown."""

    email: str = ""
    name: str = ""
    role: Role = Role.VIEWER
    language: str = "en"
    way: str = "mail"


class RoleForm(Struct, frozen=True):
    """What somebody is to be, and why."""

    role: Role
    reason: str = ""


class ReasonForm(Struct, frozen=True):
    """Why."""

    reason: str = ""


class SessionForm(Struct, frozen=True):
    """The session that is to end; without one, all of the person."""

    session: str = ""


async def everyone(visit: Visit) -> Shown:
    """All staff, and what each role may do."""
    async with visit.given.database.read() as tx:
        staff = await visit.given.people.staff.everyone(tx)
    return Shown("staff.html", {"staff": staff, "roles": tuple(Role), "allowed": ROLES, "all": tuple(Permission)})


async def invite(visit: Visit) -> Shown:
    """The form of an invitation."""
    return _invite(visit, InvitationForm(language=visit.language.code), {})


async def invite_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form of an invitation, with what was wrong."""
    return _invite(visit, visit.form or InvitationForm(), field_errors(error))


async def invited(visit: Visit) -> Moved | Shown:
    """Somebody is invited: by mail, or by a link that is shown this once."""
    form: InvitationForm = visit.form
    invitation = Invitation(
        email=form.email, name=form.name, role=form.role, language=form.language, by_mail=form.way == "mail"
    )
    async with visit.given.database.begin() as tx:
        made = await visit.given.people.staff.invite(tx, visit.by(), invitation)
    return _mailed(visit, made) if invitation.by_mail else _link(made)


async def person(visit: Visit) -> Shown:
    """One person."""
    return await _person(visit, {})


async def person_again(visit: Visit, error: DoorstepError) -> Shown:
    """One person, and why something was not done."""
    return await _person(visit, {"": error.message})


async def change_role(visit: Visit) -> Moved:
    """The person is something else."""
    role, staff = visit.form.role, visit.given.people.staff

    async def change(tx: Tx, by: By, staff_id: str) -> StaffMember:
        return await staff.change_role(tx, by, staff_id, role)

    return await _changed(visit, change, visit.language("The role is changed; the person has to sign in again."))


async def disable(visit: Visit) -> Moved:
    """The person is let in no more."""
    return await _changed(visit, visit.given.people.staff.disable, visit.language("This person is let in no more."))


async def enable(visit: Visit) -> Moved:
    """The person is let in again."""
    return await _changed(visit, visit.given.people.staff.enable, visit.language("This person is let in again."))


async def drop_second_factor(visit: Visit) -> Moved:
    """The person signs in with the password alone."""
    said = visit.language("The second factor is removed; the password alone is asked for.")
    return await _changed(visit, visit.given.people.staff.drop_second_factor, said)


async def mail_again(visit: Visit) -> Moved:
    """The invitation is mailed once more, with another link."""
    async with visit.given.database.begin() as tx:
        made = await visit.given.people.staff.invite_again(tx, visit.by(), visit.name)
    return _mailed(visit, made)


async def show_link(visit: Visit) -> Shown:
    """A link by which the person chooses a password, shown this once."""
    staff = visit.given.people.staff
    async with visit.given.database.begin() as tx:
        member = await staff.member(tx, visit.name)
        if member.state is StaffState.INVITED:
            return _link(await staff.invite_again(tx, visit.by(), visit.name, by_mail=False))
        return _link(await staff.reset_link(tx, visit.by(), visit.name))


async def end_sessions(visit: Visit) -> Moved:
    """One session of a person ends, or all."""
    sessions = visit.given.people.sessions
    async with visit.given.database.begin() as tx:
        if visit.form.session:
            await sessions.revoke(tx, visit.by(), visit.form.session)
        else:
            await sessions.revoke_all(tx, visit.by(), visit.name)
    return Moved(f"{STAFF}/{visit.name}", done(visit.language("That has ended.")))


def _invite(visit: Visit, form: InvitationForm, errors: dict[str, str]) -> Shown:
    roles = _roles_to_give(visit)
    return Shown("invite.html", {"form": form, "errors": errors, "roles": roles, "choices": tuple(LANGUAGES.items())})


def _roles_to_give(visit: Visit) -> tuple[tuple[Role, str], ...]:
    """The roles that this person may give: none allows more than their own."""
    return tuple((role, visit.language.label(role)) for role in Role if ROLES[role] <= visit.actor.permissions)


def _mailed(visit: Visit, made: Invited) -> Moved:
    said = visit.language("{email} is invited by mail. The link works for 7 days.", email=made.member.email)
    return Moved(f"{STAFF}/{made.member.id}", done(said))


def _link(made: Invited) -> Shown:
    is_invited = made.member.state is StaffState.INVITED
    return Shown("staff_link.html", {"member": made.member, "link": made.link, "is_invited": is_invited})


async def _person(visit: Visit, errors: dict[str, str]) -> Shown:
    people = visit.given.people
    async with visit.given.database.read() as tx:
        member = await people.staff.member(tx, visit.name)
        sessions = await people.sessions.of(tx, visit.by(), member.id)
    return Shown(
        "person.html",
        {
            "member": member,
            "sessions": sessions,
            "errors": errors,
            "roles": _roles_to_give(visit),
            "is_me": member.id == visit.actor.id,
            "device_name": device_name,
        },
    )


async def _changed(visit: Visit, change: Callable[[Tx, By, str], Awaitable[StaffMember]], said: str) -> Moved:
    reason = visit.form.reason if visit.form else ""
    async with visit.given.database.begin() as tx:
        await change(tx, visit.by(reason), visit.name)
    return Moved(f"{STAFF}/{visit.name}", done(said))
