"""Whether a paid order is accepted, held for a person or rejected. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey.balance import Balance, review_reason
from doorstep.journey.order import Order, groups_of
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Conflict
from doorstep.kernel.ids import OrderId
from doorstep.kernel.states import StateTable
from doorstep.plan.records import CaptureWhen, Plan
from doorstep.stock.model.sourcing import Source


class AcceptanceState(StrEnum):
    """The states of an order's acceptance."""

    WAITING = "waiting"
    HELD = "held"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


_A = AcceptanceState
ACCEPTANCE = StateTable(
    "Acceptance",
    start=_A.WAITING,
    ends=(_A.CONFIRMED, _A.REJECTED),
    rows=(
        (_A.WAITING, "hold", _A.HELD),
        (_A.WAITING, "confirm", _A.CONFIRMED),
        (_A.WAITING, "reject", _A.REJECTED),
        (_A.HELD, "confirm", _A.CONFIRMED),
        (_A.HELD, "reject", _A.REJECTED),
    ),
)


class AuthorizedSlip(Struct, frozen=True):
    """What an authorization, or the release of a hold, says: this order may be confirmed."""

    order_id: OrderId


class HoldDecision(Struct, frozen=True):
    """A person lets a held order go on, or does not."""

    order_id: OrderId
    at: datetime
    actor: str
    accept: bool
    reason: str = ""


def state_of(standing: Standing) -> AcceptanceState:
    """The acceptance of an order, from how it stands."""
    if standing.confirmed:
        return _A.CONFIRMED
    if standing.ended:
        return _A.REJECTED
    return _A.HELD if standing.held else _A.WAITING


def why_hold(order: Order, plan: Plan) -> str:
    """Why a person should look at the order before it is confirmed; empty when nobody need."""
    return review_reason(order.total_minor, plan)


def hold_fact(order: Order, at: datetime, reason: str, plan: Plan) -> f.OrderHeld:
    """The order waits for a person, until the plan's deadline."""
    until = at + timedelta(minutes=plan.confirmation.hold_minutes)
    return f.OrderHeld(order_id=order.id, at=at, reason=reason, until=until)


def reject_fact(order_id: OrderId, at: datetime, payment_id: str, reason: str) -> f.OrderRejected:
    """The order ends here; an authorization is given back."""
    return f.OrderRejected(order_id=order_id, at=at, payment_id=payment_id, reason=reason)


def confirm_fact(
    order: Order, at: datetime, balance: Balance, sources: Iterable[Source], plan: Plan
) -> f.OrderConfirmed:
    """The order is accepted, with one promise for each location that sends something."""
    now = plan.payment.capture is CaptureWhen.CONFIRMATION
    return f.OrderConfirmed(
        order_id=order.id,
        at=at,
        payment_id=balance.payment_id,
        capture=balance.total if now else 0,
        shares=balance.shares(balance.total) if now else (),
        promises=f.promises_of(order.id, groups_of(sources)),
        release_at=at + timedelta(minutes=plan.placement.edit_window_minutes),
    )


def decide_hold(decision: HoldDecision, standing: Standing) -> f.Fact | Conflict:
    """What a person's decision about a held order comes to."""
    if not standing.held:
        return Conflict("not_held", "This order is not held any more.")
    if decision.accept:
        return f.HoldReleased(order_id=decision.order_id, at=decision.at, actor=decision.actor)
    return reject_fact(
        decision.order_id, decision.at, standing.balance.payment_id, decision.reason or "rejected by staff"
    )
