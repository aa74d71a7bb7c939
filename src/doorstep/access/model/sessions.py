"""A session: somebody is signed in on one device, for a while. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.permissions import ROLES, Role
from doorstep.access.model.staff import StaffMember
from doorstep.kernel.errors import NotAllowed
from doorstep.kernel.ids import id_from

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=60)
FRESH = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
AGENT_CHARS_MAX = 120
ADDRESS_CHARS_MAX = 60


class Stage(StrEnum):
    """How far a sign-in has come. Only a full one allows anything."""

    SECOND_FACTOR_DUE = "second_factor_due"
    ENROLMENT_DUE = "enrolment_due"
    FULL = "full"


class Visit(Struct, frozen=True):
    """Where a request comes from: client address, user agent, and the token of the session that it brings, if any."""

    address: str
    agent: str = ""
    token: str = ""
    request_id: str = ""


class Session(Struct, frozen=True, kw_only=True):
    """A session as it is kept. Its token is known to the browser alone; `digest` is the token's SHA-256."""

    id: str
    digest: str
    staff_id: str
    stage: Stage
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    fresh_until: datetime
    address: str
    agent: str


class SignedIn(Struct, frozen=True, kw_only=True):
    """Who a request comes from: the session and the person, as they are at this moment."""

    session: Session
    email: str
    name: str
    role: Role
    language: str
    has_second_factor: bool

    @property
    def staff_id(self) -> str:
        """The person."""
        return self.session.staff_id

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts; before the sign-in is complete, somebody who may do nothing."""
        allowed = ROLES[self.role] if self.session.stage is Stage.FULL else frozenset()
        return Actor(ActorKind.STAFF, self.staff_id, self.name, allowed)

    @property
    def is_full(self) -> bool:
        """Whether the sign-in is complete."""
        return self.session.stage is Stage.FULL

    def is_fresh(self, at: datetime) -> bool:
        """Whether the password was given a short while ago."""
        return at < self.session.fresh_until

    def check_fresh(self, at: datetime) -> None:
        """NotAllowed when the password has to be given again before a dangerous act."""
        if not self.is_fresh(at):
            raise NotAllowed("password_needed", "Please give your password again before you do this.")

    def is_due_to_be_seen(self, at: datetime) -> bool:
        """Whether it is time to write down that the session is in use."""
        return at - self.session.seen_at >= SEEN_EVERY


class Entered(Struct, frozen=True):
    """A step of signing in that went well: the token that the browser keeps from here on, and what comes next."""

    token: str
    stage: Stage

    def __repr__(self) -> str:
        """Without the token."""
        return f"Entered({self.stage})"


def digest_of(token: str) -> str:
    """How a token is kept: its SHA-256, enough for 256 random bits."""
    return sha256(token.encode()).hexdigest()


def stage_after_password(member: StaffMember, *, second_factor_required: bool) -> Stage:
    """What comes after the password."""
    if member.has_second_factor:
        return Stage.SECOND_FACTOR_DUE
    return Stage.ENROLMENT_DUE if second_factor_required else Stage.FULL


def opened(token: str, member: StaffMember, stage: Stage, visit: Visit, at: datetime) -> Session:
    """A session that begins. Its id says nothing about its token."""
    digest = digest_of(token)
    return Session(
        id=id_from("ses", round(at.timestamp() * 1000), int(digest_of(digest)[:20], 16)),
        digest=digest,
        staff_id=member.id,
        stage=stage,
        created_at=at,
        seen_at=at,
        expires_at=at + ABSOLUTE,
        fresh_until=at + FRESH,
        address=visit.address[:ADDRESS_CHARS_MAX],
        agent=visit.agent[:AGENT_CHARS_MAX],
    )


def renewed(session: Session, token: str, stage: Stage, at: datetime) -> Session:
    """The session under another token, after the person has proven once more who they are."""
    return replace(session, digest=digest_of(token), stage=stage, seen_at=at, fresh_until=at + FRESH)


def ended() -> NotAllowed:
    """The error when a session is no more, or not of the stage that is asked for."""
    return NotAllowed("session_ended", "You are not signed in any more. Please sign in again.")
