"""A change that was decided: it waits for its payment, is in force, or is dropped; and the facts that tell so. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.balance import review_reason
from doorstep.journey.order import groups_of
from doorstep.journey.placement.model.amending import moving
from doorstep.journey.placement.model.amending.quoting import way_of
from doorstep.journey.placement.model.amending.records import ORDER_CHANGE, ChangeState, Draft, OrderChange
from doorstep.journey.standing import Standing, changeable_until, holds_of, is_changeable
from doorstep.kernel.ids import child
from doorstep.plan.records import Plan
from doorstep.stock.model.sourcing import Source

_BEING_PACKED = "the order was being packed before it was paid"
LAPSED = "it was not paid in time"
_OTHERWISE = "the order was changed otherwise meanwhile"


def with_sources(draft: Draft, sources: Sequence[Source], plan: Plan) -> OrderChange:
    """The change when its goods were found: in force, the order comes in these deliveries."""
    change = draft.change
    if change.is_moved:
        groups = way_of(change.order, draft.quoted, sources, plan).groups
    else:
        groups = moving.groups_after(change.order.groups, change.canceled, groups_of(sources))
    return replace(change, order=replace(change.order, groups=groups))


def requested(
    change: OrderChange, paid: tuple[str, str], until: datetime
) -> tuple[OrderChange, f.OrderChangeRequested]:
    """The change while it waits for its payment, by a method and with a token; until packing begins at the latest."""
    payment_id = child("pay", change.id, 1)
    fact = f.OrderChangeRequested(
        order_id=change.order_id,
        at=change.at,
        change_id=change.id,
        payment_id=payment_id,
        amount=change.money.pay_minor,
        currency=change.order.currency,
        method=paid[0],
        token=paid[1],
        until=until,
    )
    state = ORDER_CHANGE.next(change.state, "request")
    return replace(change, state=state, until=until, payment_id=payment_id), fact


def wait_until(standing: Standing, plan: Plan, at: datetime) -> datetime:
    """When the wait for a change's payment ends: as for any buyer, but before the order is given to its locations."""
    most = at + timedelta(minutes=plan.payment.action_expires_minutes)
    return min(most, changeable_until(standing) or most)


def made(
    change: OrderChange, standing: Standing, at: datetime, sources: Sequence[Source]
) -> tuple[OrderChange, f.OrderChanged]:
    """The change when it is in force, and what tells of it."""
    money, balance = change.money, standing.balance
    paid = money.pay_minor if balance.asked else 0
    fact = f.OrderChanged(
        order_id=change.order_id,
        at=at,
        change_id=change.id,
        what=change.what,
        kept=change.kept,
        total=money.after_minor,
        difference=money.difference_minor,
        payment_id=change.payment_id or balance.payment_id,
        release_at=changeable_until(standing) or at,
        value=money.back_minor,
        capture=paid,
        shares=((change.payment_id, paid),) if paid else (),
        canceled=change.canceled,
        added=change.added,
        released=voided(change, standing),
        promises=f.promises_of(change.id, groups_of(sources)) if standing.confirmed else (),
        hold_keys=_hold_keys(change, standing),
    )
    return replace(change, state=ORDER_CHANGE.next(change.state, "confirm")), fact


def voided(change: OrderChange, standing: Standing) -> tuple[f.Promise, ...]:
    """The promises that a change makes void."""
    return moving.all_promises(standing) if change.is_moved else standing.units.releases(change.canceled)


def why_not(change: OrderChange, standing: Standing, at: datetime) -> str:
    """Why a change that is paid cannot be made any more; empty when it can."""
    if standing.units.kept() != change.kept_before:
        return _OTHERWISE
    return "" if is_changeable(standing, at) else _BEING_PACKED


def dropped(
    change: OrderChange, at: datetime, event: str, why: tuple[str, str]
) -> tuple[OrderChange, f.OrderChangeCanceled]:
    """The change when it is not made, by an event: the reason, and the payment to be given back if it stands."""
    reason, payment_id = why
    fact = f.OrderChangeCanceled(
        order_id=change.order_id, at=at, change_id=change.id, reason=reason, payment_id=payment_id
    )
    return replace(change, state=ORDER_CHANGE.next(change.state, event), reason=reason), fact


def is_waiting(change: OrderChange | None) -> bool:
    """Whether a change waits for its payment."""
    return change is not None and change.state is ChangeState.REQUESTED


def reviewed(change: OrderChange, standing: Standing, plan: Plan, at: datetime) -> list[f.Fact]:
    """A held order that nobody need look at any more goes on."""
    if not standing.held or review_reason(change.money.after_minor, plan):
        return []
    return [f.HoldReleased(order_id=change.order_id, at=at, actor="Doorstep")]


def _hold_keys(change: OrderChange, standing: Standing) -> tuple[str, ...]:
    if standing.confirmed:
        return ()
    if change.is_moved:
        return (change.id,)
    return (*holds_of(change.order_id, standing), change.id) if change.added else standing.hold_keys
