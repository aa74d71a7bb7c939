"""What can happen when a customer changes their order before it is packed."""

from datetime import datetime

from doorstep.journey.fact import Fact, Promise, Share
from doorstep.journey.order import Counts


class OrderChangeRequested(Fact, frozen=True, kw_only=True):
    """The customer wishes a change that costs more: what it needs is held until a further payment stands, or the time
    is over.
    """

    named_by = "change_id"
    change_id: str
    payment_id: str
    amount: int
    currency: str
    method: str
    until: datetime
    token: str = ""


class OrderChangeCanceled(Fact, frozen=True, kw_only=True):
    """A change that was requested is not made; the order stays as it was. `payment_id` is what is given back, if it
    was authorized.
    """

    named_by = "change_id"
    change_id: str
    reason: str
    payment_id: str = ""


class OrderChanged(Fact, frozen=True, kw_only=True):
    """The order is another from here on: `what` of it (address, units, delivery).

    `canceled` will not be sent, `added` are units of lines that it did not have; `released` promises are void and
    `promises` made in their stead. `kept` is all that will be sent, `total` what that costs and `difference` by how
    much it rose. `value` is paid back, if it was taken; `capture` is taken. Before an order is confirmed its stock is
    held under `hold_keys`.
    """

    named_by = "change_id"
    change_id: str
    what: tuple[str, ...]
    kept: Counts
    total: int
    difference: int
    payment_id: str
    release_at: datetime
    value: int = 0
    capture: int = 0
    shares: tuple[Share, ...] = ()
    canceled: Counts = ()
    added: Counts = ()
    released: tuple[Promise, ...] = ()
    promises: tuple[Promise, ...] = ()
    hold_keys: tuple[str, ...] = ()
