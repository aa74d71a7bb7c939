"""The contract of a payment provider: three acts (build, call, parse) behind one `call`.

Each call carries a key that is made once and kept for the life of the call. A provider that is asked twice with one key
answers as it did the first time and moves no money twice. `enquire` asks what became of an earlier call.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct


class PaymentAct(StrEnum):
    """What a provider can be asked to do."""

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    REFUND = "refund"
    VOID = "void"
    ENQUIRE = "enquire"


class PaymentCall(Struct, frozen=True, kw_only=True):
    """One request to a provider.

    `key` is the idempotency key; `amount_minor` is in minor units of `currency`. `token` stands for the means of
    payment (never a card number). `reference` is the provider's name for the authorization that is captured, refunded
    or voided. For an enquiry `key` is the key of the call asked about.
    """

    act: PaymentAct
    key: str
    order_number: str
    amount_minor: int
    currency: str
    token: str = ""
    reference: str = ""


class PaymentVerdict(StrEnum):
    """How a call ended. `UNKNOWN` is an outcome of its own: the money may or may not have moved."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    ACTION_REQUIRED = "action_required"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NEVER_SEEN = "never_seen"


class PaymentOutcome(Struct, frozen=True, kw_only=True):
    """A provider's answer: the verdict, its own reference, and for people a reason, or where the buyer must go."""

    verdict: PaymentVerdict
    reference: str = ""
    reason: str = ""
    action_url: str = ""


class PaymentProvider(Protocol):
    """What a payment plug-in offers. It raises nothing expected: a time-out is the outcome `UNKNOWN`."""

    name: str

    async def call(self, request: PaymentCall) -> PaymentOutcome:
        """Carry out one request, or say what became of it."""
        ...


class CallNews(Struct, frozen=True):
    """That something became of a call: the provider's own name of this event, and the key of the call."""

    event_id: str
    key: str


class NotGenuine(Exception):
    """What came is not from the provider, is not about now, or cannot be read."""


@runtime_checkable
class Notified(Protocol):
    """What a payment plug-in offers beside `call` when its provider tells of its own accord what became of calls.

    Nothing that is told is believed but that there is something to ask: the provider is then enquired.
    """

    def heard(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[CallNews]:
        """The events in a body as it came; header names are in small letters.

        Raises NotGenuine unless the provider signed these very bytes, at a time close to `at`.
        """
        ...
