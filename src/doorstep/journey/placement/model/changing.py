"""How a checkout changes: what its shopper wishes by now, and what became of it. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from doorstep.journey.placement.model.checkout import CHECKOUT, Change, Checkout, CheckoutState
from doorstep.journey.placement.model.holding import without_hold
from doorstep.journey.placement.model.outside import NO_ANSWERS, settled
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused


def changed_by(checkout: Checkout | None, request: Change) -> Checkout | DoorstepError:
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {request.id}.")
    if checkout.state is CheckoutState.EXPIRED or checkout.expires_at <= request.at:
        return Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
    if not CHECKOUT.allows(checkout.state, "found_ready") or checkout.order_id:
        return Conflict("checkout_closed", f"This checkout is {checkout.state} and cannot be changed any more.")
    if request.expected not in (None, checkout.version):
        said = f"This checkout has changed since: it has version {checkout.version} by now. Read it and decide again."
        return Conflict("checkout_changed", said, {"version": str(checkout.version)})
    if request.answers is not NO_ANSWERS:
        known = settled(checkout.outside, request.answers)
        return replace(checkout, outside=known, version=checkout.version + 1)
    wishes: Wishes = replace(checkout.wishes, **{name: getattr(request.wishes, name) for name in request.fields})
    return replace(checkout, wishes=wishes, version=checkout.version + 1, waiting=(), unconfirmed_minor=None)


def all_moved(checkouts: Iterable[Checkout], event: str) -> list[Checkout]:
    """Those of the checkouts that the event concerns, after it."""
    return [_moved(checkout, event) for checkout in checkouts if CHECKOUT.allows(checkout.state, event)]


def _moved(checkout: Checkout, event: str) -> Checkout:
    state = CHECKOUT.next(checkout.state, event)
    moved = replace(checkout, state=state, version=checkout.version + 1)
    return without_hold(moved) if state in CHECKOUT.ends else moved
