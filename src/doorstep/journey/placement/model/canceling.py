"""Which checkouts can be given up. Pure."""

from collections.abc import Collection

from doorstep.journey.placement.model.checkout import CHECKOUT, Cancel, Checkout, CheckoutState
from doorstep.kernel.errors import Conflict, DoorstepError, Missing
from doorstep.kernel.ids import OrderId


def may_cancel(checkout: Checkout, unpaid: Collection[OrderId]) -> bool:
    """Whether it is undecided, and an order that it became is still to be paid."""
    return CHECKOUT.allows(checkout.state, "cancel") and (not checkout.order_id or checkout.order_id in unpaid)


def canceled(checkout: Checkout | None, request: Cancel) -> Checkout | DoorstepError:
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {request.id}.")
    if checkout.state is not CheckoutState.CANCELED:
        return Conflict("checkout_closed", f"This checkout is {checkout.state} and cannot be canceled any more.")
    return checkout
