"""Links to customers' own pages, for what is written to them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from doorstep.access.flow.access import Access
from doorstep.access.model.order_link import SECRET_NAME, link_token
from doorstep.kernel.ids import OrderId
from doorstep.storage.transaction import Tx

LINK_DAYS = 90
"""How long a link to an order's page works."""


class OrderPages:
    """Where customers see their orders; without a public URL nobody can, and there are no links."""

    def __init__(self, access: Access, public_url: str) -> None:
        self._access = access
        self._public_url = public_url

    async def links(self, tx: Tx, wanted: Iterable[tuple[OrderId, datetime]]) -> list[str]:
        """A link to each order, made at a moment: the same whenever it is asked for again. Empty when there is none."""
        orders = list(wanted)
        if not self._public_url or not orders:
            return [""] * len(orders)
        secret = await self._access.secret_of(tx, SECRET_NAME)
        return [self.link(secret, order_id, made_at) for order_id, made_at in orders]

    def link(self, secret: str, order_id: OrderId, made_at: datetime) -> str:
        """The link to one order."""
        return f"{self._public_url}/order/{link_token(secret, order_id, made_at + timedelta(days=LINK_DAYS))}"
