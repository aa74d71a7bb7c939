"""The checkout of a browser: found by its cookie, opened with the first thing that is put in, and changed."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec.structs import replace

from doorstep.journey.placement.model.checkout import Change, Checkout, CheckoutState, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.errors import Conflict
from doorstep.kernel.ids import CheckoutId
from doorstep.web.pages.page import Moved, Visit

SHOP = "/shop"
CART = "/shop/cart"
CHECKOUT = "/checkout"
DELIVERY = "/checkout/delivery"
PAYMENT = "/checkout/payment"
WAITING = "/checkout/waiting"
DONE = "/checkout/done"
_TRIES = 3


class Stand(StrEnum):
    """How far the checkout of a browser has come, as far as it decides which page is right."""

    NONE = "none"
    OPEN = "open"
    PAYING = "paying"
    DECLINED = "declined"
    DONE = "done"
    OVER = "over"


_UNDECIDED = (CheckoutState.INCOMPLETE, CheckoutState.REQUIRES_ESCALATION, CheckoutState.READY)
_PLACES = {Stand.PAYING: WAITING, Stand.DECLINED: PAYMENT, Stand.DONE: DONE}


async def found(visit: Visit) -> Checkout | None:
    """The checkout that the browser's cookie names; None when there is no such one."""
    if not visit.cart:
        return None
    checkout_id = CheckoutId(visit.cart)
    async with visit.given.database.read() as tx:
        return (await visit.given.placement.read(tx, [checkout_id])).get(checkout_id)


def stand(checkout: Checkout | None, visit: Visit) -> Stand:
    """How far a checkout has come."""
    if checkout is None:
        return Stand.NONE
    if checkout.state is CheckoutState.COMPLETED:
        return Stand.DONE
    if checkout.state is CheckoutState.IN_PROGRESS:
        return Stand.PAYING
    if checkout.state not in _UNDECIDED:
        return Stand.OVER
    if checkout.order_id:
        return Stand.DECLINED
    return Stand.OPEN if checkout.expires_at > visit.now else Stand.OVER


def elsewhere(at: Stand) -> Moved | None:
    """Where a checkout is to be looked at that cannot be changed any more; None while it can, or when it is over."""
    return Moved(_PLACES[at]) if at in _PLACES else None


async def changed(
    visit: Visit, checkout: Checkout, wished: Mapping[str, object], expected: int | None = None
) -> Checkout:
    """The checkout after a change of what is wished by name, in the language that is spoken here."""
    given = {**wished, "locale": visit.language.tag}
    wishes: Wishes = replace(checkout.wishes, **given)
    change = Change(checkout.id, visit.now, wishes, tuple(given), expected)
    return await visit.given.lanes.change.ask(change)


async def with_added(visit: Visit, sku: str, quantity: int) -> Checkout:
    """The checkout with more of an item in it; another one when there is none that can be changed."""
    for _ in range(_TRIES):
        checkout = await found(visit)
        if checkout is None or stand(checkout, visit) is not Stand.OPEN:
            return await opened(visit, (LineWish(sku, quantity),))
        lines = _added(checkout.wishes.lines, sku, quantity)
        try:
            return await changed(visit, checkout, {"lines": lines}, checkout.version)
        except Conflict:
            continue
    raise Conflict("checkout_changed", "Your cart was changed in another window at the same time. Please try again.")


async def opened(visit: Visit, lines: tuple[LineWish, ...]) -> Checkout:
    """A new checkout."""
    request = Create(CheckoutId(visit.given.new_id("chk")), visit.now, Wishes(lines=lines, locale=visit.language.tag))
    return await visit.given.lanes.create.ask(request)


def _added(lines: tuple[LineWish, ...], sku: str, quantity: int) -> tuple[LineWish, ...]:
    """The lines with some more of an item, on its own line if it has one."""
    if not any(line.sku == sku for line in lines):
        return (*lines, LineWish(sku, quantity))
    return tuple(LineWish(sku, line.quantity + quantity) if line.sku == sku else line for line in lines)
