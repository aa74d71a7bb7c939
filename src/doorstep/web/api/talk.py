"""The conversation with the shopper of a checkout over HTTP: answers, and links that open it elsewhere."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from doorstep.access.model.checkout_link import CHECKOUT_LINKS, link_token, read_link
from doorstep.desk.address import Street
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.placement.model.questions import Answer
from doorstep.kernel.errors import Conflict, Missing
from doorstep.kernel.ids import CheckoutId, order_of
from doorstep.web.api.checkout_views import CheckoutView
from doorstep.web.api.checkouts import told
from doorstep.web.endpoint import Ask
from doorstep.web.exchange import key_of

LINK_LASTS = timedelta(hours=24)
_ENDED = (CheckoutState.COMPLETED, CheckoutState.EXPIRED, CheckoutState.CANCELED)
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]*$")]
Choice = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="The id of an option.")]


class CheckoutAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer: which question, and the option that is chosen or the value of the field that it asks for."""

    question_id: Name
    choice: Choice = ""
    value: Street = ""


class LinkView(Struct, frozen=True):
    """A link that opens the checkout in another browser: its secret token, the page it opens, and until when it works.

    Where no public address is set there is no page, and `url` is empty.
    """

    token: str
    url: str
    expires_at: datetime


async def answer(ask: Ask[CheckoutAnswer]) -> CheckoutView:
    """Answer a question; the whole checkout as it then is."""
    body = ask.body
    said = Answer(
        CheckoutId(ask.name), ask.given.clock.now(), key_of(ask.headers), body.question_id, body.choice, body.value
    )
    return told(await ask.given.lanes.hear.ask(said), ask.given)


async def link(ask: Ask[None]) -> LinkView:
    """A link to the checkout, which ends with it."""
    now, given = ask.given.clock.now(), ask.given
    async with given.database.begin() as tx:
        checkout = (await given.placement.read(tx, [CheckoutId(ask.name)])).get(CheckoutId(ask.name))
        if checkout is None:
            raise Missing("no_such_checkout", f"There is no checkout {ask.name}.")
        if not _is_open(checkout, now):
            raise Conflict("checkout_closed", f"This checkout is {checkout.state} and cannot be opened elsewhere.")
        secret = await given.people.access.secret_of(tx, CHECKOUT_LINKS)
    until = min(now + LINK_LASTS, checkout.expires_at)
    token = link_token(secret, order_of(checkout.id), until)
    return LinkView(token, f"{given.public_url}/checkout/resume/{token}" if given.public_url else "", until)


async def by_link(ask: Ask[None]) -> CheckoutView:
    """The checkout that a link opens."""
    now, given = ask.given.clock.now(), ask.given
    async with given.database.begin() as tx:
        secret = await given.people.access.secret_of(tx, CHECKOUT_LINKS)
        checkout = await given.placement.of_order(tx, read_link(secret, ask.name, now))
        if checkout is None or not _is_open(checkout, now):
            raise Missing("link_revoked", "This link does not work any more: its checkout has ended.")
        payment = await given.overview.payment(tx, checkout.order_id) if checkout.order_id else None
    return told(checkout, given, payment)


def _is_open(checkout: Checkout, now: datetime) -> bool:
    return checkout.state not in _ENDED and (checkout.order_id is not None or checkout.expires_at > now)
