"""Whether an order may still be changed. Pure."""

from datetime import datetime

from doorstep.journey.order import Order
from doorstep.journey.standing import Standing
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.errors import Conflict


def is_open(standing: Standing, at: datetime) -> bool:
    """Whether the customer may still think again: the order is held, or is not yet given to its locations."""
    if standing.ended or standing.trouble or not (standing.held or standing.confirmed):
        return False
    return not standing.confirmed or (to_ms(at) < standing.release_ms and not _is_given_out(standing))


def closes_at(standing: Standing) -> datetime | None:
    """When the order can no longer be changed; None while that is not known because it is held."""
    return from_ms(standing.release_ms) if standing.confirmed else None


def closed(order: Order, standing: Standing, at: datetime) -> Conflict | None:
    """Why an order cannot be changed; None when it can."""
    if standing.change:
        said = f"Order {order.number}: another change waits for its payment. It is made or dropped first."
        return Conflict("change_pending", said)
    if is_open(standing, at):
        return None
    if standing.ended or not standing.units.kept():
        return Conflict("not_open", f"Order {order.number} is {standing.stage}; it cannot be changed.")
    if standing.trouble:
        return Conflict("in_trouble", f"Order {order.number}: something went wrong with it. That is mended first.")
    if not standing.confirmed:
        return Conflict("not_confirmed", f"Order {order.number} is not confirmed yet. Please try again in a moment.")
    return Conflict("being_packed", f"Order {order.number} is already being packed, so it cannot be changed any more.")


def _is_given_out(standing: Standing) -> bool:
    units = standing.units
    return bool(units.parcels) or any(promise.released or promise.picked for promise in units.promises.values())
