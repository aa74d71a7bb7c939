"""Payments and the calls that move money, their states, and what an answer of a provider means. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey import facts as f
from doorstep.journey.balance import Balance
from doorstep.journey.standing import Standing
from doorstep.journey.units import Units, all_gone_back
from doorstep.kernel.ids import OrderId
from doorstep.kernel.money import split_minor
from doorstep.kernel.states import StateTable
from doorstep.plug.payment import PaymentAct, PaymentOutcome, PaymentVerdict


class PaymentState(StrEnum):
    """The states of a payment: one attempt to have an order's money guaranteed."""

    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    AUTHORIZED = "authorized"
    DECLINED = "declined"


class CallState(StrEnum):
    """The states of a capture, refund or void."""

    PENDING = "pending"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_P = PaymentState
PAYMENT = StateTable(
    "Payment",
    start=_P.PROCESSING,
    ends=(_P.AUTHORIZED, _P.DECLINED),
    rows=(
        (_P.PROCESSING, "succeeded", _P.AUTHORIZED),
        (_P.PROCESSING, "declined", _P.DECLINED),
        (_P.PROCESSING, "action_required", _P.REQUIRES_ACTION),
        (_P.PROCESSING, "pending", _P.PROCESSING),
        (_P.PROCESSING, "unknown", _P.UNKNOWN),
        (_P.PROCESSING, "never_seen", _P.PROCESSING),
        (_P.REQUIRES_ACTION, "succeeded", _P.AUTHORIZED),
        (_P.REQUIRES_ACTION, "declined", _P.DECLINED),
        (_P.REQUIRES_ACTION, "action_required", _P.REQUIRES_ACTION),
        (_P.REQUIRES_ACTION, "pending", _P.PROCESSING),
        (_P.REQUIRES_ACTION, "unknown", _P.REQUIRES_ACTION),
        (_P.UNKNOWN, "succeeded", _P.AUTHORIZED),
        (_P.UNKNOWN, "declined", _P.DECLINED),
        (_P.UNKNOWN, "action_required", _P.REQUIRES_ACTION),
        (_P.UNKNOWN, "pending", _P.PROCESSING),
        (_P.UNKNOWN, "unknown", _P.UNKNOWN),
        (_P.UNKNOWN, "never_seen", _P.PROCESSING),
    ),
)

_C = CallState
MONEY_CALL = StateTable(
    "Capture, refund or void",
    start=_C.PENDING,
    ends=(_C.SUCCEEDED, _C.FAILED),
    rows=(
        (_C.PENDING, "succeeded", _C.SUCCEEDED),
        (_C.PENDING, "declined", _C.FAILED),
        (_C.PENDING, "pending", _C.PENDING),
        (_C.PENDING, "unknown", _C.UNKNOWN),
        (_C.PENDING, "never_seen", _C.PENDING),
        (_C.UNKNOWN, "succeeded", _C.SUCCEEDED),
        (_C.UNKNOWN, "declined", _C.FAILED),
        (_C.UNKNOWN, "pending", _C.PENDING),
        (_C.UNKNOWN, "unknown", _C.UNKNOWN),
        (_C.UNKNOWN, "never_seen", _C.PENDING),
    ),
)

ENQUIRIES_BEFORE_TROUBLE = 12


class Payment(Struct, frozen=True):
    """One payment. `reference` is the provider's name for the authorization."""

    id: str
    order_id: OrderId
    number: str
    state: PaymentState
    provider: str
    method: str
    token: str
    amount: int
    currency: str
    reference: str


class MoneyCall(Struct, frozen=True):
    """One capture, refund or void of a payment; `key` is its idempotency key for life."""

    key: str
    order_id: OrderId
    payment_id: str
    act: PaymentAct
    amount: int
    state: CallState
    reference: str
    reason: str


class AuthorizeSlip(Struct, frozen=True):
    """What a placed order, or a further attempt, says about its payment."""

    order_id: OrderId
    payment_id: str
    amount: int
    currency: str
    method: str
    token: str = ""


