"""A notice: one thing told to one recipient by one channel, at most once. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from doorstep.kernel.errors import Conflict, DoorstepError, Missing
from doorstep.kernel.states import StateTable
from doorstep.plug.notification import Message, SendOutcome, SendVerdict

NO_LINK = "(link)"
"""Stands where a link was, in everything that is kept."""


class NoticeState(StrEnum):
    """The states of a notice. `UNKNOWN` may have been sent; it is not sent again unless a person says so."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


_N = NoticeState
NOTICE = StateTable(
    "Notice",
    start=_N.SENDING,
    ends=(_N.SENT, _N.REFUSED, _N.UNKNOWN),
    rows=(
        (_N.SENDING, "sent", _N.SENT),
        (_N.SENDING, "refused", _N.REFUSED),
        (_N.SENDING, "later", _N.SENDING),
        (_N.SENDING, "unknown", _N.UNKNOWN),
        (_N.UNKNOWN, "send_again", _N.SENDING),
    ),
)


class Notice(Struct, frozen=True):
    """What is told. `key` is (fact, recipient, channel) in one text, unique for ever."""

    key: str
    order_id: str
    channel: str
    provider: str
    recipient: str
    subject: str
    text: str
    order_number: str


class Stored(Struct, frozen=True):
    """A notice as it is kept: its state, how often it was tried, the provider's reference or reason."""

    notice: Notice
    state: NoticeState
    tries: int
    note: str


def message(notice: Notice, sender: str) -> Message:
    """The notice as a provider sends it."""
    return Message(
        key=notice.key,
        channel=notice.channel,
        recipient=notice.recipient,
        subject=notice.subject,
        text=notice.text,
        sender=sender,
        order_number=notice.order_number,
    )


def may_send(stored: Stored, this_try: int, *, can_deduplicate: bool) -> bool:
    """Whether a stored notice may be handed over now.

    One that an earlier try left in "sending" may have gone out before a crash: only a provider that drops a second
    message of the same key is given it again.
    """
    if stored.state is not NoticeState.SENDING:
        return False
    return can_deduplicate or stored.tries == this_try


def judge_again(order_id: str, stored: Stored | None) -> Stored | DoorstepError:
    """A notice that a person has sent once more, or why it cannot be."""
    if stored is None or stored.notice.order_id != order_id:
        return Missing("no_such_notice", "This order has no such notice.")
    if not NOTICE.allows(stored.state, "send_again"):
        return Conflict("not_unknown", f"This notice is {stored.state}; one is sent again when that is unknown.")
    return Stored(stored.notice, NOTICE.next(stored.state, "send_again"), stored.tries, "")


def after(stored: Stored, outcome: SendOutcome) -> Stored:
    """The notice after a provider's answer."""
    state = NOTICE.next(stored.state, outcome.verdict.value)
    return Stored(stored.notice, state, stored.tries, outcome.reference or outcome.reason)


WAITS_MINUTES: Mapping[int, int] = {0: 1, 1: 5, 2: 30, 3: 120, 4: 360, 5: 720}
"""How long to wait before a message that was certainly not sent is tried again; after the last it is refused."""


def given_up(tries: int, outcome: SendOutcome) -> SendOutcome:
    """A refusal in place of "later" when there were tries enough."""
    if outcome.verdict is SendVerdict.LATER and tries not in WAITS_MINUTES:
        return SendOutcome(verdict=SendVerdict.REFUSED, reason=f"given up after {tries + 1} tries: {outcome.reason}")
    return outcome
