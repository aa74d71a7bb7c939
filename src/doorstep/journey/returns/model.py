"""Canceling and returning units: what may be, what it frees, what it is worth. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Order, added, common, counted, less, total_of
from doorstep.journey.standing import Standing
from doorstep.journey.units import freed_codes
from doorstep.kernel.errors import Conflict, DoorstepError, Missing, Refused
from doorstep.kernel.ids import OrderId
from doorstep.kernel.states import StateTable
from doorstep.plan.records import Plan


class ReturnState(StrEnum):
    """The states of a return."""

    REQUESTED = "requested"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    DECLINED = "declined"
    RECEIVED = "received"
    RESOLVED = "resolved"


_R = ReturnState
RETURN = StateTable(
    "Return",
    start=_R.REQUESTED,
    ends=(_R.DECLINED, _R.RESOLVED),
    rows=(
        (_R.REQUESTED, "approve", _R.APPROVED),
        (_R.REQUESTED, "review", _R.NEEDS_REVIEW),
        (_R.NEEDS_REVIEW, "approve", _R.APPROVED),
        (_R.NEEDS_REVIEW, "decline", _R.DECLINED),
        (_R.APPROVED, "receive", _R.RECEIVED),
        (_R.RECEIVED, "inspect", _R.RESOLVED),
    ),
)


class Return(Struct, frozen=True):
    """Units that are coming back, or came back."""

    id: str
    order_id: OrderId
    state: ReturnState
    location: str
    units: Counts
    requested_at: datetime


class CancelRequest(Struct, frozen=True):
    """Units that are not to be sent. With `partly`, as many as can still be stopped; else all of them or none."""

    order_id: OrderId
    request_id: str
    units: Counts
    at: datetime
    reason: str
    partly: bool = False


class ReturnRequest(Struct, frozen=True):
    """Delivered units that the customer wants to send back."""

    order_id: OrderId
    return_id: str
    units: Counts
    at: datetime
    reason: str


class ReviewDecision(Struct, frozen=True):
    """A person approves or declines a return."""

    order_id: OrderId
    return_id: str
    at: datetime
    approve: bool
    reason: str = ""


class Reception(Struct, frozen=True):
    """Goods of a return arrived: all that was announced, or the units named."""

    order_id: OrderId
    return_id: str
    at: datetime
    units: Counts | None = None


class InspectionReport(Struct, frozen=True):
    """What was found: everything received goes back on the shelf but what is written off or sent back."""

    order_id: OrderId
    return_id: str
    at: datetime
    written_off: Counts = ()
    rejected: Counts = ()


def cancel(request: CancelRequest, order: Order, standing: Standing) -> f.UnitsCanceled | DoorstepError:
    """What canceling comes to: the units, the promises that it frees, what they would have cost."""
    if unknown := less(request.units, order.all_units):
        return Refused("more_than_ordered", f"Order {order.number} does not have {_words(order, unknown)}.")
    if not standing.confirmed or standing.ended:
        return Conflict("not_open", f"Order {order.number} is {standing.stage}; nothing of it can be canceled now.")
    units = common(request.units, standing.units.cancelable())
    if not units or (not request.partly and units != counted(request.units)):
        late = less(request.units, units)
        return Conflict(
            "too_late", f"Order {order.number}: too late to cancel {_words(order, late)}; it can be returned."
        )
    return f.UnitsCanceled(
        order_id=order.id,
        at=request.at,
        request_id=request.request_id,
        units=units,
        released=standing.units.releases(units),
        payment_id=standing.balance.payment_id,
        value=standing.units.value_from_end(order, units),
        reason=request.reason,
        codes=freed_codes(order, standing.units, units),
    )


def ask_return(
    request: ReturnRequest, order: Order, standing: Standing, plan: Plan
) -> f.ReturnRequested | DoorstepError:
    """What a wish to return comes to."""
    units = counted(request.units)
    if not units or common(units, standing.units.returnable()) != units:
        gone = less(units, standing.units.returnable())
        return Refused(
            "not_returnable",
            f"Order {order.number}: {_words(order, gone)} was not delivered or is coming back already.",
        )
    last = max((parcel.delivered_at_ms for parcel in standing.units.parcels.values()), default=0)
    if request.at.timestamp() * 1000 > last + plan.returns.window_days * 86_400_000:
        days = plan.returns.window_days
        return Refused(
            "return_window_passed", f"Order {order.number} could be returned for {days} days after delivery."
        )
    return f.ReturnRequested(
        order_id=order.id, at=request.at, return_id=request.return_id, units=units, reason=request.reason
    )


def authorized(order: Order, return_id: str, at: datetime, plan: Plan) -> f.ReturnAuthorized:
    """The return is approved; the goods go to the plan's first location."""
    return f.ReturnAuthorized(
        order_id=order.id,
        at=at,
        return_id=return_id,
        location=plan.locations[0].id,
        expected_at=at + timedelta(days=plan.returns.transit_days),
    )


def review(decision: ReviewDecision, one: Return | None, order: Order, plan: Plan) -> f.Fact | DoorstepError:
    """What a person's decision about a return comes to."""
    if one is None:
        return Missing("no_such_return", f"There is no return {decision.return_id}.")
    if not RETURN.allows(one.state, "approve" if decision.approve else "decline"):
        return Conflict("decided", f"Return {one.id} is {one.state} already.")
    if decision.approve:
        return authorized(order, one.id, decision.at, plan)
    reason = decision.reason or "not accepted"
    return f.ReturnDeclined(order_id=order.id, at=decision.at, return_id=one.id, reason=reason)


def receive(report: Reception, one: Return | None, plan: Plan) -> f.UnitsReceived | DoorstepError:
    """What a reception comes to. Less may arrive than was announced, never more."""
    if one is None:
        return Missing("no_such_return", f"There is no return {report.return_id}.")
    if not RETURN.allows(one.state, "receive"):
        return Conflict("not_expected", f"Return {one.id} is {one.state}; goods were not expected.")
    units = one.units if report.units is None else counted(report.units)
    if common(units, one.units) != units or not units:
        return Refused("not_announced", f"Return {one.id} announced other units than arrived.")
    return f.UnitsReceived(
        order_id=one.order_id,
        at=report.at,
        return_id=one.id,
        location=one.location,
        units=units,
        inspect_at=report.at + timedelta(hours=plan.returns.inspection_hours),
    )


def inspect(
    report: InspectionReport, one: Return | None, order: Order, standing: Standing
) -> f.UnitsInspected | DoorstepError:
    """What an inspection comes to; what is accepted is worth what it cost the customer."""
    if one is None:
        return Missing("no_such_return", f"There is no return {report.return_id}.")
    if not RETURN.allows(one.state, "inspect"):
        return Conflict("not_received", f"Return {one.id} is {one.state}; there is nothing to inspect.")
    named = added(report.written_off, report.rejected)
    if less(named, one.units):
        return Refused("more_than_received", f"Return {one.id}: more is written off or rejected than was received.")
    restocked = less(one.units, named)
    accepted = added(restocked, report.written_off)
    return f.UnitsInspected(
        order_id=order.id,
        at=report.at,
        return_id=one.id,
        location=one.location,
        restocked=restocked,
        written_off=counted(report.written_off),
        rejected=counted(report.rejected),
        payment_id=standing.balance.payment_id,
        value=standing.units.value_returned_next(order, accepted),
    )


def _words(order: Order, units: Counts) -> str:
    known = {line.position: line.sku for line in order.lines}
    said = [f"{count} of {known.get(position, f'line {position}')}" for position, count in units]
    return ", ".join(said) if total_of(units) else "nothing"