class CaptureSlip(Struct, frozen=True):
    """What a confirmation, a hand-over or a change says is to be taken now; the last two name their parcel or change.

    Where more than one payment is taken from, `shares` say what of each; the parts are captured one by one.
    """

    order_id: OrderId
    payment_id: str
    capture: int
    parcel_id: str = ""
    change_id: str = ""
    shares: tuple[f.Share, ...] = ()
    part: int = 1

    @property
    def cause(self) -> str:
        """What is paid for, and which part of it this is."""
        cause = self.parcel_id or self.change_id or self.order_id
        return cause if self.part == 1 else f"{cause}+{self.part}"

    def parts(self) -> "list[CaptureSlip]":
        """What is to be taken from each payment: one call each."""
        if not self.shares:
            return [self]
        return [
            replace(self, payment_id=payment_id, capture=amount, shares=(), part=part)
            for part, (payment_id, amount) in enumerate(self.shares, 1)
        ]


class RefundSlip(Struct, frozen=True):
    """What was granted."""

    order_id: OrderId
    payment_id: str
    grant_id: str
    amount: int


class VoidSlip(Struct, frozen=True):
    """An order that came to nothing, and the payment to be given back; none when nothing was authorized."""

    order_id: OrderId
    payment_id: str


class SettleSlip(Struct, frozen=True):
    """Units that were canceled, came back or were lost, and what they are worth."""

    order_id: OrderId
    payment_id: str
    value: int
    request_id: str = ""
    return_id: str = ""
    question_id: str = ""
    change_id: str = ""

    @property
    def cause(self) -> str:
        """What the refund is for."""
        return self.request_id or self.return_id or self.question_id or self.change_id

    @property
    def reason(self) -> str:
        """Why there is a refund, in a word."""
        if self.question_id:
            return "lost"
        if self.change_id:
            return "changed"
        return "canceled" if self.request_id else "returned"


class Enquiry(Struct, frozen=True):
    """Asks what became of a call. `tries` counts the enquiries so far, `until` ends the wait for the buyer.

    One that is `aside` was asked because of news, beside those that are due anyway; nothing follows from it but an end.
    """

    order_id: OrderId
    payment_id: str
    key: str
    act: PaymentAct
    amount: int
    tries: int = 0
    until: datetime | None = None
    aside: bool = False


class Answer(Struct, frozen=True):
    """A provider's answer, when it came, and what it answers."""

    asked: Enquiry
    at: datetime
    outcome: PaymentOutcome


class FollowUp(Struct, frozen=True):
    """The next enquiry and when it is due; `again`: the provider never saw the call, so it is made again instead."""

    enquiry: Enquiry
    due: datetime
    again: bool


def next_enquiry(answer: Answer, first_minutes: int, action_minutes: int) -> FollowUp:
    """What is asked next of a call that is not final. The wait doubles each time, up to a day."""
    asked = answer.asked
    until = asked.until
    if until is None and answer.outcome.verdict is PaymentVerdict.ACTION_REQUIRED:
        until = answer.at + timedelta(minutes=action_minutes)
    wait = min(timedelta(minutes=first_minutes * 2**asked.tries), timedelta(days=1))
    again = answer.outcome.verdict is PaymentVerdict.NEVER_SEEN
    return FollowUp(replace(asked, tries=asked.tries + 1, until=until), answer.at + wait, again)


def open_question(payment: Payment, call: MoneyCall | None) -> Enquiry | None:
    """What is asked at once of a money call, or of the authorization itself; None when its end is known."""
    if call:
        is_over = call.state in MONEY_CALL.ends
        asked = Enquiry(call.order_id, payment.id, call.key, call.act, call.amount, aside=True)
    else:
        is_over = payment.state in PAYMENT.ends
        asked = Enquiry(payment.order_id, payment.id, payment.id, PaymentAct.AUTHORIZE, payment.amount, aside=True)
    return None if is_over else asked


def in_time(answer: Answer, state: PaymentState) -> PaymentOutcome:
    """The answer, or a decline when the buyer did not act in the time given."""
    until = answer.asked.until
    waiting = answer.outcome.verdict is PaymentVerdict.ACTION_REQUIRED and state is PaymentState.REQUIRES_ACTION
    if waiting and until is not None and answer.at >= until:
        return PaymentOutcome(verdict=PaymentVerdict.DECLINED, reason="not completed by the buyer in time")
    return answer.outcome


