"""The law of money: a fold over facts that keeps what was promised, taken and given back, in minor units.

refunded ≤ granted ≤ captured ≤ authorized − voided,  and  granted for a return ≤ the value of what was accepted

An order has one payment, and a further one for each change that cost more. The law holds for each and for all.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from doorstep.journey import facts as f
from doorstep.plan.records import Plan

STATES = (
    *("pending", "action_required", "declined", "authorized", "captured"),
    *("partially_refunded", "refunded", "voided"),
)
"""Every state that the money of an order can be in."""


class Purse(Struct, array_like=True):
    """The money of one payment. A further one was opened for the change `change_id`."""

    change_id: str = ""
    authorized: int = 0
    voided: int = 0
    asked: int = 0
    captured: int = 0
    granted: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        """Authorized and not given back."""
        return self.authorized - self.voided


class Balance(Struct, array_like=True):
    """An order's money. `payment_id` is the payment whose authorization stands, empty when there is none.

    The sums are over all payments; `further` has those of the ones that were opened for changes, the oldest first.
    """

    total: int
    payment_id: str = ""
    authorized: int = 0
    voided: int = 0
    captured: int = 0
    granted: int = 0
    granted_goods: int = 0
    owed_back: int = 0
    refunded: int = 0
    asked: int = 0
    shipped_value: int = 0
    state: str = "pending"
    attempts: int = 1
    failed_calls: int = 0
    further: dict[str, Purse] = {}
    canceled: int = 0

    @property
    def owed(self) -> int:
        """What all that is kept comes to."""
        return self.total - self.canceled

    @property
    def purses(self) -> dict[str, Purse]:
        """Each payment by itself, the oldest first: the order's own is what the further ones leave of the sums."""
        own = [getattr(self, name) - sum(getattr(one, name) for one in self.further.values()) for name in _SUMMED]
        return {self.payment_id: Purse("", *own), **self.further}

    @property
    def funds(self) -> int:
        """What is there for the order: what was asked for and is not owed back, or before that what is guaranteed."""
        return self.asked - self.owed_back if self.asked else self.authorized - self.voided

    def shares(self, amount: int) -> tuple[f.Share, ...]:
        """From which payments an amount is taken, the oldest first; empty when all of it is from the order's own."""
        return self._spread(amount, {name: one.left - one.asked for name, one in self.purses.items()})

    def shares_back(self, amount: int, granted: int = 0) -> tuple[f.Share, ...]:
        """To which payments an amount goes back, the oldest first; `granted` was granted at this moment already."""
        room = {name: one.captured - one.granted for name, one in self.purses.items()}
        for name in room:
            gone = min(granted, room[name])
            room[name], granted = room[name] - gone, granted - gone
        return self._spread(amount, room) or ((self.payment_id, amount),)

    def _spread(self, amount: int, room: Mapping[str, int]) -> tuple[f.Share, ...]:
        if not self.further:
            return ()
        shares, left = [], amount
        for name, most in room.items():
            if part := min(left, max(0, most)):
                shares.append((name, part))
                left -= part
        return tuple(shares) if not left else ()

    @property
    def refundable(self) -> int:
        """Taken and not yet granted back."""
        return self.captured - self.granted

    @property
    def being_captured(self) -> int:
        """Asked of the provider and not yet taken."""
        return self.asked - self.captured


_SUMMED = Purse.__struct_fields__[1:]


def apply(balance: Balance, fact: f.Fact) -> None:
    """Book one fact. `balance` is the caller's own copy and is changed in place."""
    effect = _EFFECTS.get(type(fact))
    if effect:
        effect(balance, fact)


def broken(balance: Balance) -> list[str]:
    """The laws that do not hold, as sentences; empty when all is well."""
    chain = (
        ("refunded", balance.refunded),
        ("granted", balance.granted),
        ("captured", balance.captured),
        ("authorized and not voided", balance.authorized - balance.voided),
    )
    said = [f"{small} {a} but {large} {b}" for (small, a), (large, b) in pairwise(chain) if not 0 <= a <= b]
    if balance.granted_goods > balance.owed_back:
        said.append(f"granted {balance.granted_goods} for goods but only {balance.owed_back} is owed back")
    if balance.further:
        said += [sentence for name, purse in balance.purses.items() for sentence in _broken(name, purse)]
    if balance.shipped_value > balance.total:
        said.append(f"shipped goods worth {balance.shipped_value} of an order worth {balance.total}")
    return said


