"""The order that a customer's link opens, and the customer as whoever acts by it."""

from doorstep.access.model.actor import Actor, ActorKind
from doorstep.access.model.order_link import SECRET_NAME, read_link
from doorstep.kernel.ids import OrderId
from doorstep.web.pages.page import Visit


async def order_of(visit: Visit) -> OrderId:
    """The order of the link that was followed; NotAllowed when it opens none, or none any more."""
    async with visit.given.database.read() as tx:
        secret = await visit.given.people.access.secret_of(tx, SECRET_NAME)
    return read_link(secret, visit.name, visit.now)


def customer_of(order_id: OrderId) -> Actor:
    """The customer of an order."""
    return Actor(ActorKind.CUSTOMER, order_id, "the customer")
