"""Signing in and out."""

from msgspec import Struct

from doorstep.access.model.sessions import Stage
from doorstep.access.model.sessions import Visit as Device
from doorstep.kernel.errors import DoorstepError
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, Who, done

CONSOLE = "/console"
SECOND_FACTOR = "/second-factor"
ENROLMENT = "/console/account/second-factor"
_NEXT = {Stage.SECOND_FACTOR_DUE: SECOND_FACTOR, Stage.ENROLMENT_DUE: ENROLMENT}


class SignInForm(Struct, frozen=True):
    """An address and a password, and where the person wanted to go."""

    email: str = ""
    password: str = ""
    next: str = ""


async def ask(visit: Visit) -> Shown | Moved:
    """The form; whoever is in already goes on."""
    if visit.who is Who.SIGNED_IN:
        return Moved(_wanted(visit.query.get("next", "")))
    return _form(visit.query.get("next", ""), "", {})


async def ask_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form once more, with what was wrong; the password has to be typed anew."""
    form = visit.form or SignInForm()
    return _form(form.next, form.email, field_errors(error))


async def enter(visit: Visit) -> Moved:
    """The password was given: in, or to the second factor."""
    entered = await visit.given.people.sign_in.enter(visit.form.email, visit.form.password, device_of(visit))
    return Moved(_NEXT.get(entered.stage, _wanted(visit.form.next)), session=entered.token)


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


def _wanted(path: str) -> str:
    return path if path.startswith(CONSOLE) else CONSOLE
