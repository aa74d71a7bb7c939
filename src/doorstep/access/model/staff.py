"""A person of the staff: who they are, what they are, and what may be changed by whom. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.permissions import ROLES, Permission, Role
from doorstep.kernel.errors import NotAllowed, Refused
from doorstep.kernel.limits import EMAIL_CHARS_MAX
from doorstep.kernel.states import StateTable

NAME_CHARS_MAX = 100
LANGUAGES = ("en", "de")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\].]+")


class StaffState(StrEnum):
    """The states of a person. Only who is active can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


_S = StaffState
STAFF = StateTable(
    "Staff member",
    start=_S.INVITED,
    ends=(_S.DISABLED,),
    rows=(
        (_S.INVITED, "accept", _S.ACTIVE),
        (_S.INVITED, "disable", _S.DISABLED),
        (_S.ACTIVE, "disable", _S.DISABLED),
        (_S.DISABLED, "enable", _S.ACTIVE),
        (_S.DISABLED, "invite", _S.INVITED),
    ),
)


class StaffMember(Struct, frozen=True, kw_only=True):
    """A person. `totp_last_step` is the newest time step whose code was used; `totp_pending` waits for its first.

    `seen_at` is when they last did something while they were signed in, to a minute.
    """

    id: str
    email: str
    name: str
    role: Role
    state: StaffState
    language: str
    created_at: datetime
    changed_at: datetime
    password_hash: str = ""
    totp_secret: str = ""
    totp_pending: str = ""
    totp_last_step: int = 0
    seen_at: datetime | None = None

    def __repr__(self) -> str:
        """Without what is secret or personal."""
        return f"StaffMember({self.id}, {self.role}, {self.state})"

    @property
    def is_active(self) -> bool:
        """Whether this person can sign in."""
        return self.state is StaffState.ACTIVE

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for after the password."""
        return bool(self.totp_secret)

    @property
    def actor(self) -> Actor:
        """This person as somebody who acts."""
        return Actor(ActorKind.STAFF, self.id, self.name, ROLES[self.role])


class Invitation(Struct, frozen=True, kw_only=True):
    """Who is to become staff, and as what. `by_mail` says whether the link is mailed to them."""

    email: str
    name: str = ""
    role: Role = Role.VIEWER
    language: str = "en"
    by_mail: bool = True


class Newcomer(Struct, frozen=True, kw_only=True):
    """What a person says about themselves: the first owner all of it, somebody invited name and password."""

    name: str
    password: str
    email: str = ""
    language: str = "en"

    def __repr__(self) -> str:
        """Without the password."""
        return "Newcomer()"


class Description(Struct, frozen=True):
    """What a person is called, and the language that they are spoken to in."""

    name: str
    language: str


class _Summary(Struct, frozen=True):
    email: str
    name: str
    language: str
    role: str
    state: str
    second_factor: bool


def email_of(text: str) -> str:
    """An e-mail address as it is compared: trimmed and in small letters; Refused when it is none."""
    email = text.strip().lower()
    if len(email) > EMAIL_CHARS_MAX or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise Refused("bad_email", "This is no e-mail address, such as anna@example.com.", {"email": "not an address"})
    return email


def name_of(text: str) -> str:
    """A person's name, trimmed; Refused when it is empty, too long or not printable."""
    name = text.strip()
    if not 0 < len(name) <= NAME_CHARS_MAX or not name.isprintable():
        raise Refused("bad_name", f"Say the name in 1 to {NAME_CHARS_MAX} characters.", {"name": "missing or too long"})
    return name


def language_of(text: str) -> str:
    """A language that the console speaks; Refused when it is another."""
    if text not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Refused("bad_language", f"There is no language {text!r}. Known: {known}.", {"language": "unknown"})
    return text


def moved(member: StaffMember, event: str, at: datetime) -> StaffMember:
    """The person after an event of the state table."""
    return replace(member, state=STAFF.next(member.state, event), changed_at=at)


def enabled(member: StaffMember, at: datetime) -> StaffMember:
    """The person let in again: active with the password they have, invited when they never had one."""
    return moved(member, "enable" if member.password_hash else "invite", at)


def check_reach(actor: Actor, role: Role) -> None:
    """NotAllowed when a role allows what the actor may not do: nobody gives or takes more than they have."""
    actor.check(Permission.STAFF_MANAGE)
    if not ROLES[role] <= actor.permissions:
        raise NotAllowed("role_too_high", f"{actor.name} may not decide about the role {role}: it allows more.")


def keep_an_owner(member: StaffMember, staff: Iterable[StaffMember]) -> None:
    """Refused when nobody else is an active owner: somebody must be able to let people in."""
    others = [one for one in staff if one.is_active and one.role is Role.OWNER and one.id != member.id]
    if member.is_active and member.role is Role.OWNER and not others:
        raise Refused("last_owner", "This is the last active owner. Make somebody else an owner first.")


def summary(member: StaffMember) -> str:
    """What the audit trail says about a person: a small JSON text, without what is secret."""
    shown = _Summary(
        member.email,
        member.name,
        member.language,
        member.role.value,
        member.state.value,
        member.has_second_factor,
    )
    return msgspec.json.encode(shown).decode()
