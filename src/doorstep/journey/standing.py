"""How an order stands: the fold of all its facts, and the headline that lists and the board are made from."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from doorstep.journey import balance as money
from doorstep.journey import facts as f
from doorstep.journey import units as goods
from doorstep.journey.balance import Balance
from doorstep.journey.order import Order
from doorstep.journey.units import Units
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Plan


class Stage(StrEnum):
    """Where an order is on its journey, as the board shows it."""

    PAYING = "paying"
    BUYER_ACTION = "buyer_action"
    DECLINED = "declined"
    ACCEPTING = "accepting"
    HELD = "held"
    CONFIRMED = "confirmed"
    PICKING = "picking"
    PACKING = "packing"
    SHIPPING = "shipping"
    UNDERWAY = "underway"
    RETURNING = "returning"
    TROUBLE = "trouble"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELED = "canceled"
    LAPSED = "lapsed"
    REJECTED = "rejected"


ENDS = frozenset({Stage.DELIVERED, Stage.RETURNED, Stage.LOST, Stage.CANCELED, Stage.LAPSED, Stage.REJECTED})


class Owner(Struct, frozen=True):
    """Who moves an order on from a stage, and which of the plan's promises says by when."""

    who: str
    promise: str


OWNERS: Mapping[Stage, Owner] = {
    Stage.PAYING: Owner("payment provider", "authorize_minutes"),
    Stage.BUYER_ACTION: Owner("customer", "authorize_minutes"),
    Stage.DECLINED: Owner("customer", "authorize_minutes"),
    Stage.ACCEPTING: Owner("doorstep", "confirm_minutes"),
    Stage.HELD: Owner("care", "confirm_minutes"),
    Stage.CONFIRMED: Owner("doorstep", "pick_hours"),
    Stage.PICKING: Owner("picker", "pick_hours"),
    Stage.PACKING: Owner("packer", "hand_over_hours"),
    Stage.SHIPPING: Owner("packer", "hand_over_hours"),
    Stage.UNDERWAY: Owner("carrier", "deliver_days"),
    Stage.RETURNING: Owner("care", "return_days"),
    Stage.TROUBLE: Owner("care", "pick_hours"),
}


