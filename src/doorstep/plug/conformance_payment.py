"""The checks for payment providers."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import Struct
from msgspec.structs import replace

from doorstep.kernel.ids import new_id
from doorstep.plug.conformance_verdict import demand, demand_name
from doorstep.plug.payment import PaymentAct, PaymentCall, PaymentOutcome, PaymentProvider, PaymentVerdict

_OPEN = frozenset({PaymentVerdict.PENDING, PaymentVerdict.UNKNOWN})


class PaymentTrial(Struct, frozen=True):
    """How to try a payment provider: `make` gives one, with a test account behind it if it needs one.

    `approves` and `declines` are tokens of means of payment of which the first can be charged and the second cannot
    (None leaves that check out). An outcome that is still open is enquired about up to `enquiries_max` times.
    """

    make: Callable[[], PaymentProvider]
    approves: str = ""
    declines: str | None = None
    currency: str = "EUR"
    enquiries_max: int = 10


PaymentCheck = Callable[[PaymentTrial], Awaitable[None]]


async def payment_conformance(trial: PaymentTrial) -> None:
    """Run every check."""
    for check in PAYMENT_CHECKS:
        await check(trial)


async def names_itself(trial: PaymentTrial) -> None:
    """A plan can name the provider."""
    demand_name(trial.make().name)


async def authorizes(trial: PaymentTrial) -> None:
    """An authorization succeeds and has a reference by which it can be captured."""
    counter = _Counter(trial)
    outcome = await counter.ask(PaymentAct.AUTHORIZE, 1000)
    _demand_verdict(outcome, PaymentVerdict.SUCCEEDED, "an authorization with the approving token")
    demand(bool(outcome.reference), "a success must have a reference", outcome)


async def declines(trial: PaymentTrial) -> None:
    """A decline is an answer with a reason, not an exception."""
    if trial.declines is None:
        return
    counter = _Counter(replace(trial, approves=trial.declines))
    outcome = await counter.ask(PaymentAct.AUTHORIZE, 1000)
    _demand_verdict(outcome, PaymentVerdict.DECLINED, "an authorization with the declining token")
    demand(bool(outcome.reason), "a decline must have a reason", outcome)


async def answers_a_repeated_key_alike(trial: PaymentTrial) -> None:
    """The same call twice has one answer."""
    counter = _Counter(trial)
    call = counter.new(PaymentAct.AUTHORIZE, 1000)
    first, second = await counter.settle(call), await counter.settle(call)
    demand(first == second, f"a repeated call must be answered as the first time, {first!r}", second)


async def moves_no_money_twice(trial: PaymentTrial) -> None:
    """A capture that is repeated with its key takes its amount once."""
    counter = await _authorized(trial, 1000)
    capture = counter.new(PaymentAct.CAPTURE, 600)
    for _ in range(2):
        _demand_verdict(await counter.settle(capture), PaymentVerdict.SUCCEEDED, "a capture and its repetition")
    _demand_verdict(await counter.ask(PaymentAct.CAPTURE, 400), PaymentVerdict.SUCCEEDED, "a capture of what is left")
    _demand_verdict(
        await counter.ask(PaymentAct.REFUND, 1001), PaymentVerdict.DECLINED, "a refund above what was taken"
    )


async def moves_no_money_twice_at_once(trial: PaymentTrial) -> None:
    """The same capture sent eight times at the same moment takes its amount once."""
    counter = await _authorized(trial, 1000)
    capture = counter.new(PaymentAct.CAPTURE, 600)
    await asyncio.gather(*(counter.provider.call(capture) for _ in range(8)))
    _demand_verdict(await counter.settle(capture), PaymentVerdict.SUCCEEDED, "a capture that was sent eight times")
    _demand_verdict(await counter.ask(PaymentAct.CAPTURE, 400), PaymentVerdict.SUCCEEDED, "a capture of what is left")


async def refuses_a_key_for_something_else(trial: PaymentTrial) -> None:
    """A key that is known does not pay for another amount."""
    counter = await _authorized(trial, 1000)
    capture = counter.new(PaymentAct.CAPTURE, 300)
    await counter.settle(capture)
    outcome = await counter.provider.call(replace(capture, amount_minor=400))
    _demand_verdict(outcome, PaymentVerdict.DECLINED, "a known key with another amount")


async def captures_no_more_than_authorized(trial: PaymentTrial) -> None:
    """One cent above the authorization is declined."""
    counter = await _authorized(trial, 1000)
    _demand_verdict(await counter.ask(PaymentAct.CAPTURE, 1001), PaymentVerdict.DECLINED, "a capture above the limit")


async def refunds_no_more_than_captured(trial: PaymentTrial) -> None:
    """Refunds in parts add up to the capture and end there."""
    counter = await _authorized(trial, 1000)
    await counter.ask(PaymentAct.CAPTURE, 800)
    for part in (500, 300):
        _demand_verdict(await counter.ask(PaymentAct.REFUND, part), PaymentVerdict.SUCCEEDED, "a refund of a part")
    _demand_verdict(await counter.ask(PaymentAct.REFUND, 1), PaymentVerdict.DECLINED, "a refund of more than was taken")


async def voids(trial: PaymentTrial) -> None:
    """A voided authorization can no longer be captured."""
    counter = await _authorized(trial, 1000)
    _demand_verdict(await counter.ask(PaymentAct.VOID, 1000), PaymentVerdict.SUCCEEDED, "a void")
    _demand_verdict(await counter.ask(PaymentAct.CAPTURE, 1), PaymentVerdict.DECLINED, "a capture after the void")


async def declines_an_unknown_reference(trial: PaymentTrial) -> None:
    """A capture of nothing is declined."""
    counter = _Counter(trial, reference=new_id("none"))
    _demand_verdict(await counter.ask(PaymentAct.CAPTURE, 100), PaymentVerdict.DECLINED, "an unknown reference")


async def tells_what_became_of_a_call(trial: PaymentTrial) -> None:
    """An enquiry says what the call was answered, and moves nothing."""
    counter = await _authorized(trial, 1000)
    capture = counter.new(PaymentAct.CAPTURE, 1000)
    outcome = await counter.settle(capture)
    enquiry = replace(capture, act=PaymentAct.ENQUIRE)
    for _ in range(2):
        again = await counter.provider.call(enquiry)
        demand(again == outcome, f"an enquiry must tell the outcome of the call, {outcome!r}", again)


async def tells_what_it_never_saw(trial: PaymentTrial) -> None:
    """An enquiry about a key that was never used says so."""
    counter = _Counter(trial)
    outcome = await counter.provider.call(counter.new(PaymentAct.ENQUIRE, 100))
    _demand_verdict(outcome, PaymentVerdict.NEVER_SEEN, "an enquiry about an unused key")


PAYMENT_CHECKS: tuple[PaymentCheck, ...] = (
    names_itself,
    authorizes,
    declines,
    answers_a_repeated_key_alike,
    moves_no_money_twice,
    moves_no_money_twice_at_once,
    refuses_a_key_for_something_else,
    captures_no_more_than_authorized,
    refunds_no_more_than_captured,
    voids,
    declines_an_unknown_reference,
    tells_what_became_of_a_call,
    tells_what_it_never_saw,
)


class _Counter:
    """One provider, one order, one authorization, and a new key for every call."""

    def __init__(self, trial: PaymentTrial, reference: str = "") -> None:
        self.provider = trial.make()
        self.reference = reference
        self._trial = trial
        self._order_number = new_id("try")

    def new(self, act: PaymentAct, amount_minor: int) -> PaymentCall:
        return PaymentCall(
            act=act,
            key=new_id("key"),
            order_number=self._order_number,
            amount_minor=amount_minor,
            currency=self._trial.currency,
            token=self._trial.approves if act is PaymentAct.AUTHORIZE else "",
            reference=self.reference,
        )

    async def ask(self, act: PaymentAct, amount_minor: int) -> PaymentOutcome:
        return await self.settle(self.new(act, amount_minor))

    async def settle(self, call: PaymentCall) -> PaymentOutcome:
        """Call, and enquire while the outcome is open."""
        outcome = await self.provider.call(call)
        for _ in range(self._trial.enquiries_max):
            if outcome.verdict not in _OPEN:
                break
            outcome = await self.provider.call(replace(call, act=PaymentAct.ENQUIRE))
        return outcome


async def _authorized(trial: PaymentTrial, amount_minor: int) -> _Counter:
    counter = _Counter(trial)
    outcome = await counter.ask(PaymentAct.AUTHORIZE, amount_minor)
    _demand_verdict(outcome, PaymentVerdict.SUCCEEDED, "an authorization with the approving token")
    counter.reference = outcome.reference
    return counter


def _demand_verdict(outcome: PaymentOutcome, verdict: PaymentVerdict, what: str) -> None:
    demand(outcome.verdict is verdict, f"{what} must be answered {verdict}", outcome)
