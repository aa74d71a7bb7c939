"""How an order stands: the fold of all its facts, and the headline that lists and the board are made from."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from doorstep.journey import balance as money
from doorstep.journey import facts as f
from doorstep.journey import units as goods
from doorstep.journey.balance import Balance
from doorstep.journey.order import Order
from doorstep.journey.units import Units
from doorstep.kernel.clock import to_ms


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


class Standing(Struct):
    """Everything the facts add up to. `seq` numbers the facts of the order; `since` is when the stage was reached."""

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


def start(order: Order) -> Standing:
    """The standing of an order of which nothing is told yet."""
    return Standing(goods.start(order), Balance(order.total_minor))


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
    if standing.confirmed and balance.authorized < balance.total:
        said.append(f"confirmed with {balance.authorized} authorized of {balance.total}")
    return said


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
    match fact:
        case f.OrderConfirmed():
            standing.confirmed, standing.held = True, ""
        case f.OrderHeld(reason=reason):
            standing.held = reason
        case f.HoldReleased():
            standing.held = ""
        case f.OrderRejected():
            standing.ended, standing.held = Stage.REJECTED, ""
        case f.OrderLapsed():
            standing.ended = Stage.LAPSED
        case f.LabelBought():
            standing.labeled += 1
        case f.LabelRefused(parcel_id=parcel, reason=reason) | f.ParcelLost(parcel_id=parcel, reason=reason):
            standing.trouble = [*standing.trouble, f"{parcel}: {reason}"]
        case f.MoneyCallFailed(call_key=key, reason=reason):
            standing.trouble = [*standing.trouble, f"{key}: {reason}"]
        case f.CaseClosed(subject=subject):
            standing.trouble = [said for said in standing.trouble if not said.startswith(f"{subject}: ")]
        case _:
            return
