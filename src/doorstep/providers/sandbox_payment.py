"""A bank to practice with: no money, no network, every trouble that a real one makes, by the token of the call.

`sandbox_tokens.SCRIPTS` is the table of tokens. The same key gets the same answer until an enquiry (or a completed
challenge) has told more; then it gets what was told.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from doorstep.kernel.errors import Missing
from doorstep.plug.payment import CallNews, PaymentAct, PaymentCall, PaymentOutcome, PaymentVerdict
from doorstep.providers.journal import Journal
from doorstep.providers.sandbox_bank import (
    Books,
    CallRecord,
    Movement,
    challenged,
    enquired,
    opened,
    reference_of,
    same_call,
)
from doorstep.providers.sandbox_tokens import APPROVE, Turn, script_for
from doorstep.providers.sandbox_webhooks import news_of

_NAMED = frozenset({PaymentVerdict.SUCCEEDED, PaymentVerdict.PENDING, PaymentVerdict.ACTION_REQUIRED})
_NEVER_SEEN = PaymentOutcome(verdict=PaymentVerdict.NEVER_SEEN)
_KEY_REUSED = PaymentOutcome(verdict=PaymentVerdict.DECLINED, reason="key reused")


class PaymentNotification(Struct, frozen=True):
    """What the bank says of its own accord: the outcome of a call."""

    key: str
    act: PaymentAct
    order_number: str
    outcome: PaymentOutcome


class SandboxPayments:
    """A payment provider for newcomers, tests and rehearsals.

    With a journal its books survive the process and can be shared by several. `challenge_url` is where the shopper of a
    `challenge` is sent, `{key}` being the key of the call. `webhook_secret` is what it signs its webhooks with.
    """

    name = "sandbox"

    def __init__(
        self,
        journal: Path | None = None,
        latency_seconds: float = 0.0,
        challenge_url: str = "https://sandbox.invalid/challenge/{key}",
        webhook_secret: str = "",
    ) -> None:
        self._webhook_secret = webhook_secret
        self._latency_seconds = latency_seconds
        self._challenge_url = challenge_url
        self._books = Books()
        self._journal = Journal(CallRecord, self._books.apply, journal)
        self._notifications: deque[PaymentNotification] = deque()

    async def call(self, request: PaymentCall) -> PaymentOutcome:
        """Carry out one request, or say what became of it."""
        outcome = self._enquire(request.key) if request.act is PaymentAct.ENQUIRE else self._carry_out(request)
        if self._latency_seconds > 0:
            await asyncio.sleep(self._latency_seconds)
        return outcome

    def heard(self, body: bytes, headers: Mapping[str, str], at: datetime) -> tuple[CallNews, ...]:
        """What the bank told of its own accord, if it signed it with the secret that it was made with."""
        return news_of(self._webhook_secret, body, headers, at)

    def complete_challenge(self, key: str, *, approved: bool) -> PaymentOutcome:
        """The shopper passed or failed the challenge of a call. A second time changes nothing."""
        with self._journal:
            record = self._books.records.get(key)
            if record is None or not _is_challenge(record):
                raise Missing("no_challenge", f"No call with the key {key!r} waits for a challenge.")
            if record.truth is PaymentVerdict.ACTION_REQUIRED:
                record = challenged(record, approved=approved)
                self._journal.append(record)
        return self._outcome(record)

    def challenged_amount(self, key: str) -> tuple[int, str]:
        """What a call is about that waits for its shopper: minor units and currency. Missing when there is none."""
        with self._journal:
            record = self._books.records.get(key)
        if record is None or not _is_challenge(record):
            raise Missing("no_challenge", f"No call with the key {key!r} waits for a challenge.")
        return record.amount_minor, record.currency

    def books(self) -> tuple[Movement, ...]:
        """All money that ever moved, oldest first."""
        with self._journal:
            return tuple(self._books.movements)

    def notifications(self) -> Iterator[PaymentNotification]:
        """Take what the bank has to say of its own accord from this process's queue, oldest first."""
        while self._notifications:
            yield self._notifications.popleft()

    async def close(self) -> None:
        """Give the journal's file back."""
        self._journal.close()

    def _carry_out(self, call: PaymentCall) -> PaymentOutcome:
        with self._journal:
            record = self._books.records.get(call.key)
            if record is not None and not same_call(call, record):
                return _KEY_REUSED
            if record is None or record.told is PaymentVerdict.NEVER_SEEN:
                record = self._open(call, arrives_again=record is not None)
        return self._outcome(record)

    def _open(self, call: PaymentCall, *, arrives_again: bool) -> CallRecord:
        account = self._books.account(call)
        script = APPROVE if arrives_again else script_for(call.act, call.token, account.token if account else "")
        record = opened(call, account, script)
        self._journal.append(record)
        if script is not None and script.times and record.truth is PaymentVerdict.SUCCEEDED:
            news = PaymentNotification(call.key, call.act, call.order_number, self._outcome(record))
            self._notifications.extend([news] * script.times)
        return record

    def _enquire(self, key: str) -> PaymentOutcome:
        with self._journal:
            record = self._books.records.get(key)
            if record is None:
                return _NEVER_SEEN
            after = enquired(record, self._books.account(record))
            if after is not record:
                self._journal.append(after)
        return self._outcome(after)

    def _outcome(self, record: CallRecord) -> PaymentOutcome:
        told = record.told
        return PaymentOutcome(
            verdict=told,
            reference=reference_of(record.key) if told in _NAMED else "",
            reason=record.reason if told is PaymentVerdict.DECLINED else "",
            action_url=self._challenge_at(record.key) if told is PaymentVerdict.ACTION_REQUIRED else "",
        )

    def _challenge_at(self, key: str) -> str:
        return self._challenge_url.replace("{key}", quote(key, safe=""))


def _is_challenge(record: CallRecord) -> bool:
    script = script_for(record.act, record.token, "")
    return script is not None and script.turn is Turn.CHALLENGE