_UNITS_MS = {"minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
_PROMISES = {stage: (owner.promise, _UNITS_MS[owner.promise.rsplit("_", 1)[1]]) for stage, owner in OWNERS.items()}
HOLD = "hold"


class Standing(Struct, omit_defaults=True):
    """Everything the facts add up to. `seq` numbers the facts of the order; `since` is when the stage was reached.

    `deadlines` are the moments by which the hold, each open case and each open question must be decided, in
    milliseconds, by "hold" and by the ids of the others. `change` is a change that waits for its payment, `release_ms`
    when the order goes to its locations, `hold_keys` under which names its stock is held, if not under its own.
    """

    units: Units
    balance: Balance
    seq: int = 0
    confirmed: bool = False
    held: str = ""
    ended: str = ""
    trouble: list[str] = []
    labeled: int = 0
    stage: Stage = Stage.PAYING
    since_ms: int = 0
    deadlines: dict[str, int] = {}
    change: str = ""
    release_ms: int = 0
    hold_keys: tuple[str, ...] = ()


def start(order: Order) -> Standing:
    """The standing of an order of which nothing is told yet."""
    return Standing(goods.start(order), Balance(order.placed_minor))


def holds_of(order_id: OrderId, standing: Standing) -> tuple[str, ...]:
    """Under which names the stock of an order that is not confirmed yet is held."""
    return standing.hold_keys or (order_id,)


def is_changeable(standing: Standing, at: datetime) -> bool:
    """Whether the customer may still think again: the order is held, or is not yet given to its locations."""
    units = standing.units
    if standing.ended or standing.trouble or not (standing.held or standing.confirmed) or not units.kept():
        return False
    given_out = units.parcels or any(promise.released or promise.picked for promise in units.promises.values())
    return not standing.confirmed or (to_ms(at) < standing.release_ms and not given_out)


def changeable_until(standing: Standing) -> datetime | None:
    """When the order can no longer be changed; None while that is not known because it is held."""
    return from_ms(standing.release_ms) if standing.confirmed else None


def apply(standing: Standing, fact: f.Fact, seq: int) -> None:
    """Fold one fact in. The standing is the caller's own copy and is changed in place."""
    goods.apply(standing.units, fact)
    money.apply(standing.balance, fact)
    _note(standing, fact)
    if _may_move(standing, fact):
        stage = stage_of(standing)
        if stage is not standing.stage or not standing.since_ms:
            standing.stage, standing.since_ms = stage, to_ms(fact.at)
    standing.seq = seq


def _may_move(standing: Standing, fact: f.Fact) -> bool:
    """Whether a fact can move an order to another stage: once confirmed, only goods and trouble do."""
    return (
        not standing.confirmed
        or goods.concerns(fact)
        or isinstance(fact, f.LabelRefused | f.MoneyCallFailed | f.CaseClosed)
    )


def broken(standing: Standing, *, goods_moved: bool = True) -> list[str]:
    """Every law that does not hold, as sentences; those of units only when units can have changed."""
    said = money.broken(standing.balance)
    if goods_moved:
        said += goods.broken(standing.units)
    balance = standing.balance
    if standing.confirmed and balance.authorized < balance.owed:
        said.append(f"confirmed with {balance.authorized} authorized of {balance.owed}")
    return said


def due_ms(standing: Standing, plan: Plan) -> int:
    """By when an order should have moved on, in milliseconds: what its plan promises for the stage, or an earlier
    deadline of a hold, a case or a question. 0 when it has ended.
    """
    promise = _PROMISES.get(standing.stage)
    if promise is None:
        return 0
    due: int = standing.since_ms + getattr(plan.promises, promise[0]) * promise[1]
    return min(due, *standing.deadlines.values()) if standing.deadlines else due


def stage_of(standing: Standing) -> Stage:
    """The one stage that says most about an order, from its counts and its money."""
    if standing.ended:
        return Stage(standing.ended)
    if standing.trouble:
        return Stage.TROUBLE
    if not standing.confirmed:
        return _before_confirmation(standing)
    return _after_confirmation(standing.units)


def _before_confirmation(standing: Standing) -> Stage:
    if standing.held:
        return Stage.HELD
    by_payment = {
        "pending": Stage.PAYING,
        "action_required": Stage.BUYER_ACTION,
        "declined": Stage.DECLINED,
        "authorized": Stage.ACCEPTING,
    }
    return by_payment.get(standing.balance.state, Stage.ACCEPTING)


def _after_confirmation(units: Units) -> Stage:
    all_ = units.totals()
    kept = all_.ordered - all_.canceled
    if kept == 0:
        return Stage.CANCELED
    if all_.return_requested > all_.restocked + all_.written_off + all_.sent_back:
        return Stage.RETURNING
    if all_.delivered + all_.lost == kept:
        ended = Stage.DELIVERED if all_.delivered else Stage.LOST
        return Stage.RETURNED if goods.all_gone_back(units) else ended
    wholly = ((all_.shipped, Stage.UNDERWAY), (all_.packed, Stage.SHIPPING), (all_.picked, Stage.PACKING))
    released = any(promise.released for promise in units.promises.values())
    return next((stage for count, stage in wholly if count == kept), Stage.PICKING if released else Stage.CONFIRMED)


def _note(standing: Standing, fact: f.Fact) -> None:
    noted = _NOTED.get(type(fact))
    if noted:
        noted(standing, fact)


def _confirmed(standing: Standing, fact: f.OrderConfirmed) -> None:
    standing.confirmed = True
    standing.release_ms, standing.hold_keys = to_ms(fact.release_at), ()
    _end_hold(standing)


def _change_requested(standing: Standing, fact: f.OrderChangeRequested) -> None:
    standing.change = fact.change_id


def _change_canceled(standing: Standing, _fact: f.OrderChangeCanceled) -> None:
    standing.change = ""


def _changed(standing: Standing, fact: f.OrderChanged) -> None:
    standing.change, standing.hold_keys = "", fact.hold_keys


def _held(standing: Standing, fact: f.OrderHeld) -> None:
    standing.held, standing.deadlines[HOLD] = fact.reason, to_ms(fact.until)


def _end_hold(standing: Standing, _fact: f.HoldReleased | None = None) -> None:
    standing.held = ""
    standing.deadlines.pop(HOLD, None)


def _rejected(standing: Standing, _fact: f.OrderRejected) -> None:
    standing.ended = Stage.REJECTED
    _end_hold(standing)


def _lapsed(standing: Standing, _fact: f.OrderLapsed) -> None:
    standing.ended = Stage.LAPSED


def _labeled(standing: Standing, _fact: f.LabelBought) -> None:
    standing.labeled += 1


def _parcel_trouble(standing: Standing, fact: f.LabelRefused | f.ParcelLost) -> None:
    standing.trouble = [*standing.trouble, f"{fact.parcel_id}: {fact.reason}"]


def _money_trouble(standing: Standing, fact: f.MoneyCallFailed) -> None:
    standing.trouble = [*standing.trouble, f"{fact.call_key}: {fact.reason}"]


def _case_opened(standing: Standing, fact: f.CaseOpened) -> None:
    standing.deadlines[fact.case_id] = to_ms(fact.deadline)


def _case_closed(standing: Standing, fact: f.CaseClosed) -> None:
    standing.deadlines.pop(fact.case_id, None)
    standing.trouble = [said for said in standing.trouble if not said.startswith(f"{fact.subject}: ")]


def _asked(standing: Standing, fact: f.QuestionAsked) -> None:
    standing.deadlines[fact.question_id] = to_ms(fact.deadline)


def _answered(standing: Standing, fact: f.QuestionAnswered) -> None:
    standing.deadlines.pop(fact.question_id, None)


_NOTED: Mapping[type[f.Fact], Callable[[Standing, Any], None]] = {
    f.OrderConfirmed: _confirmed,
    f.OrderChangeRequested: _change_requested,
    f.OrderChangeCanceled: _change_canceled,
    f.OrderChanged: _changed,
    f.OrderHeld: _held,
    f.HoldReleased: _end_hold,
    f.OrderRejected: _rejected,
    f.OrderLapsed: _lapsed,
    f.LabelBought: _labeled,
    f.LabelRefused: _parcel_trouble,
    f.ParcelLost: _parcel_trouble,
    f.MoneyCallFailed: _money_trouble,
    f.CaseOpened: _case_opened,
    f.CaseClosed: _case_closed,
    f.QuestionAsked: _asked,
    f.QuestionAnswered: _answered,
}
