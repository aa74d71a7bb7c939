"""A key by which a program is known, and what it may do with it. Pure."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from msgspec import Struct

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.permissions import Permission, permissions_of
from doorstep.kernel.errors import NotAllowed, Refused

USED_EVERY = timedelta(minutes=5)
NAME_CHARS_MAX = 100
DAYS_MAX = 3650
_PREFIX = "dsk"


class ApiKey(Struct, frozen=True):
    """A key. Its secret is shown once and kept nowhere; `digest` is its SHA-256, enough for 256 random bits."""

    id: str
    name: str
    digest: str
    scopes: tuple[Permission, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether the key opens anything."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def is_due_to_be_marked(self, at: datetime) -> bool:
        """Whether it is time to write down that the key is in use."""
        return self.last_used_at is None or at - self.last_used_at >= USED_EVERY


class KeyWish(Struct, frozen=True):
    """The key that somebody wants: what it is for, what it opens, and for how many days; None is for ever."""

    name: str
    scopes: tuple[str, ...]
    days: int | None = None


class Presented(Struct, frozen=True):
    """What a caller presents: the key's id and its secret."""

    key_id: str
    secret: str


def text_of(key_id: str, secret: str) -> str:
    """The key as its owner keeps it: one text."""
    return f"{_PREFIX}_{key_id.removeprefix('key_')}_{secret}"


def read_key(text: str) -> Presented:
    """A presented text taken apart; anything else is not a key."""
    parts = text.split("_")
    if len(parts) != 3 or parts[0] != _PREFIX or not text.isascii():
        raise NotAllowed("bad_key", "This is not a Doorstep API key.")
    return Presented(f"key_{parts[1]}", parts[2])


def digest_of(secret: str) -> str:
    """How a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def checked(key: ApiKey | None, presented: Presented, scope: Permission, at: datetime) -> ApiKey:
    """The key, if what was presented opens the scope; else NotAllowed. Unknown and wrong are not told apart."""
    if key is None or not compare_digest(key.digest, digest_of(presented.secret)):
        raise NotAllowed("bad_key", "This API key is not known here.")
    if key.revoked_at is not None:
        raise NotAllowed("key_revoked", f"The API key {key.name!r} was revoked.")
    if key.expires_at is not None and key.expires_at <= at:
        raise NotAllowed("key_expired", f"The API key {key.name!r} has expired.")
    if scope not in key.scopes:
        raise NotAllowed("scope_missing", f"The API key {key.name!r} is not for {scope}.")
    return key


def actor_of(key: ApiKey) -> Actor:
    """The program that holds a key, as somebody who acts."""
    return Actor(ActorKind.KEY, key.id, key.name, frozenset(key.scopes))


def check_wish(wish: KeyWish) -> None:
    """Refused, by field, when a key has no proper name, is to open nothing, or lasts for no time that makes sense."""
    wrong = {}
    if not 0 < len(wish.name.strip()) <= NAME_CHARS_MAX or not wish.name.isprintable():
        wrong["name"] = f"Say in 1 to {NAME_CHARS_MAX} characters what the key is for."
    if not wish.scopes:
        wrong["scopes"] = "Choose what the key is to open."
    if wish.days is not None and not 0 < wish.days <= DAYS_MAX:
        wrong["days"] = f"A key lasts for 1 to {DAYS_MAX} days, or until it is revoked."
    if wrong:
        raise Refused("bad_key_wish", " ".join(wrong.values()), wrong)


def scopes_of(wish: KeyWish, actor: Actor) -> tuple[Permission, ...]:
    """What a key is to open; NotAllowed when it is more than the person who makes it may do."""
    scopes = permissions_of(wish.scopes)
    if beyond := [scope.value for scope in scopes if not actor.may(scope)]:
        raise NotAllowed(
            "scope_too_wide", f"{actor.name} may not give a key what they may not do: {', '.join(beyond)}."
        )
    return scopes
