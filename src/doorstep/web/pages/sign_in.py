"""Signing in and out: the password, then a code of whoever has a second factor."""

from urllib.parse import quote

from msgspec import Struct

from doorstep.access.model.sessions import Stage
from doorstep.access.model.sessions import Visit as Device
from doorstep.kernel.errors import DoorstepError
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, Who, done, warned

CONSOLE = "/console"
SECOND_FACTOR = "/second-factor"
ENROLMENT = "/console/account/second-factor"
_NEXT = {Stage.SECOND_FACTOR_DUE: SECOND_FACTOR, Stage.ENROLMENT_DUE: ENROLMENT}


class CodeForm(Struct, frozen=True):
    """A code of the phone or a recovery code, and where the person wanted to go."""

    code: str = ""
    next: str = ""


class SignInForm(Struct, frozen=True):
    """An address and a password, and where the person wanted to go."""

    email: str = ""
    password: str = ""
    next: str = ""


async def ask(visit: Visit) -> Shown | Moved:
    """The form; whoever is in already goes on."""
    if visit.who is Who.SIGNED_IN:
        return Moved(wanted(visit.query.get("next", "")))
    return _form(visit.query.get("next", ""), "", {})


async def ask_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form once more, with what was wrong; the password has to be typed anew."""
    form = visit.form or SignInForm()
    return _form(form.next, form.email, field_errors(error))


async def enter(visit: Visit) -> Moved:
    """The password was given: in, or to the second factor."""
    entered = await visit.given.people.sign_in.enter(visit.form.email, visit.form.password, device_of(visit))
    to = wanted(visit.form.next)
    due = _NEXT.get(entered.stage)
    return Moved(f"{due}?next={quote(to)}" if due else to, session=entered.token)


async def ask_code(visit: Visit) -> Shown | Moved:
    """The form for a code; whoever owes none goes on."""
    if visit.who is Who.SIGNED_IN:
        return Moved(wanted(visit.query.get("next", "")))
    if _stage(visit) is Stage.ENROLMENT_DUE:
        return Moved(ENROLMENT)
    return _code_form(visit.query.get("next", ""), {})


async def ask_code_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The form once more; without the session that the code belongs to, back to the beginning."""
    if error.code == "session_ended":
        return Moved("/sign-in", warned(error.message))
    return _code_form(visit.form.next if visit.form else "", field_errors(error))


async def enter_code(visit: Visit) -> Moved:
    """The code was given: in."""
    entered = await visit.given.people.sign_in.second(visit.form.code, device_of(visit))
    return Moved(wanted(visit.form.next), session=entered.token)


async def leave(visit: Visit) -> Moved:
    """Out."""
    async with visit.given.database.begin() as tx:
        await visit.given.people.sign_in.leave(tx, visit.secret)
    return Moved("/sign-in", done(visit.language("You are signed out.")), session="")


def device_of(visit: Visit) -> Device:
    """What the sign-in needs to know of the browser."""
    token = visit.secret if visit.signed_in else ""
    return Device(visit.address, visit.agent, token)


def _form(next_: str, email: str, errors: dict[str, str]) -> Shown:
    return Shown("sign_in.html", {"next": next_, "email": email, "errors": errors})


def _code_form(next_: str, errors: dict[str, str]) -> Shown:
    return Shown("second_factor.html", {"next": next_, "errors": errors})


def _stage(visit: Visit) -> Stage | None:
    return visit.signed_in.session.stage if visit.signed_in else None


def wanted(path: str) -> str:
    """A place in the console to go on to: the one that was asked for, if it is one."""
    return path if path.startswith(CONSOLE) else CONSOLE
