"""A person's own second factor: put on their phone, proven by a first code, taken off again; recovery codes."""

from io import BytesIO

import segno
from markupsafe import Markup
from msgspec import Struct

from doorstep.access.model.second_factor import Enrolment
from doorstep.access.model.sessions import SignedIn, Stage, ended
from doorstep.kernel.errors import DoorstepError, Refused
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.page import Moved, Shown, Visit, done
from doorstep.web.pages.sign_in import ENROLMENT, SECOND_FACTOR

_ACCOUNT = "/console/account"


class ProofForm(Struct, frozen=True):
    """The first code of the phone."""

    code: str = ""


async def enrolment(visit: Visit) -> Shown | Moved:
    """How things stand: the secret that waits for its first code, or the way to get one."""
    return await _enrolment(visit, {})


async def enrolment_again(visit: Visit, error: DoorstepError) -> Shown | Moved:
    """The same, with what was wrong."""
    return await _enrolment(visit, field_errors(error))


async def begin(visit: Visit) -> Moved:
    """A secret for the phone, shown on the page that follows until a code proves it."""
    async with visit.given.database.begin() as tx:
        await visit.given.people.second_factor.begin(tx, _signed_in(visit), visit.now)
    return Moved(ENROLMENT)


async def prove(visit: Visit) -> Shown:
    """The first code was right: the recovery codes, this once, as the answer to the form itself."""
    async with visit.given.database.begin() as tx:
        enrolled = await visit.given.people.second_factor.prove(tx, visit.by(), _signed_in(visit), visit.form.code)
    return Shown("recovery_codes.html", {"codes": enrolled.codes, "is_first": True}, session=enrolled.entered.token)


async def remove(visit: Visit) -> Moved:
    """The password alone is enough from here on."""
    async with visit.given.database.begin() as tx:
        entered = await visit.given.people.second_factor.remove(tx, visit.by(), _signed_in(visit))
    return Moved(_ACCOUNT, done(visit.language("The second factor is removed.")), session=entered.token)


async def more_codes(visit: Visit) -> Shown:
    """Recovery codes in place of those before, this once."""
    async with visit.given.database.begin() as tx:
        codes = await visit.given.people.second_factor.more_codes(tx, visit.by(), _signed_in(visit))
    return Shown("recovery_codes.html", {"codes": codes, "is_first": False})


async def _enrolment(visit: Visit, errors: dict[str, str]) -> Shown | Moved:
    signed = _signed_in(visit)
    if signed.session.stage is Stage.SECOND_FACTOR_DUE:
        return Moved(SECOND_FACTOR)
    pending = await _pending(visit, signed)
    fill = {"has_one": signed.has_second_factor, "is_due": not signed.is_full, "errors": errors}
    return Shown("enrolment.html", {**fill, "pending": pending, "qr": qr_code(pending.address) if pending else ""})


async def _pending(visit: Visit, signed: SignedIn) -> Enrolment | None:
    try:
        async with visit.given.database.read() as tx:
            return await visit.given.people.second_factor.pending(tx, signed)
    except Refused:
        return None


def qr_code(text: str) -> Markup:
    """A text as a QR code to be put into a page: SVG whose looks are attributes, as the page's policy wants."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        light="#fff",
        border=3,
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn here, of lines alone


def _signed_in(visit: Visit) -> SignedIn:
    if visit.signed_in is None:
        raise ended()
    return visit.signed_in
