"""What payment providers tell of their own accord: signed bytes in, a question to the provider out."""

from msgspec import Struct

from doorstep.kernel.errors import Missing
from doorstep.plug.payment import NotGenuine
from doorstep.storage.gate import Priority
from doorstep.web.endpoint import Ask
from doorstep.web.respond import HttpError

WEBHOOK_BYTES_MAX = 65_536


class Taken(Struct, frozen=True):
    """How many of the events were about calls that are still open; about each of these the provider is asked."""

    asked: int


async def hear(ask: Ask[bytes]) -> Taken:
    """Take what a provider tells. It is durable when this answers, and told again it changes nothing."""
    given, now = ask.given, ask.given.clock.now()
    provider = given.notified.get(ask.name)
    if provider is None:
        raise Missing("no_such_webhook", "No payment provider of this name tells anything here.")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in ask.headers.items()}
    try:
        news = provider.heard(ask.body, headers, now)
    except NotGenuine:
        raise not_genuine() from None
    async with given.database.begin(Priority.PAYMENT) as tx:
        return Taken(await given.payments.ask_about(tx, ask.name, news, now))


def not_genuine() -> HttpError:
    """The refusal of what is not signed, or not as agreed; which of these it is, is nobody's affair."""
    return HttpError(401, "not_genuine", "This is not from the payment provider, or not from now.")
