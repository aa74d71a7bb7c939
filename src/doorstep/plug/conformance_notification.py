"""The checks for notification providers."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.ids import new_id
from doorstep.plug.conformance_verdict import demand, demand_name
from doorstep.plug.notification import Message, NotificationProvider, SendVerdict


class NotificationTrial(Struct, frozen=True):
    """How to try a notification provider: `make` gives one.

    `arrived`, where there is a way to know, counts the messages that reached the other end so far, from all providers
    that were made here.
    """

    make: Callable[[], NotificationProvider]
    recipient: str = "someone@example.com"
    channel: str = "email"
    arrived: Callable[[], int] | None = None


NotificationCheck = Callable[[NotificationTrial], Awaitable[None]]


async def notification_conformance(trial: NotificationTrial) -> None:
    """Run every check."""
    for check in NOTIFICATION_CHECKS:
        await check(trial)


async def names_itself(trial: NotificationTrial) -> None:
    """A plan can name the provider, and it says whether it drops a second message of the same key."""
    provider = trial.make()
    demand_name(provider.name)
    demand(
        isinstance(provider.can_deduplicate, bool), "can_deduplicate must be true or false", provider.can_deduplicate
    )


async def sends(trial: NotificationTrial) -> None:
    """A message is sent, and arrives once."""
    await _demand_sent(trial, _message(trial), copies=1)


async def sends_every_script(trial: NotificationTrial) -> None:
    """Names and texts are not all in English."""
    message = replace(_message(trial), subject="Ihre Größe · ご注文", text="Grüße, ¡hola!, 你好, مرحبا, 👟\n.\n..\n")
    await _demand_sent(trial, message, copies=1)


async def sends_a_long_text(trial: NotificationTrial) -> None:
    """A long order makes a long message."""
    message = replace(_message(trial), subject="An order of many things " * 8, text="One pair of shoes. " * 5000)
    await _demand_sent(trial, message, copies=1)


async def drops_a_second_copy(trial: NotificationTrial) -> None:
    """Who says that a key is one message keeps to it."""
    if trial.make().can_deduplicate:
        await _demand_sent(trial, _message(trial), copies=2)


async def refuses_added_header_fields(trial: NotificationTrial) -> None:
    """A line break in a subject or an address would let a customer write header fields; such a message is not sent."""
    message, provider, before = _message(trial), trial.make(), _arrived(trial)
    attacks = (
        replace(message, subject="Hello\r\nBcc: all@example.com"),
        replace(message, subject="Hello\nBcc: all@example.com"),
        replace(message, recipient=f"{trial.recipient}\r\nBcc: all@example.com"),
        replace(message, sender="Shop\r\nBcc: all@example.com"),
    )
    for attack in attacks:
        outcome = await provider.send(attack)
        demand(outcome.verdict is SendVerdict.REFUSED, "a line break in a header field must be refused", outcome)
    demand(_arrived(trial) == before, "a refused message must not arrive")


NOTIFICATION_CHECKS: tuple[NotificationCheck, ...] = (
    names_itself,
    sends,
    sends_every_script,
    sends_a_long_text,
    drops_a_second_copy,
    refuses_added_header_fields,
)


async def _demand_sent(trial: NotificationTrial, message: Message, copies: int) -> None:
    """Send a message as often as `copies` says; it must arrive once."""
    provider, before = trial.make(), _arrived(trial)
    for _ in range(copies):
        outcome = await provider.send(message)
        demand(outcome.verdict is SendVerdict.SENT, "a message must be sent", outcome)
    count = _arrived(trial) - before
    demand(trial.arrived is None or count == 1, "the message must arrive once, as often as it was sent", count)


def _arrived(trial: NotificationTrial) -> int:
    return trial.arrived() if trial.arrived else 0


def _message(trial: NotificationTrial) -> Message:
    return Message(
        key=new_id("key"),
        channel=trial.channel,
        recipient=trial.recipient,
        subject="Your order",
        text="Thank you for your order.",
        order_number="D-1",
    )
