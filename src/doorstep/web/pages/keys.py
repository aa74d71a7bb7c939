"""Keys for programs: listed, made and shown once, revoked."""

from typing import Annotated

from msgspec import Meta, Struct

from doorstep.access.model.keys import KeyWish
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done

KEYS = "/console/keys"
_LIFETIMES = (30, 90, 365)


class KeyForm(Struct, frozen=True):
    """What a key is for, what it opens, and for how many days; empty is until it is revoked."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: Annotated[str, Meta(pattern="^[0-9]{0,5}$")] = "90"


class RevocationForm(Struct, frozen=True):
    """Why a key is revoked."""

    reason: str = ""


async def keys(visit: Visit) -> Shown:
    """All keys, the newest first."""
    return await _keys(visit, {})


async def keys_again(visit: Visit, error: DoorstepError) -> Shown:
    """All keys, and why something was not done."""
    return await _keys(visit, {"": error.message})


async def make(visit: Visit) -> Shown:
    """The form of a key."""
    return _form(visit, KeyForm(), {})


async def make_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form of a key, with what was wrong."""
    return _form(visit, visit.form or KeyForm(), field_errors(error))


async def made(visit: Visit) -> Shown:
    """The key, this once, as the answer to the form itself."""
    form: KeyForm = visit.form
    wish = KeyWish(form.name, form.scopes, int(form.days) if form.days else None)
    async with visit.given.database.begin() as tx:
        text = await visit.given.people.access.issue(tx, visit.by(), wish)
    return Shown("key.html", {"name": form.name, "key": text})


async def revoke(visit: Visit) -> Moved:
    """A key opens nothing any more."""
    if not visit.form.reason:
        raise Refused("reason_missing", visit.language("Say why the key is revoked."))
    async with visit.given.database.begin() as tx:
        await visit.given.people.access.revoke(tx, visit.by(visit.form.reason), visit.name)
    return Moved(KEYS, done(visit.language("The key is revoked: it opens nothing any more.")))


async def _keys(visit: Visit, errors: dict[str, str]) -> Shown:
    async with visit.given.database.read() as tx:
        everything = await visit.given.people.access.everything(tx)
    return Shown("keys.html", {"keys": everything[::-1], "errors": errors})


def _form(visit: Visit, form: KeyForm, errors: dict[str, str]) -> Shown:
    say = visit.language
    days = [(str(one), say.plural("{count} day", "{count} days", one)) for one in _LIFETIMES]
    scopes = [one for one in Permission if visit.actor.may(one)]
    lifetimes = [*days, ("", say("Until it is revoked"))]
    return Shown("key_form.html", {"form": form, "errors": errors, "lifetimes": lifetimes, "scopes": scopes})
