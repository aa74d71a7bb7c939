"""A page: one method of one URL, who may have it, and what it answers. Every page is made from these."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from msgspec import Struct

from doorstep.access.model.actor import Actor
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Permission
from doorstep.access.model.sessions import SignedIn, Stage
from doorstep.kernel.errors import DoorstepError
from doorstep.web.given import Given
from doorstep.web.language import Language
from doorstep.web.pages.forms import Raw


class Who(IntEnum):
    """Whom a page is for, beside the permission that it needs: each may have what those before it may have.

    Who is SIGNING_IN has given a password, and more is due.
    """

    ANYBODY = 0
    SIGNING_IN = 1
    SIGNED_IN = 2


class Said(Struct, frozen=True):
    """A sentence that the next page shows once: that something was done, or why not."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request for a page.

    `name` is the variable part of the URL, `pairs` are those of its query. `sent` is the form as it was sent, `form`
    the page's record of it. `secret` binds forms to this browser: the session's token, or of somebody who has not
    signed in a token of their own. `once` is the form's own key, by which doing it twice is doing it once. `cart` is
    the id of this browser's checkout, a secret. `speaks` is a language that was chosen by this very request.
    """

    given: Given
    path: str
    name: str
    pairs: tuple[tuple[str, str], ...]
    actor: Actor
    language: Language
    secret: str
    signed_in: SignedIn | None = None
    address: str = ""
    is_secure: bool = False
    agent: str = ""
    sent: Raw = field(default_factory=dict)
    form: Any = None
    once: str = ""
    said: tuple[Said, ...] = ()
    cart: str = ""
    speaks: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        """The query of the URL; of a name that comes twice the last value."""
        return dict(self.pairs)

    def every(self, name: str) -> list[str]:
        """All values of a name in the query."""
        return [value for key, value in self.pairs if key == name]

    @property
    def who(self) -> Who:
        """How far this person has come in signing in."""
        if self.signed_in is None:
            return Who.ANYBODY
        return Who.SIGNED_IN if self.signed_in.session.stage is Stage.FULL else Who.SIGNING_IN

    def by(self, reason: str = "") -> By:
        """This person as whoever changes something now."""
        actor = self.signed_in.actor if self.signed_in else self.actor
        return By(actor, self.now, reason)

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.given.clock.now()


class Shown(Struct, frozen=True):
    """A page to be shown: its template and what fills it.

    `session` is the browser's session token from here on, if it is another. `wait_seconds` is when to try again.
    `cart` is the browser's checkout from here on: empty forgets it, None leaves it as it is.
    """

    template: str
    fill: Mapping[str, Any]
    status: int = 200
    session: str = ""
    wait_seconds: float = 0
    cart: str | None = None


class Moved(Struct, frozen=True):
    """On to another page (303), which shows what is said. `session` is the browser's session token from here on, `cart`
    its checkout: empty forgets it, None leaves it as it is.
    """

    to: str
    said: tuple[Said, ...] = ()
    session: str | None = None
    cart: str | None = None


class Download(Struct, frozen=True):
    """A file that is made while it is sent."""

    filename: str
    content_type: str
    parts: AsyncIterator[bytes]


Answer = Shown | Moved | Download


@dataclass(frozen=True, kw_only=True)
class Page:
    """One method of one URL.

    `needs` is the permission that a person must have; a page for ANYBODY needs none. `form` is the record that a POST
    is read into. When a POST is refused, `again` shows the form with what was written and with what is wrong; without
    it the refusal is a page of its own. `body_bytes_max` is for pages that take files. Before what `is_dangerous` the
    password is asked for once more, which leads back to the page that the form `stands_at`. A form that `guesses` a
    secret, such as a password, can be sent less often by strangers.
    """

    method: str
    path: str
    run: Callable[[Visit], Awaitable[Answer]]
    who: Who = Who.SIGNED_IN
    needs: Permission | None = None
    form: type[Struct] | None = None
    again: Callable[[Visit, DoorstepError], Awaitable[Answer]] | None = None
    body_bytes_max: int = 1_000_000
    is_dangerous: bool = False
    stands_at: str = ""
    guesses: bool = True


def done(text: str) -> tuple[Said, ...]:
    """That something was done."""
    return (Said("done", text),)


def hinted(text: str) -> tuple[Said, ...]:
    """What is worth knowing."""
    return (Said("hint", text),)


def warned(text: str) -> tuple[Said, ...]:
    """That something was not done, or not wholly."""
    return (Said("warned", text),)
