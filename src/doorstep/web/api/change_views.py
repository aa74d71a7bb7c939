"""A change of an order as the API shows it."""

from datetime import datetime

from msgspec import Struct

from doorstep.journey.placement.model.amending.records import ChangeState, OrderChange
from doorstep.web.api.order_views import UnitsView


class ChangeView(Struct, frozen=True, kw_only=True):
    """A change and what it comes to, in minor units: all that will be sent and its delivery, before and after.

    `pay_minor` is to be paid for it, `back_minor` goes back. In the state `requested` it waits for its payment
    `payment_id` until `until`; `draft` was only asked about. `units` are those that will be sent.
    """

    id: str
    state: ChangeState
    at: datetime
    what: tuple[str, ...]
    difference_minor: int
    before_minor: int
    after_minor: int
    delivery_before_minor: int
    delivery_after_minor: int
    pay_minor: int
    back_minor: int
    units: tuple[UnitsView, ...]
    until: datetime | None
    payment_id: str
    reason: str


class ChangesView(Struct, frozen=True):
    """All changes of an order, the oldest first."""

    changes: tuple[ChangeView, ...]


def change_view(change: OrderChange, state: ChangeState | None = None) -> ChangeView:
    """A change; in a state other than its own when it was undone on purpose."""
    money = change.money
    return ChangeView(
        id=change.id,
        state=state or change.state,
        at=change.at,
        what=change.what,
        difference_minor=money.difference_minor,
        before_minor=money.before_minor,
        after_minor=money.after_minor,
        delivery_before_minor=money.delivery_before_minor,
        delivery_after_minor=money.delivery_after_minor,
        pay_minor=money.pay_minor,
        back_minor=money.back_minor,
        units=tuple(UnitsView(position, count) for position, count in change.kept),
        until=change.until,
        payment_id=change.payment_id,
        reason=change.reason,
    )
