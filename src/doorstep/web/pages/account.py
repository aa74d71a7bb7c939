"""A person's own account: name, language, password, and where they are signed in."""

from msgspec import Struct

from doorstep.access.model.passwords import CHARS_MIN
from doorstep.access.model.staff import Description
from doorstep.kernel.errors import DoorstepError
from doorstep.web.language import LANGUAGES, Language
from doorstep.web.pages.devices import device_name
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.sign_in import device_of, wanted

ACCOUNT = "/console/account"


class MeForm(Struct, frozen=True):
    """A person's name and language."""

    name: str = ""
    language: str = ""


class ChangePasswordForm(Struct, frozen=True):
    """The password there is, and the one that is to be."""

    old: str = ""
    password: str = ""


class SessionForm(Struct, frozen=True):
    """The session that is to end."""

    session: str = ""


class ConfirmForm(Struct, frozen=True):
    """The password once more, and where the person wanted to go."""

    password: str = ""
    next: str = ""


async def account(visit: Visit) -> Shown:
    """Everything about oneself."""
    return await _account(visit, {})


async def account_again(visit: Visit, error: DoorstepError) -> Shown:
    """Everything about oneself, with what was wrong."""
    wrong = {"old": error.message} if error.code == "wrong_password" else field_errors(error)
    return await _account(visit, wrong)


async def describe(visit: Visit) -> Moved:
    """Another name or language, which is spoken at once."""
    async with visit.given.database.begin() as tx:
        said = Description(visit.form.name, visit.form.language)
        me = await visit.given.people.staff.describe(tx, visit.by(), visit.actor.id, said)
    store = visit.given.plans.in_force.store
    language = Language(me.language, store.country, store.time_zone)
    return Moved(ACCOUNT, done(language("That is saved.")))


async def change_password(visit: Visit) -> Moved:
    """Another password; all other sessions end."""
    entered = await visit.given.people.sign_in.change_password(visit.form.old, visit.form.password, device_of(visit))
    said = visit.language("The password is changed. Wherever else you were signed in, you are not any more.")
    return Moved(ACCOUNT, done(said), session=entered.token)


async def end_session(visit: Visit) -> Moved:
    """One session ends; whoever ends the one they are in is out."""
    async with visit.given.database.begin() as tx:
        await visit.given.people.sessions.revoke(tx, visit.by(), visit.form.session)
    return Moved(ACCOUNT, done(visit.language("That session has ended.")))


async def end_other_sessions(visit: Visit) -> Moved:
    """All sessions end but the one that asks."""
    kept = visit.signed_in.session.digest if visit.signed_in else ""
    async with visit.given.database.begin() as tx:
        count = await visit.given.people.sessions.revoke_all(tx, visit.by(), visit.actor.id, kept)
    said = visit.language.plural("{count} other session has ended.", "{count} other sessions have ended.", count)
    return Moved(ACCOUNT, done(said))


async def confirm(visit: Visit) -> Shown:
    """The password is asked for once more."""
    return Shown("confirm.html", {"next": visit.query.get("next", ""), "errors": {}})


async def confirm_again(visit: Visit, error: DoorstepError) -> Shown:
    """And once more."""
    form = visit.form or ConfirmForm()
    wrong = {"password": error.message} if error.code == "wrong_password" else field_errors(error)
    return Shown("confirm.html", {"next": form.next, "errors": wrong})


async def confirmed(visit: Visit) -> Moved:
    """The password was given: on to where the person wanted to go."""
    entered = await visit.given.people.sign_in.confirm(visit.form.password, device_of(visit))
    return Moved(wanted(visit.form.next), session=entered.token)


async def _account(visit: Visit, errors: dict[str, str]) -> Shown:
    people = visit.given.people
    async with visit.given.database.read() as tx:
        me = await people.staff.member(tx, visit.actor.id)
        sessions = await people.sessions.of(tx, visit.by(), me.id)
        codes = await people.second_factor.codes_left(tx, me.id)
    form = visit.form if isinstance(visit.form, MeForm) else MeForm(me.name, me.language)
    return Shown(
        "account.html",
        {
            "me": me,
            "form": form,
            "errors": errors,
            "choices": tuple(LANGUAGES.items()),
            "sessions": sessions,
            "this_session": visit.signed_in.session.id if visit.signed_in else "",
            "codes_left": codes,
            "device_name": device_name,
            "chars_min": CHARS_MIN,
        },
    )
