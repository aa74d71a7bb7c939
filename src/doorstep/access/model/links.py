"""Links that work once: to set the first owner up, to accept an invitation, to choose another password. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from doorstep.kernel.errors import Missing


class Purpose(StrEnum):
    """What a link is for."""

    SET_UP = "set_up"
    INVITATION = "invitation"
    RESET = "reset"


LIFETIMES: Mapping[Purpose, timedelta] = {
    Purpose.SET_UP: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
}
PATHS: Mapping[Purpose, str] = {
    Purpose.SET_UP: "/set-up/",
    Purpose.INVITATION: "/invitation/",
    Purpose.RESET: "/reset/",
}


class Link(Struct, frozen=True):
    """A link as it is kept: by the SHA-256 of its token. The set-up link is nobody's yet."""

    digest: str
    purpose: Purpose
    staff_id: str
    expires_at: datetime
    used_at: datetime | None


def address_of(public_url: str, purpose: Purpose, token: str) -> str:
    """The link as it is mailed or printed."""
    return f"{public_url.rstrip('/')}{PATHS[purpose]}{token}"


def usable(link: Link | None, at: datetime) -> Link:
    """The link, if it still works; else Missing. Why it does not is not told apart."""
    if link is None or link.used_at is not None or link.expires_at <= at:
        raise does_not_work()
    return link


def does_not_work() -> Missing:
    """The error of a link that does not work."""
    return Missing(
        "link_does_not_work",
        "This link does not work: it was used already, was replaced by a newer one, or has expired. Ask for another.",
    )
