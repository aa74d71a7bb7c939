"""A shopper gives a checkout up. Pure."""

from collections.abc import Mapping

from msgspec.structs import replace

from doorstep.journey.placement.model.checkout import CHECKOUT, Cancel, Checkout, CheckoutState
from doorstep.journey.placement.model.placing import may_lapse
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId


def canceled(
    checkout: Checkout | None, request: Cancel, standings: Mapping[OrderId, Standing]
) -> Checkout | DoorstepError:
    """The checkout when it is given up, or as it is if it was before; or why it cannot be.

    One that became an order can be given up only while that is not paid and its money cannot be moving.
    """
    if checkout is None:
        return Missing("no_such_checkout", f"There is no checkout {request.id}.")
    if checkout.state is CheckoutState.CANCELED:
        return checkout
    if checkout.state is CheckoutState.EXPIRED:
        return Refused("checkout_expired", "This checkout has expired. Please start again; nothing was charged.")
    standing = standings.get(checkout.order_id) if checkout.order_id else None
    is_order = checkout.order_id is not None and not (standing and may_lapse(standing))
    if is_order or not CHECKOUT.allows(checkout.state, "cancel"):
        said = f"This checkout is order {checkout.order_number} by now. Cancel the order instead."
        return Conflict("checkout_closed", said)
    state = CHECKOUT.next(checkout.state, "cancel")
    return replace(checkout, state=state, version=checkout.version + 1, held=(), held_until=None)
