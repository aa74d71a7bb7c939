"""Why it was decided so: each decision of an order, the numbers it rests on, and the setting of its plan behind it.

What is said is a code with parameters; `WHY_TEXTS` has the English for each. Amounts are minor units of the order and
times are as they are in the facts: whoever shows them writes them for its reader. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.journey.order import Order, total_of
from doorstep.plan.records import CaptureWhen, Plan

Value: TypeAlias = str | int | datetime


class Why(Struct, frozen=True):
    """A reason. `setting` is the key in plan.toml that would have changed it and `value` what it says; both are empty
    where no setting would.
    """

    code: str
    params: tuple[tuple[str, Value], ...] = ()
    setting: str = ""
    value: str = ""


WHY_TEXTS: Mapping[str, str] = {
    "held": "Held because {reason}. Somebody decides until {until}; then it is rejected.",
    "held_over_limit": "Held because its total of {total} is over the review limit of {limit}, until {until}.",
    "hold_released": "{actor} let it go on.",
    "rejected": "Rejected: {reason}.",
    "rejected_unreviewed": "Rejected because nobody decided about the hold in time.",
    "lapsed": "Lapsed because it was not paid in time; its stock is free again.",
    "confirmed_whole": "Confirmed: {location} has everything, so it comes in one parcel.",
    "confirmed_split": "Confirmed from {locations}: no single location had everything; "
    "the fewest that have it together were taken, of at most {most} that the customer agreed to.",
    "released": "Given to {location} once the time to change the order was over.",
    "reallocated": "Promised from {locations} instead, because a picker did not find it.",
    "canceled_short": "{count} units canceled because no other location could send them.",
    "changed": "The customer could still change it: it was not given to the warehouse yet.",
    "change_waits": "It costs {amount} more, so it waits for that to be paid until {until}; the goods are kept.",
    "change_dropped": "The order stays as it was: {reason}.",
    "canceled": "{count} units canceled: {reason}.",
    "carrier": "{carrier} carries it, because the customer chose the service {service}.",
    "captured_at_confirmation": "The money is taken when the order is confirmed.",
    "captured_at_hand_over": "The money for a parcel is taken when the carrier has it.",
    "refund_goods": "{goods} is what the units cost the customer ({reason}).",
    "refund_with_delivery": "{goods} is what the units cost the customer ({reason}), and {delivery} for the delivery, "
    "because nothing of the order was kept.",
    "refund_goodwill": "{amount} was granted beyond what is owed ({reason}).",
    "question": "The customer is asked until {until}; without an answer it is: {default}.",
    "question_defaulted": "Nobody answered in time, so the default holds: {answer}.",
    "question_answered": "The customer chose: {answer}.",
    "case": "A person looks at it by {until}: {reason}.",
    "return_unreviewed": "Approved at once, because the plan asks nobody.",
    "return_reviewed": "Approved by a person.",
}
"""What each code says in English; `{…}` are the parameters."""


class Asked(Struct, frozen=True):
    """An order, all that happened to it and its plan: what a reason is found in."""

    order: Order
    facts: Sequence[f.Fact]
    plan: Plan


def whys(order: Order, facts: Sequence[f.Fact], plan: Plan) -> list[tuple[f.Fact, tuple[Why, ...]]]:
    """Each fact that was a decision, in the order in which it happened, with why it was decided so."""
    case = Asked(order, facts, plan)
    found = ((fact, tuple(_WHY[type(fact)](fact, case))) for fact in facts if type(fact) in _WHY)
    return [(fact, reasons) for fact, reasons in found if reasons]


def english(why: Why) -> str:
    """What a reason says in English, its parameters as they are."""
    return WHY_TEXTS[why.code].format(**dict(why.params))


def _why(code: str, setting: str = "", value: object = "", **params: Value) -> Why:
    return Why(code, tuple(params.items()), setting, str(value))


def _held(fact: f.OrderHeld, case: Asked) -> list[Why]:
    until, limit = fact.until, case.plan.payment.review_over
    if limit is not None and case.order.total_minor > limit:
        total, key = case.order.total_minor, "payment.review_over"
        return [_why("held_over_limit", key, limit, total=total, limit=limit, until=until)]
    minutes = case.plan.confirmation.hold_minutes
    return [_why("held", "confirmation.hold_minutes", minutes, reason=fact.reason, until=until)]


def _released(fact: f.HoldReleased, _case: Asked) -> list[Why]:
    return [_why("hold_released", actor=fact.actor)]


def _rejected(fact: f.OrderRejected, case: Asked) -> list[Why]:
    if fact.reason == "not reviewed in time":
        minutes = case.plan.confirmation.hold_minutes
        return [_why("rejected_unreviewed", "confirmation.hold_minutes", minutes)]
    return [_why("rejected", reason=fact.reason)]


def _lapsed(_fact: f.OrderLapsed, case: Asked) -> list[Why]:
    return [_why("lapsed", "stock.hold_minutes", case.plan.stock.hold_minutes)]


def _confirmed(fact: f.OrderConfirmed, case: Asked) -> list[Why]:
    places = [promise.location for promise in fact.promises]
    if len(places) == 1:
        found = [_why("confirmed_whole", location=places[0])]
    else:
        most, allowed = case.order.deliveries_max, case.plan.placement.deliveries_max
        found = [_why("confirmed_split", "placement.deliveries_max", allowed, locations=", ".join(places), most=most)]
    return [*found, *([_capture(case)] if fact.capture else [])]


def _given_out(fact: f.FulfillmentReleased, case: Asked) -> list[Why]:
    minutes = case.plan.placement.edit_window_minutes
    return [_why("released", "placement.edit_window_minutes", minutes, location=fact.location)]


def _reallocated(fact: f.UnitsReallocated, case: Asked) -> list[Why]:
    places = ", ".join(promise.location for promise in fact.promises)
    return [_why("reallocated", "fulfillment.when_short", case.plan.fulfillment.when_short.value, locations=places)]


def _canceled(fact: f.UnitsCanceled, case: Asked) -> list[Why]:
    count = total_of(fact.units)
    if any(isinstance(one, f.UnitsShort) and one.pick_id == fact.request_id for one in case.facts):
        return [_why("canceled_short", "fulfillment.when_short", case.plan.fulfillment.when_short.value, count=count)]
    return [_why("canceled", count=count, reason=fact.reason)]


def _changed(_fact: f.OrderChanged, case: Asked) -> list[Why]:
    return [_why("changed", "placement.edit_window_minutes", case.plan.placement.edit_window_minutes)]


def _change_waits(fact: f.OrderChangeRequested, case: Asked) -> list[Why]:
    minutes = case.plan.payment.action_expires_minutes
    return [_why("change_waits", "payment.action_expires_minutes", minutes, amount=fact.amount, until=fact.until)]


def _change_dropped(fact: f.OrderChangeCanceled, _case: Asked) -> list[Why]:
    return [_why("change_dropped", reason=fact.reason)]


def _label(_fact: f.LabelBought, case: Asked) -> list[Why]:
    service = case.plan.service(case.order.service)
    if service is None:
        return []
    key = f"shipping.services.{service.id}.carrier"
    return [_why("carrier", key, service.carrier, carrier=service.carrier, service=service.name)]


def _handed_over(fact: f.ParcelHandedOver, case: Asked) -> list[Why]:
    return [_capture(case)] if fact.capture else []


def _capture(case: Asked) -> Why:
    when = case.plan.payment.capture
    code = "captured_at_confirmation" if when is CaptureWhen.CONFIRMATION else "captured_at_hand_over"
    return _why(code, "payment.capture", when.value)


def _granted(fact: f.RefundGranted, _case: Asked) -> list[Why]:
    more = fact.amount - fact.goods
    if not fact.goods:
        return [_why("refund_goodwill", amount=fact.amount, reason=fact.reason)]
    if more:
        return [_why("refund_with_delivery", goods=fact.goods, delivery=more, reason=fact.reason)]
    return [_why("refund_goods", goods=fact.goods, reason=fact.reason)]


def _asked(fact: f.QuestionAsked, case: Asked) -> list[Why]:
    days = case.plan.promises.answer_days
    return [_why("question", "promises.answer_days", days, until=fact.deadline, default=fact.default)]


def _answered(fact: f.QuestionAnswered, case: Asked) -> list[Why]:
    if fact.by == "default":
        return [_why("question_defaulted", "promises.answer_days", case.plan.promises.answer_days, answer=fact.answer)]
    return [_why("question_answered", answer=fact.answer)]


def _case(fact: f.CaseOpened, case: Asked) -> list[Why]:
    hours = case.plan.promises.case_hours
    return [_why("case", "promises.case_hours", hours, until=fact.deadline, reason=fact.reason)]


def _authorized(fact: f.ReturnAuthorized, case: Asked) -> list[Why]:
    asked = [one for one in case.facts if isinstance(one, f.ReturnRequested) and one.return_id == fact.return_id]
    key, at_once = "returns.approve_without_person", case.plan.returns.approve_without_person
    code = "return_unreviewed" if at_once and asked and asked[0].at == fact.at else "return_reviewed"
    return [_why(code, key, str(at_once).lower())]


_WHY: Mapping[type[f.Fact], Callable[[Any, Asked], list[Why]]] = {
    f.OrderHeld: _held,
    f.HoldReleased: _released,
    f.OrderRejected: _rejected,
    f.OrderLapsed: _lapsed,
    f.OrderConfirmed: _confirmed,
    f.FulfillmentReleased: _given_out,
    f.UnitsReallocated: _reallocated,
    f.UnitsCanceled: _canceled,
    f.OrderChangeRequested: _change_waits,
    f.OrderChanged: _changed,
    f.OrderChangeCanceled: _change_dropped,
    f.LabelBought: _label,
    f.ParcelHandedOver: _handed_over,
    f.RefundGranted: _granted,
    f.QuestionAsked: _asked,
    f.QuestionAnswered: _answered,
    f.CaseOpened: _case,
    f.ReturnAuthorized: _authorized,
}
