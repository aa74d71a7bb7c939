"""The law of money: a fold over facts that keeps what was promised, taken and given back, in minor units.

refunded ≤ granted ≤ captured ≤ authorized − voided,  and  granted for a return ≤ the value of what was accepted
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from doorstep.journey import facts as f

STATES = (
    *("pending", "action_required", "declined", "authorized", "captured"),
    *("partially_refunded", "refunded", "voided"),
)
"""Every state that the money of an order can be in."""


class Balance(Struct, array_like=True):
    """An order's money. `payment_id` is the payment whose authorization stands, empty when there is none."""

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

    @property
    def refundable(self) -> int:
        """Taken and not yet granted back."""
        return self.captured - self.granted

    @property
    def being_captured(self) -> int:
        """Asked of the provider and not yet taken."""
        return self.asked - self.captured


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
    if balance.shipped_value > balance.total:
        said.append(f"shipped goods worth {balance.shipped_value} of an order worth {balance.total}")
    return said


def _authorized(balance: Balance, fact: f.PaymentAuthorized) -> None:
    balance.payment_id = fact.payment_id
    balance.authorized += fact.amount
    balance.state = "authorized"


def _declined(balance: Balance, _fact: f.PaymentDeclined) -> None:
    balance.state = "declined"


def _retried(balance: Balance, _fact: f.PaymentRetried) -> None:
    balance.state = "pending"
    balance.attempts += 1


def _action_required(balance: Balance, _fact: f.PaymentActionRequired) -> None:
    balance.state = "action_required"


def _voided(balance: Balance, fact: f.PaymentVoided) -> None:
    balance.voided += fact.amount
    balance.state = "voided"


def _captured(balance: Balance, fact: f.PaymentCaptured) -> None:
    balance.captured += fact.amount
    balance.state = "captured"


def _granted(balance: Balance, fact: f.RefundGranted) -> None:
    balance.granted += fact.amount
    balance.granted_goods += fact.goods


def _owed_back(balance: Balance, fact: f.UnitsCanceled | f.UnitsInspected | f.QuestionAnswered) -> None:
    balance.owed_back += fact.value


def _refunded(balance: Balance, fact: f.PaymentRefunded) -> None:
    balance.refunded += fact.amount
    balance.state = "refunded" if balance.refunded == balance.captured else "partially_refunded"


def _shipped(balance: Balance, fact: f.ParcelHandedOver) -> None:
    balance.shipped_value += fact.value
    balance.asked += fact.capture


def _confirmed(balance: Balance, fact: f.OrderConfirmed) -> None:
    balance.asked += fact.capture


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
    f.OrderConfirmed: _confirmed,
    f.ParcelHandedOver: _shipped,
    f.MoneyCallFailed: _failed,
    f.UnitsCanceled: _owed_back,
    f.UnitsInspected: _owed_back,
    f.QuestionAnswered: _owed_back,
}