def review_reason(total_minor: int, plan: Plan) -> str:
    """Why a person should look at an order of this total; empty when nobody need."""
    limit = plan.payment.review_over
    return "the total is over the review limit" if limit is not None and total_minor > limit else ""


def _broken(name: str, purse: Purse) -> list[str]:
    chain = (
        ("refunded", purse.refunded),
        ("granted", purse.granted),
        ("captured", purse.captured),
        ("authorized and not voided", purse.left),
    )
    return [f"{name}: {small} {a} but {large} {b}" for (small, a), (large, b) in pairwise(chain) if not 0 <= a <= b]


def _authorized(balance: Balance, fact: f.PaymentAuthorized) -> None:
    balance.authorized += fact.amount
    if further := balance.further.get(fact.payment_id):
        further.authorized += fact.amount
        return
    balance.payment_id = fact.payment_id
    balance.state = "authorized"


def _declined(balance: Balance, fact: f.PaymentDeclined) -> None:
    if fact.payment_id not in balance.further:
        balance.state = "declined"


def _retried(balance: Balance, _fact: f.PaymentRetried) -> None:
    balance.state = "pending"
    balance.attempts += 1


def _action_required(balance: Balance, fact: f.PaymentActionRequired) -> None:
    if fact.payment_id not in balance.further:
        balance.state = "action_required"


def _voided(balance: Balance, fact: f.PaymentVoided) -> None:
    balance.voided += fact.amount
    if further := balance.further.get(fact.payment_id):
        further.voided += fact.amount
    else:
        balance.state = "voided"


def _captured(balance: Balance, fact: f.PaymentCaptured) -> None:
    balance.captured += fact.amount
    balance.state = "captured"
    if further := balance.further.get(fact.payment_id):
        further.captured += fact.amount


def _granted(balance: Balance, fact: f.RefundGranted) -> None:
    balance.granted += fact.amount
    balance.granted_goods += fact.goods
    if further := balance.further.get(fact.payment_id):
        further.granted += fact.amount


def _owed_back(balance: Balance, fact: f.UnitsCanceled | f.UnitsInspected | f.QuestionAnswered) -> None:
    balance.owed_back += fact.value


def _canceled(balance: Balance, fact: f.UnitsCanceled) -> None:
    balance.canceled += fact.value
    _owed_back(balance, fact)


def _refunded(balance: Balance, fact: f.PaymentRefunded) -> None:
    balance.refunded += fact.amount
    balance.state = "refunded" if balance.refunded == balance.captured else "partially_refunded"
    if further := balance.further.get(fact.payment_id):
        further.refunded += fact.amount


def _shipped(balance: Balance, fact: f.ParcelHandedOver) -> None:
    balance.shipped_value += fact.value
    _asked(balance, fact)


def _asked(balance: Balance, fact: f.OrderConfirmed | f.ParcelHandedOver | f.OrderChanged) -> None:
    balance.asked += fact.capture
    for payment_id, part in fact.shares:
        if further := balance.further.get(payment_id):
            further.asked += part


def _change_requested(balance: Balance, fact: f.OrderChangeRequested) -> None:
    balance.further[fact.payment_id] = Purse(fact.change_id)


def _changed(balance: Balance, fact: f.OrderChanged) -> None:
    balance.total += fact.difference
    balance.owed_back += fact.value
    _asked(balance, fact)


def _failed(balance: Balance, _fact: f.MoneyCallFailed) -> None:
    balance.failed_calls += 1


_EFFECTS: Mapping[type[f.Fact], Callable[[Balance, Any], None]] = {
    f.PaymentAuthorized: _authorized,
    f.PaymentDeclined: _declined,
    f.PaymentRetried: _retried,
    f.PaymentActionRequired: _action_required,
    f.PaymentVoided: _voided,
    f.PaymentCaptured: _captured,
    f.RefundGranted: _granted,
    f.PaymentRefunded: _refunded,
    f.OrderConfirmed: _asked,
    f.ParcelHandedOver: _shipped,
    f.MoneyCallFailed: _failed,
    f.OrderChangeRequested: _change_requested,
    f.OrderChanged: _changed,
    f.UnitsCanceled: _canceled,
    f.UnitsInspected: _owed_back,
    f.QuestionAnswered: _owed_back,
}
