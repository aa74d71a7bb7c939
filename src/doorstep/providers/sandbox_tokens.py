"""What each token makes the sandbox bank do: one table, which `docs/providers.md` shows and the bank obeys."""

from enum import StrEnum

from msgspec import Struct

from doorstep.plug.payment import PaymentAct


class Turn(StrEnum):
    """How a call goes."""

    APPROVE = "approve"
    DECLINE = "decline"
    TIME_OUT = "time_out"
    GET_LOST = "get_lost"
    SETTLE_LATE = "settle_late"
    CHALLENGE = "challenge"


class Script(Struct, frozen=True):
    """One row: the token, the acts it concerns, how they go; `times` is how often a success is notified."""

    token: str
    acts: tuple[PaymentAct, ...]
    turn: Turn
    answer: str
    enquiry: str
    argument: str = ""
    times: int = 0


_MONEY_ACTS = (PaymentAct.AUTHORIZE, PaymentAct.CAPTURE, PaymentAct.REFUND, PaymentAct.VOID)
_AUTHORIZE = (PaymentAct.AUTHORIZE,)
_CAPTURE = (PaymentAct.CAPTURE,)
_REFUND = (PaymentAct.REFUND,)
_VOID = (PaymentAct.VOID,)

LATE_ENQUIRIES = 2
LATE_ENQUIRIES_MAX = 1000

_LOST = "never_seen; after that the call arrives when repeated"

SCRIPTS = (
    Script("approve", _MONEY_ACTS, Turn.APPROVE, "succeeded", "succeeded"),
    Script("decline", _MONEY_ACTS, Turn.DECLINE, "declined, reason `declined`", "declined"),
    Script("decline:<reason>", _MONEY_ACTS, Turn.DECLINE, "declined, with that reason", "declined", "declined"),
    Script("timeout", _MONEY_ACTS, Turn.TIME_OUT, "unknown, and the money moves", "succeeded"),
    Script("timeout-lost", _MONEY_ACTS, Turn.GET_LOST, "unknown, and nothing happens", _LOST),
    Script("late", _MONEY_ACTS, Turn.SETTLE_LATE, "pending", "the money moves at the 2nd enquiry"),
    Script("late:<n>", _MONEY_ACTS, Turn.SETTLE_LATE, "pending", "the money moves at the n-th enquiry", "2"),
    Script("twice", _MONEY_ACTS, Turn.APPROVE, "succeeded, and notified two times", "succeeded", times=2),
    Script("challenge", _AUTHORIZE, Turn.CHALLENGE, "action_required, with an address", "what the shopper made of it"),
    Script("capture-fails", _CAPTURE, Turn.DECLINE, "declined", "declined"),
    Script("capture-timeout", _CAPTURE, Turn.TIME_OUT, "unknown, and the money moves", "succeeded"),
    Script("capture-timeout-lost", _CAPTURE, Turn.GET_LOST, "unknown, and nothing happens", _LOST),
    Script("capture-late", _CAPTURE, Turn.SETTLE_LATE, "pending", "the money moves at the 2nd enquiry"),
    Script("refund-fails", _REFUND, Turn.DECLINE, "declined", "declined"),
    Script("refund-timeout", _REFUND, Turn.TIME_OUT, "unknown, and the money moves", "succeeded"),
    Script("refund-timeout-lost", _REFUND, Turn.GET_LOST, "unknown, and nothing happens", _LOST),
    Script("refund-late", _REFUND, Turn.SETTLE_LATE, "pending", "the money moves at the 2nd enquiry"),
    Script("void-fails", _VOID, Turn.DECLINE, "declined", "declined"),
)

_BY_TOKEN = {script.token: script for script in SCRIPTS if "<" not in script.token}
APPROVE = _BY_TOKEN["approve"]


def script_of(token: str) -> Script | None:
    """The row of a token, its argument filled in; None for a token that the sandbox does not know."""
    if script := _BY_TOKEN.get(token or "approve"):
        return script
    name, _, argument = token.partition(":")
    if name == "decline" and argument:
        return _with_argument("decline", argument)
    if name == "late" and argument.isdecimal() and 1 <= int(argument[:9]) <= LATE_ENQUIRIES_MAX:
        return _with_argument("late", argument)
    return None


def script_for(act: PaymentAct, token: str, authorized_with: str) -> Script | None:
    """How an act goes: as its own token says, or for an act on an authorization as the authorization's token says.

    Of the authorization's token only what is meant for later acts counts (`capture-…`, `refund-…`, `void-…`).
    """
    script = script_of(token)
    if not token and authorized_with:
        later = _BY_TOKEN.get(authorized_with)
        script = later if later and act in later.acts and PaymentAct.AUTHORIZE not in later.acts else script
    if script is None or act in script.acts:
        return script
    return APPROVE


def enquiries_needed(script: Script) -> int:
    """At which enquiry a late call settles."""
    return int(script.argument) if script.argument else LATE_ENQUIRIES


def token_table() -> str:
    """The table as Markdown, for the documentation."""
    head = "| token | acts | answer to the call | answer to an enquiry |\n|---|---|---|---|\n"
    return head + "".join(_row(script) for script in SCRIPTS)


def _row(script: Script) -> str:
    acts = "every act" if script.acts == _MONEY_ACTS else ", ".join(script.acts)
    return f"| `{script.token}` | {acts} | {script.answer} | {script.enquiry} |\n"


def _with_argument(name: str, argument: str) -> Script:
    row = _BY_TOKEN[name]
    return Script(row.token, row.acts, row.turn, row.answer, row.enquiry, argument, row.times)
