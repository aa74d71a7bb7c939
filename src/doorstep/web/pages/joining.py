"""Pages that a link leads to: the first owner sets up, somebody invited comes, somebody forgot a password."""

from msgspec import Struct

from doorstep.access.model.links import Purpose
from doorstep.access.model.passwords import CHARS_MIN
from doorstep.access.model.staff import Newcomer, StaffMember
from doorstep.kernel.errors import DoorstepError, Missing
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.sign_in import device_of

_SIGN_IN = "/sign-in"


class NewcomerForm(Struct, frozen=True):
    """What a newcomer says; the first owner gives an address too."""

    name: str = ""
    email: str = ""
    password: str = ""


class ResetForm(Struct, frozen=True):
    """The address of somebody who forgot their password."""

    email: str = ""


class PasswordForm(Struct, frozen=True):
    """Another password."""

    password: str = ""


async def set_up(visit: Visit) -> Shown:
    """The form of the first owner."""
    return await _behind(visit, Purpose.SET_UP)


async def set_up_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form of the first owner once more."""
    return await _behind(visit, Purpose.SET_UP, error)


async def become_owner(visit: Visit) -> Moved:
    """The first owner is there."""
    form: NewcomerForm = visit.form
    newcomer = Newcomer(name=form.name, password=form.password, email=form.email, language=visit.language.code)
    await visit.given.people.joining.set_up(visit.name, newcomer, device_of(visit))
    return await _to_sign_in(visit, visit.language("The store has an owner: sign in with your password."))


async def invitation(visit: Visit) -> Shown:
    """The form of somebody invited."""
    return await _behind(visit, Purpose.INVITATION)


async def invitation_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form of somebody invited once more."""
    return await _behind(visit, Purpose.INVITATION, error)


async def accept(visit: Visit) -> Moved:
    """Somebody invited is there."""
    newcomer = Newcomer(name=visit.form.name, password=visit.form.password)
    await visit.given.people.joining.accept(visit.name, newcomer, device_of(visit))
    return await _to_sign_in(visit, visit.language("Welcome: sign in with your password."))


async def forgotten(visit: Visit) -> Shown:
    """Whose password was forgotten?"""
    del visit
    return Shown("reset_ask.html", {"email": "", "errors": {}})


async def forgotten_again(visit: Visit, error: DoorstepError) -> Shown:
    """Whose? once more."""
    return Shown("reset_ask.html", {"email": visit.form.email if visit.form else "", "errors": field_errors(error)})


async def ask_reset(visit: Visit) -> Moved:
    """A mail goes out if the address is known; what is said is the same if not."""
    await visit.given.people.joining.ask_reset(visit.form.email, device_of(visit))
    said = visit.language(
        "If this address belongs to the staff, a mail with a link is on its way. It works for an hour."
    )
    return Moved(_SIGN_IN, done(said))


async def reset(visit: Visit) -> Shown:
    """The form for another password."""
    return await _behind(visit, Purpose.RESET)


async def reset_again(visit: Visit, error: DoorstepError) -> Shown:
    """The form for another password once more."""
    return await _behind(visit, Purpose.RESET, error)


async def choose_password(visit: Visit) -> Moved:
    """There is another password."""
    await visit.given.people.joining.reset(visit.name, visit.form.password, device_of(visit))
    return await _to_sign_in(visit, visit.language("The password is changed, and you are signed out everywhere."))


async def _behind(visit: Visit, purpose: Purpose, error: DoorstepError | None = None) -> Shown:
    """The form behind a link, or that the link works no more."""
    try:
        async with visit.given.database.read() as tx:
            member = await visit.given.people.joining.look(tx, purpose, visit.name, visit.now)
    except Missing as gone:
        return Shown("link_over.html", {"purpose": purpose.value, "detail": gone.message}, gone.status)
    return Shown("joining.html", {"purpose": purpose.value, "chars_min": CHARS_MIN, **_fill(visit, member, error)})


def _fill(visit: Visit, member: StaffMember | None, error: DoorstepError | None) -> dict[str, object]:
    typed = visit.form if isinstance(visit.form, NewcomerForm) else NewcomerForm()
    return {
        "name": typed.name or (member.name if member else ""),
        "email": member.email if member else typed.email,
        "is_known": member is not None,
        "errors": field_errors(error) if error else {},
    }


async def _to_sign_in(visit: Visit, said: str) -> Moved:
    """To the sign-in; whoever was signed in with this browser is out."""
    if visit.signed_in:
        async with visit.given.database.begin() as tx:
            await visit.given.people.sign_in.leave(tx, visit.secret)
    return Moved(_SIGN_IN, done(said), session="")
