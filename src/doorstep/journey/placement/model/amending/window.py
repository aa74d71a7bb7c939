"""Whether an order may still be changed. Pure."""

from datetime import datetime

from doorstep.journey.order import Order
from doorstep.journey.standing import Standing, is_changeable
from doorstep.kernel.errors import Conflict


def closed(order: Order, standing: Standing, at: datetime) -> Conflict | None:
    """Why an order cannot be changed; None when it can."""
    if standing.change:
        said = f"Order {order.number}: another change waits for its payment. It is made or dropped first."
        return Conflict("change_pending", said)
    if is_changeable(standing, at):
        return None
    if standing.ended or not standing.units.kept():
        return Conflict("not_open", f"Order {order.number} is {standing.stage}; it cannot be changed.")
    if standing.trouble:
        return Conflict("in_trouble", f"Order {order.number}: something went wrong with it. That is mended first.")
    if not standing.confirmed:
        return Conflict("not_confirmed", f"Order {order.number} is not confirmed yet. Please try again in a moment.")
    return Conflict("being_packed", f"Order {order.number} is already being packed, so it cannot be changed any more.")
