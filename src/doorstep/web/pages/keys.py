"""Keys for programs: listed, made and shown once, revoked."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from doorstep.access.model.permissions import Permission, permissions_of
from doorstep.desk.bodies import KeyBody, KeyId
from doorstep.desk.desk import done as outcome_of
from doorstep.desk.model import Done, Wish
from doorstep.desk.once import Kept, Keyed, digest_of
from doorstep.desk.table import ACTS
from doorstep.kernel.errors import Conflict, DoorstepError, Refused
from doorstep.kernel.ids import new_id
from doorstep.storage.transaction import Tx
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done

KEYS = "/console/keys"
_LIFETIMES = (30, 90, 365)


class KeyForm(Struct, frozen=True):
    """What a key is for, what it opens, and for how many days; empty is until it is revoked."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: Annotated[str, Meta(pattern=r"^[0-9]{0,5}$(?!\n)")] = "90"


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
    """The key, this once, as the answer to the form itself; the form sent again makes no other."""
    form: KeyForm = visit.form
    body = KeyBody(name=form.name, scopes=permissions_of(form.scopes), days=int(form.days) if form.days else None)
    issued = await _issued(visit, Wish(actor=visit.actor, body=body))
    return Shown("key.html", {"name": form.name, "key": issued.answer["text"]})


async def revoke(visit: Visit) -> Moved:
    """A key opens nothing any more."""
    if not visit.form.reason:
        raise Refused("reason_missing", visit.language("Say why the key is revoked."))
    body = KeyId(key_id=visit.name, reason=visit.form.reason)
    await visit.given.desk.ask(ACTS["key.revoke"], Wish(actor=visit.actor, body=body))
    return Moved(KEYS, done(visit.language("The key is revoked: it opens nothing any more.")))


async def _issued(visit: Visit, wish: Wish[KeyBody]) -> Done:
    """Have the key made, once for each form. What is kept of the answer is without the key's text."""
    desk, act = visit.given.desk, ACTS["key.issue"]

    async def answering(tx: Tx) -> Kept:
        (outcome,) = await desk.perform(tx, act, [wish])
        issued = outcome_of(outcome)
        encode = msgspec.json.encode
        return Kept(200, encode(issued), encode(replace(issued, answer=None)))

    said = digest_of(act.name.encode(), msgspec.json.encode(wish.body))
    once = visit.once[:100] or new_id("once")
    kept = await desk.once.answer(Keyed(f"form:{visit.actor.id}", once, said), answering)
    if kept.replayed:
        raise Conflict("key_was_shown", visit.language("This key is made already. It was shown once, and never again."))
    return msgspec.json.decode(kept.body, type=Done)


async def _keys(visit: Visit, errors: dict[str, str]) -> Shown:
    async with visit.given.database.read() as tx:
        everything = await visit.given.people.access.everything(tx)
    return Shown("keys.html", {"keys": everything[::-1], "errors": errors})


def _form(visit: Visit, form: KeyForm, errors: dict[str, str]) -> Shown:
    say = visit.language
    days = [(str(one), say.plural("{count} day", "{count} days", one)) for one in _LIFETIMES]
    scopes = [one for one in Permission if visit.actor.may(one)]
    lifetimes = [*days, ("", say("Until it is revoked"))]
    fill = {"form": form, "errors": errors, "once": new_id("once")}
    return Shown("key_form.html", {**fill, "lifetimes": lifetimes, "scopes": scopes})
