"""A checkout over HTTP: opened, changed, read, completed, given up."""

from doorstep.journey.overview.story import PaymentStep
from doorstep.journey.placement.model.checkout import Cancel, Change, Checkout, Complete, Create
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import CheckoutId
from doorstep.web.api.bodies import CheckoutChange, Completion, NewCheckout, wishes_of
from doorstep.web.api.checkout_views import CheckoutView, checkout_view
from doorstep.web.endpoint import Ask
from doorstep.web.etags import expected
from doorstep.web.exchange import key_of
from doorstep.web.given import Given
from doorstep.web.language import spoken


async def create(ask: Ask[NewCheckout]) -> CheckoutView:
    """Open a checkout."""
    wishes, _ = wishes_of(ask.body)
    request = Create(CheckoutId(ask.given.new_id("chk")), ask.given.clock.now(), wishes)
    return told(await ask.given.lanes.create.ask(request), ask.given)


async def read(ask: Ask[None]) -> CheckoutView:
    """A checkout as it stands, with how its payment stands."""
    checkout_id = CheckoutId(ask.name)
    async with ask.given.database.read() as tx:
        checkout = (await ask.given.placement.read(tx, [checkout_id])).get(checkout_id)
        if checkout is None:
            raise Missing("no_such_checkout", f"There is no checkout {checkout_id}.")
        payment = await ask.given.overview.payment(tx, checkout.order_id) if checkout.order_id else None
    return told(checkout, ask.given, payment)


async def change(ask: Ask[CheckoutChange]) -> CheckoutView:
    """Change what was given."""
    wishes, fields = wishes_of(ask.body)
    request = Change(CheckoutId(ask.name), ask.given.clock.now(), wishes, fields, expected(ask.headers))
    return told(await ask.given.lanes.change.ask(request), ask.given)


async def complete(ask: Ask[Completion]) -> CheckoutView:
    """Place the order, once however often it is asked with the same key."""
    request = Complete(
        id=CheckoutId(ask.name),
        at=ask.given.clock.now(),
        key=key_of(ask.headers),
        total_minor=ask.body.total_minor,
        token=ask.body.token,
        method=ask.body.method,
    )
    return told(await ask.given.lanes.complete.ask(request), ask.given)


async def cancel(ask: Ask[None]) -> CheckoutView:
    """Give the checkout up."""
    return told(await ask.given.lanes.cancel.ask(Cancel(CheckoutId(ask.name), ask.given.clock.now())), ask.given)


def told(checkout: Checkout, given: Given, payment: PaymentStep | None = None) -> CheckoutView:
    """A checkout in the shopper's language."""
    language = spoken(checkout.wishes.locale, given.plans.in_force.store)
    return checkout_view(checkout, payment, language.sentence)
