"""Sending notices: recorded before they go, judged when the provider has answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.errors import DoorstepError
from doorstep.messages import store
from doorstep.messages.model import (
    NO_LINK,
    WAITS_MINUTES,
    Notice,
    NoticeState,
    Stored,
    after,
    given_up,
    judge_again,
    may_send,
    message,
)
from doorstep.plug.loader import Providers
from doorstep.plug.notification import Message, SendOutcome, SendVerdict
from doorstep.storage.transaction import Tx


class SendCall(Struct, frozen=True):
    """A message and the provider that it goes to."""

    provider: str
    message: Message


class Wish(Struct, frozen=True):
    """A notice that is to be sent, when, and which try this is, counted from 0."""

    notice: Notice
    at: datetime
    this_try: int


class Messages:
    """Tells people, each thing at most once."""

    def __init__(self, providers: Providers, sender: str) -> None:
        self._providers = providers
        self._sender = sender

    async def open(self, tx: Tx, wishes: Sequence[Wish]) -> list[SendCall | None]:
        """Record notices as being sent. One that may have gone out already becomes unknown and is not sent again."""
        await store.insert(tx, [(wish.notice, wish.at) for wish in wishes])
        known = await store.load(tx, [wish.notice.key for wish in wishes])
        calls: list[SendCall | None] = []
        changed: list[Stored] = []
        for wish in wishes:
            stored = known[wish.notice.key]
            provider = self._providers.notification(stored.notice.provider)
            if may_send(stored, wish.this_try, can_deduplicate=provider.can_deduplicate):
                calls.append(SendCall(provider.name, message(stored.notice, self._sender)))
                changed.append(replace(stored, tries=wish.this_try + 1))
            else:
                calls.append(None)
                if stored.state is NoticeState.SENDING:
                    changed.append(after(stored, _UNSURE))
        await store.update(tx, changed)
        return calls

    async def send_again(self, tx: Tx, wanted: Sequence[tuple[str, str]]) -> list[Stored | DoorstepError]:
        """Have notices, given as (order, key), sent once more; answers each as it is then, or why it is not sent."""
        known = await store.load(tx, [key for _, key in wanted])
        answers = [judge_again(order_id, known.get(key)) for order_id, key in wanted]
        await store.update(tx, [answer for answer in answers if isinstance(answer, Stored)])
        return answers

    async def call(self, call: SendCall) -> SendOutcome:
        """Hand the message over, with nothing locked."""
        return await self._providers.notification(call.provider).send(call.message)

    @staticmethod
    def lost(call: SendCall) -> SendOutcome:
        """A message that ran out of time may have gone."""
        return SendOutcome(verdict=SendVerdict.UNKNOWN, reason=f"{call.provider} did not answer in time")

    async def settle(self, tx: Tx, ended: Sequence[tuple[str, SendOutcome]]) -> dict[str, timedelta]:
        """Judge the answers; returns, by key, how long to wait before trying again what was surely not sent."""
        known = await store.load(tx, [key for key, _ in ended])
        again: dict[str, timedelta] = {}
        for key, answer in ended:
            stored = known[key]
            outcome = given_up(stored.tries - 1, answer)
            known[key] = after(stored, outcome)
            if outcome.verdict is SendVerdict.LATER:
                again[key] = timedelta(minutes=WAITS_MINUTES[stored.tries - 1])
        await store.update(tx, known.values())
        return again


def with_link(call: SendCall | None, link: str) -> SendCall | None:
    """What is sent, with the link that is not kept."""
    if call is None:
        return None
    return replace(call, message=replace(call.message, text=call.message.text.replace(NO_LINK, link)))


_UNSURE = SendOutcome(verdict=SendVerdict.UNKNOWN, reason="the process ended while this was being sent")