def stuck(answer: Answer) -> list[f.Fact]:
    """A call that stays unknown for long is shown to a person, once; it is enquired about all the same."""
    if answer.asked.tries != ENQUIRIES_BEFORE_TROUBLE:
        return []
    return [
        f.MoneyCallFailed(
            order_id=answer.asked.order_id,
            at=answer.at,
            call_key=answer.asked.key,
            act=answer.asked.act.value,
            amount=answer.asked.amount,
            reason=f"still unknown after {ENQUIRIES_BEFORE_TROUBLE} enquiries",
        )
    ]


def authorization_fact(payment: Payment, answer: Answer, enquire_at: datetime, balance: Balance) -> f.Fact | None:
    """What an answer to an authorization tells; nothing while it is pending or unknown."""
    order_id, pay, at, outcome = payment.order_id, payment.id, answer.at, answer.outcome
    further = balance.further.get(pay)
    change = further.change_id if further else ""
    match outcome.verdict:
        case PaymentVerdict.SUCCEEDED:
            return f.PaymentAuthorized(
                order_id=order_id, at=at, payment_id=pay, amount=payment.amount, change_id=change
            )
        case PaymentVerdict.DECLINED:
            why = outcome.reason or "declined"
            return f.PaymentDeclined(order_id=order_id, at=at, payment_id=pay, reason=why, change_id=change)
        case PaymentVerdict.ACTION_REQUIRED:
            url = outcome.action_url
            return f.PaymentActionRequired(
                order_id=order_id, at=at, payment_id=pay, action_url=url, enquire_at=enquire_at
            )
        case _:
            return None


def is_useless(fact: f.Fact | None, standing: Standing) -> bool:
    """Whether a payment was authorized for a change that does not wait for it any more."""
    return isinstance(fact, f.PaymentAuthorized) and bool(fact.change_id) and fact.change_id != standing.change


def money_fact(call: MoneyCall, outcome: PaymentOutcome, at: datetime) -> f.Fact | None:
    """What an answer to a capture, refund or void tells; nothing while it is pending or unknown."""
    if outcome.verdict is PaymentVerdict.SUCCEEDED:
        return _moved(call, at)
    if outcome.verdict is PaymentVerdict.DECLINED:
        return f.MoneyCallFailed(
            order_id=call.order_id,
            at=at,
            call_key=call.key,
            act=call.act.value,
            amount=call.amount,
            reason=outcome.reason or "refused",
        )
    return None


def _moved(call: MoneyCall, at: datetime) -> f.Fact:
    if call.act is PaymentAct.VOID:
        return f.PaymentVoided(order_id=call.order_id, at=at, payment_id=call.payment_id, amount=call.amount)
    kind = f.PaymentCaptured if call.act is PaymentAct.CAPTURE else f.PaymentRefunded
    return kind(order_id=call.order_id, at=at, call_key=call.key, payment_id=call.payment_id, amount=call.amount)


def grants(
    slip: SettleSlip, at: datetime, standing: Standing, delivery_minor: int, before: Sequence[f.Fact]
) -> list[f.RefundGranted]:
    """The refund for canceled or returned units: what they cost, delivery too when nothing is kept, and no more than
    was taken and not yet granted (`before` are grants of the same moment). One for each payment that it goes back to;
    none when there is nothing to pay back.
    """
    units, balance = standing.units, standing.balance
    whole = not units.open() and (units.total("shipped") == 0 or all_gone_back(units))
    earlier = sum(
        fact.amount for fact in before if isinstance(fact, f.RefundGranted) and fact.order_id == slip.order_id
    )
    goods = min(slip.value, balance.refundable - earlier)
    delivery = min(delivery_minor, balance.refundable - earlier - goods) if whole else 0
    if goods + delivery <= 0:
        return []
    shares = balance.shares_back(goods + delivery, earlier)
    goods_of = split_minor(goods, [amount for _, amount in shares])
    return [
        f.RefundGranted(
            order_id=slip.order_id,
            at=at,
            grant_id=slip.cause if part == 1 else f"{slip.cause}+{part}",
            payment_id=payment_id,
            amount=amount,
            goods=goods_part,
            reason=slip.reason,
        )
        for part, ((payment_id, amount), goods_part) in enumerate(zip(shares, goods_of, strict=True), 1)
    ]


def is_void_due(balance: Balance, units: Units) -> bool:
    """Whether an authorization is no longer needed: every unit was canceled and nothing was taken."""
    nothing_left = units.total("canceled") == units.total("ordered")
    return nothing_left and balance.asked == 0 and balance.authorized > balance.voided
