"""Shoppers who come to the demo store with something that does not go smoothly, and the newcomer's own first order."""

from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from doorstep.app import App
from doorstep.journey.ledger import store as ledger
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.checkout import Checkout, Complete, Create, LineWish, Wishes
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import CheckoutId, new_id
from doorstep.rehearsal.demo import DemoItem

_HOME = Address("GB", "A Visitor", "1 High Street", "Leeds", "LS1 1UR")


class Visitor(Struct, frozen=True):
    """One shopper: a reference, the sandbox's word for how the payment goes, how many units."""

    reference: str
    token: str
    quantity: int


def visitors(item: DemoItem, review_over: int) -> Sequence[Visitor]:
    """A declined card, a bank that asks the shopper first, and an order so large that a person should look at it."""
    many = review_over // item.price_minor + 1
    return (
        Visitor("demo-declined", "decline:insufficient funds", 2),
        Visitor("demo-challenge", "challenge", 3),
        Visitor("demo-large", "approve", many),
    )


async def welcome(app: App, item: DemoItem) -> None:
    """Let those visitors order who have not been here yet; one who finds the shelf empty leaves."""
    everyone = visitors(item, app.plans.in_force.payment.review_over or 0)
    async with app.database.read() as tx:
        there = await ledger.ids_by_reference(tx, [one.reference for one in everyone])
    for one in everyone:
        if one.reference not in there:
            with suppress(DoorstepError):
                await _order(app, item, one)


async def first_total(app: App, item: DemoItem, quantity: int) -> int:
    """What the newcomer's own order will come to, in minor units."""
    return (await _checkout(app, item, quantity, "")).totals.total


async def _order(app: App, item: DemoItem, visitor: Visitor) -> None:
    checkout = await _checkout(app, item, visitor.quantity, visitor.reference)
    key, total = visitor.reference, checkout.totals.total
    await app.lanes.complete.ask(Complete(checkout.id, app.clock.now(), key, total, visitor.token))


async def _checkout(app: App, item: DemoItem, quantity: int, reference: str) -> Checkout:
    plan = app.plans.in_force
    wishes = Wishes(
        lines=(LineWish(item.sku, quantity),),
        buyer=Buyer("visitor@customers.example", "A Visitor"),
        address=_HOME,
        service=plan.shipping.services[0].id,
        method=plan.payment.methods[0].id,
        reference=reference,
    )
    return await app.lanes.create.ask(Create(CheckoutId(new_id("chk")), app.clock.now(), wishes))
