"""The contract of a notification provider: hand one message over for delivery to one recipient."""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """One message to one recipient. `key` names it for ever: a provider that can drops a second one of the same key."""

    key: str
    channel: str
    recipient: str
    subject: str
    text: str
    sender: str = ""
    order_number: str = ""


class SendVerdict(StrEnum):
    """How sending ended. `LATER`: certainly not sent, try again. `UNKNOWN`: perhaps sent, not sent again unasked."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


class SendOutcome(Struct, frozen=True, kw_only=True):
    """A provider's answer and, where it has one, its reference or its reason."""

    verdict: SendVerdict
    reference: str = ""
    reason: str = ""


class NotificationProvider(Protocol):
    """What a notification plug-in offers. `can_deduplicate`: the same key twice is certainly one message."""

    name: str
    can_deduplicate: bool

    async def send(self, message: Message) -> SendOutcome:
        """Hand a message over."""
        ...
