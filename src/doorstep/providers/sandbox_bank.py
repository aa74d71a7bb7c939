"""The sandbox bank's rules. Pure: what is on the books and a request in, the next line of the books out.

Each key has one record. The newest line of a key replaces the one before; the line with which its truth becomes
`succeeded` moves the money, once.
"""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from doorstep.plug.payment import PaymentAct, PaymentCall, PaymentVerdict
from doorstep.providers.sandbox_tokens import Script, Turn, enquiries_needed


class CallRecord(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="payment"):
    """A call as the bank remembers it.

    `told` is what the caller was told last, `truth` what the bank holds to be so. They differ while an answer is lost.
    """

    key: str
    act: PaymentAct
    order_number: str
    amount_minor: int
    currency: str
    reference: str = ""
    token: str = ""
    told: PaymentVerdict
    truth: PaymentVerdict
    reason: str = ""
    enquiries: int = 0
    enquiries_needed: int = 0


class Account(Struct, gc=False):
    """One authorization and what became of its money, in minor units."""

    currency: str
    token: str
    authorized: int
    voided: int = 0
    captured: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        """What may still be captured or voided."""
        return self.authorized - self.voided - self.captured


class Movement(Struct, frozen=True, gc=False):
    """Money that moved. For a void: money that is no longer held."""

    key: str
    act: PaymentAct
    order_number: str
    amount: int
    currency: str


class Books:
    """All records, accounts and movements: a fold over the lines of the journal."""

    def __init__(self) -> None:
        self.records: dict[str, CallRecord] = {}
        self.accounts: dict[str, Account] = {}
        self.movements: list[Movement] = []

    def apply(self, line: CallRecord) -> None:
        """Take one line in."""
        before = self.records.get(line.key)
        self.records[line.key] = line
        if line.truth is PaymentVerdict.SUCCEEDED and (before is None or before.truth is not PaymentVerdict.SUCCEEDED):
            self._move(line)

    def account(self, call: PaymentCall | CallRecord) -> Account | None:
        """The authorization that a call is about, if it names one."""
        return self.accounts.get(call.reference) if call.reference else None

    def _move(self, line: CallRecord) -> None:
        amount = line.amount_minor
        if line.act is PaymentAct.AUTHORIZE:
            self.accounts[reference_of(line.key)] = Account(line.currency, line.token, amount)
        else:
            account = self.accounts[line.reference]
            amount = _amount(line, account)
            _BOOK[line.act](account, amount)
        self.movements.append(Movement(line.key, line.act, line.order_number, amount, line.currency))


def reference_of(key: str) -> str:
    """The bank's name for what was done under a key."""
    return f"sandbox-{key}"


def same_call(call: PaymentCall, record: CallRecord) -> bool:
    """Whether a call repeats the one on record, and does not use its key for something else."""
    return (
        call.act is record.act
        and call.amount_minor == record.amount_minor
        and call.currency == record.currency
        and call.order_number == record.order_number
        and call.reference == record.reference
    )


def opened(call: PaymentCall, account: Account | None, script: Script | None) -> CallRecord:
    """The first line of a key, as its script goes. None stands for a token that nobody knows."""
    record = CallRecord(
        key=call.key,
        act=call.act,
        order_number=call.order_number,
        amount_minor=call.amount_minor,
        currency=call.currency,
        reference=call.reference,
        token=call.token,
        told=PaymentVerdict.UNKNOWN,
        truth=PaymentVerdict.PENDING,
    )
    if script is None:
        return _declined(record, f"unknown sandbox token {call.token[:40]!r}")
    return _turned(record, account, script)


def enquired(record: CallRecord, account: Account | None) -> CallRecord:
    """The line after an enquiry: the caller is told the truth, which a late call may reach just now."""
    if record.truth is not PaymentVerdict.PENDING:
        return record if record.told is record.truth else replace(record, told=record.truth)
    counted = replace(record, enquiries=record.enquiries + 1)
    return settled(counted, account) if counted.enquiries >= counted.enquiries_needed else counted


def challenged(record: CallRecord, *, approved: bool) -> CallRecord:
    """The line after the shopper passed or failed the challenge."""
    return settled(record, None) if approved else _declined(record, "challenge failed")


def settled(record: CallRecord, account: Account | None) -> CallRecord:
    """The line that moves the money, or declines for what the rules forbid."""
    if reason := _forbidden(record, account):
        return _declined(record, reason)
    return replace(record, told=PaymentVerdict.SUCCEEDED, truth=PaymentVerdict.SUCCEEDED)


def _turned(record: CallRecord, account: Account | None, script: Script) -> CallRecord:
    match script.turn:
        case Turn.APPROVE:
            return settled(record, account)
        case Turn.DECLINE:
            return _declined(record, script.argument or "declined")
        case Turn.TIME_OUT:
            return replace(settled(record, account), told=PaymentVerdict.UNKNOWN)
        case Turn.GET_LOST:
            return replace(record, truth=PaymentVerdict.NEVER_SEEN)
        case Turn.SETTLE_LATE:
            return replace(record, told=PaymentVerdict.PENDING, enquiries_needed=enquiries_needed(script))
        case Turn.CHALLENGE:
            return replace(record, told=PaymentVerdict.ACTION_REQUIRED, truth=PaymentVerdict.ACTION_REQUIRED)


def _declined(record: CallRecord, reason: str) -> CallRecord:
    return replace(record, told=PaymentVerdict.DECLINED, truth=PaymentVerdict.DECLINED, reason=reason[:300])


def _forbidden(record: CallRecord, account: Account | None) -> str:
    """Why the rules forbid a movement, or nothing."""
    if record.amount_minor < 0:
        return "negative amount"
    if record.act is PaymentAct.AUTHORIZE:
        return ""
    if account is None:
        return "unknown reference"
    if record.currency != account.currency:
        return "other currency than authorized"
    return _exceeds(record.act, _amount(record, account), account)


def _exceeds(act: PaymentAct, amount: int, account: Account) -> str:
    if act is PaymentAct.REFUND:
        return "more than was captured" if amount > account.captured - account.refunded else ""
    if act is PaymentAct.VOID and not account.left:
        return "nothing left to void"
    return "more than is left of the authorization" if amount > account.left else ""


def _amount(record: CallRecord, account: Account) -> int:
    """A void of 0 voids all that is left."""
    return account.left if record.act is PaymentAct.VOID and not record.amount_minor else record.amount_minor


def _capture(account: Account, amount: int) -> None:
    account.captured += amount


def _refund(account: Account, amount: int) -> None:
    account.refunded += amount


def _void(account: Account, amount: int) -> None:
    account.voided += amount


_BOOK: dict[PaymentAct, Callable[[Account, int], None]] = {
    PaymentAct.CAPTURE: _capture,
    PaymentAct.REFUND: _refund,
    PaymentAct.VOID: _void,
}
