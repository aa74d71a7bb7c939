"""Keeps messages for reading instead of sending them: for a demo, for tests, and before a store has its mail server."""

from pathlib import Path

from doorstep.plug.notification import Message, SendOutcome, SendVerdict
from doorstep.providers.headers import why_unsafe
from doorstep.providers.journal import Journal


class KeptMessages:
    """A notification provider that keeps every message, in memory or in a journal, once for each key."""

    name = "kept"
    can_deduplicate = True

    def __init__(self, journal: Path | None = None) -> None:
        self._messages: dict[str, Message] = {}
        self._orders: dict[str, list[Message]] = {}
        self._journal = Journal(Message, self._apply, journal)

    async def send(self, message: Message) -> SendOutcome:
        """Keep a message. A second one of the same key is dropped; the first one stands."""
        if reason := why_unsafe(message):
            return SendOutcome(verdict=SendVerdict.REFUSED, reason=reason)
        with self._journal:
            if message.key not in self._messages:
                self._journal.append(message)
        return SendOutcome(verdict=SendVerdict.SENT, reference=message.key)

    def messages(self, order_number: str | None = None) -> tuple[Message, ...]:
        """What was kept, oldest first: everything, or what was said about one order."""
        with self._journal:
            kept = self._messages.values() if order_number is None else self._orders.get(order_number, ())
            return tuple(kept)

    async def close(self) -> None:
        """Give the journal's file back."""
        self._journal.close()

    def _apply(self, message: Message) -> None:
        self._messages[message.key] = message
        self._orders.setdefault(message.order_number, []).append(message)
