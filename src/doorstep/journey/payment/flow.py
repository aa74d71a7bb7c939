"""Payment's use cases: each an outside call between two transactions, its key made once and kept for life."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.jobs.model import Called, NewJob, Task
from doorstep.journey import facts as f
from doorstep.journey.ledger.book import Ledger, Page
from doorstep.journey.payment import store
from doorstep.journey.payment.model import (
    MONEY_CALL,
    PAYMENT,
    Answer,
    AuthorizeSlip,
    CallState,
    CaptureSlip,
    Enquiry,
    FollowUp,
    MoneyCall,
    Payment,
    PaymentState,
    RefundSlip,
    SettleSlip,
    VoidSlip,
    authorization_fact,
    grants,
    in_time,
    is_useless,
    is_void_due,
    money_fact,
    next_enquiry,
    open_question,
    stuck,
)
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import OrderId
from doorstep.plan.records import Payment as PaymentRules
from doorstep.plug.loader import Providers
from doorstep.plug.payment import CallNews, PaymentAct, PaymentCall, PaymentOutcome, PaymentVerdict
from doorstep.storage.transaction import Tx

CAPTURE = "payment.capture"
ENQUIRE = "payment.enquire"
REPEAT = "payment.repeat"
SETTLE = "payment.settle"
VOID = "payment.void"
_WAIT_FOR_CAPTURE = timedelta(hours=1)
_encode = msgspec.json.Encoder().encode


class ProviderCall(Struct, frozen=True):
    """A call and the provider that it goes to."""

    provider: str
    request: PaymentCall


Authorizing = Called[AuthorizeSlip, ProviderCall, PaymentOutcome]


class Payments:
    """Moves money through providers, and tells the ledger what moved."""

    def __init__(self, ledger: Ledger, providers: Providers) -> None:
        self._ledger = ledger
        self._providers = providers

    async def call(self, call: ProviderCall) -> PaymentOutcome:
        """Ask the provider, with nothing locked."""
        return await self._providers.payment(call.provider).call(call.request)

    @staticmethod
    def lost(call: ProviderCall) -> PaymentOutcome:
        """A call that ran out of time may have moved the money."""
        return PaymentOutcome(verdict=PaymentVerdict.UNKNOWN, reason=f"{call.provider} did not answer in time")

    async def open_authorizations(self, tx: Tx, tasks: Sequence[Task[AuthorizeSlip]]) -> list[ProviderCall | None]:
        """Record the intent of each payment under the key it keeps."""
        orders = await self._ledger.orders(tx, [task.body.order_id for task in tasks])
        intents = []
        for task in tasks:
            slip, order = task.body, orders[task.body.order_id]
            method = self._ledger.plans[order.plan_version].method(slip.method)
            provider = method.provider if method else ""
            intents.append(
                Payment(
                    id=slip.payment_id,
                    order_id=slip.order_id,
                    number=order.number,
                    state=PAYMENT.start,
                    provider=provider,
                    method=slip.method,
                    token=slip.token,
                    amount=slip.amount,
                    currency=slip.currency,
                    reference="",
                )
            )
        await store.insert(tx, intents)
        return [_provider_call(payment, PaymentAct.AUTHORIZE, payment.id, payment.amount) for payment in intents]

    async def settle_authorizations(self, tx: Tx, ended: Sequence[Authorizing]) -> None:
        """Judge the answers: facts for those that are final, enquiries for those that are not."""
        await self._judge(tx, [Answer(_first(one), one.task.at, one.outcome) for one in ended])

    async def open_enquiries(self, tx: Tx, tasks: Sequence[Task[Enquiry]]) -> list[ProviderCall | None]:
        """Ask what became of calls that are still open."""
        payments = await store.load(tx, [task.body.payment_id for task in tasks])
        calls = await store.load_calls(tx, [task.body.key for task in tasks])
        wanted: list[ProviderCall | None] = []
        for task in tasks:
            payment, call = payments[task.body.payment_id], calls.get(task.body.key)
            is_open = call.state not in MONEY_CALL.ends if call else payment.state not in PAYMENT.ends
            enquiry = _provider_call(payment, PaymentAct.ENQUIRE, task.body.key, task.body.amount)
            wanted.append(enquiry if is_open else None)
        return wanted

    async def settle_enquiries(self, tx: Tx, ended: Sequence[Called[Enquiry, ProviderCall, PaymentOutcome]]) -> None:
        """Judge what the provider says became of its calls."""
        answers = [Answer(one.task.body, one.task.at, one.outcome) for one in ended]
        await self._judge(tx, [answer for answer in answers if answer.asked.act is PaymentAct.AUTHORIZE])
        await self._settle(tx, [answer for answer in answers if answer.asked.act is not PaymentAct.AUTHORIZE])

    async def ask_now(self, tx: Tx, payment_id: str, at: datetime) -> None:
        """The buyer comes back from their bank: ask at once what became of the authorization, if it is still open."""
        await self._ask(tx, [(payment_id, f"back:{to_ms(at)}")], at)

    async def ask_about(self, tx: Tx, provider: str, news: Sequence[CallNews], at: datetime) -> int:
        """A provider tells that something became of calls: ask it at once about those that are its own and still open.

        Returns how many these are. An event that is told again is the same question.
        """
        return await self._ask(tx, [(one.key, f"told:{one.event_id}") for one in news], at, provider)

    async def _ask(self, tx: Tx, about: Sequence[tuple[str, str]], at: datetime, provider: str = "") -> int:
        """Ask about calls by their keys, beside the questions that are due anyway; `about` says why too."""
        calls = await store.load_calls(tx, [key for key, _ in about])
        payments = await store.load(tx, [*(key for key, _ in about), *(call.payment_id for call in calls.values())])
        jobs = []
        for key, cause in about:
            call = calls.get(key)
            payment = payments.get(call.payment_id if call else key)
            asked = payment and open_question(payment, call)
            if payment and asked and provider in ("", payment.provider):
                body = _encode(asked).decode()
                jobs.append(NewJob(ENQUIRE, f"{ENQUIRE}:{key}:{cause}", body, to_ms(at), asked.order_id))
        await self._ledger.enqueue(tx, [], jobs)
        return len(jobs)

    async def open_repeats(self, tx: Tx, tasks: Sequence[Task[Enquiry]]) -> list[ProviderCall | None]:
        """Make calls again that the provider never saw, under the keys that they had."""
        payments = await store.load(tx, [task.body.payment_id for task in tasks])
        return [
            _provider_call(payments[task.body.payment_id], task.body.act, task.body.key, task.body.amount)
            for task in tasks
        ]

    async def open_captures(self, tx: Tx, tasks: Sequence[Task[CaptureSlip]]) -> list[ProviderCall | None]:
        """Record captures, one for each confirmation or hand-over; of several payments each has a job of its own."""
        parts = [task.body.parts() for task in tasks]
        more = [_part(task, slip) for task, (_, *others) in zip(tasks, parts, strict=True) for slip in others]
        await self._ledger.enqueue(tx, [], more)
        return await self._open(
            tx, [_money_call(PaymentAct.CAPTURE, slip, slip.capture, slip.cause) for slip, *_ in parts]
        )

    async def open_refunds(self, tx: Tx, tasks: Sequence[Task[RefundSlip]]) -> list[ProviderCall | None]:
        """Record refunds, one for each grant."""
        new = [
            _money_call(PaymentAct.REFUND, slip, slip.amount, slip.grant_id) for slip in (task.body for task in tasks)
        ]
        return await self._open(tx, new)

    async def open_voids(self, tx: Tx, tasks: Sequence[Task[VoidSlip]]) -> list[ProviderCall | None]:
        """Record voids of authorizations that are no longer needed, of what is left of them.

        With the order's own payment those that were opened for its changes go too, each in a job of its own.
        """
        page = await self._ledger.open(tx, [task.body.order_id for task in tasks])
        new, more = [], []
        for task in tasks:
            slip, balance = task.body, page[task.body.order_id].balance
            purse = balance.purses.get(slip.payment_id)
            new.append(_money_call(PaymentAct.VOID, slip, purse.left if purse else 0, slip.payment_id))
            if slip.payment_id == balance.payment_id:
                further = [VoidSlip(slip.order_id, name) for name, one in balance.further.items() if one.left]
                more += [_later(VOID, f"{task.key}:{one.payment_id}", one, task.at) for one in further]
        await self._ledger.enqueue(tx, [], more)
        return await self._open(tx, new)

    async def settle_calls(
        self, tx: Tx, ended: Sequence[Called[CaptureSlip | RefundSlip | VoidSlip, ProviderCall, PaymentOutcome]]
    ) -> None:
        """Judge the answers to captures, refunds and voids."""
        await self._settle(tx, [Answer(_first(one), one.task.at, one.outcome) for one in ended])

    async def settle_up(self, tx: Tx, tasks: Sequence[Task[SettleSlip]]) -> None:
        """Units were canceled or came back: grant a refund of what was taken for them, or void what is not needed.

        While a capture is under way the amount is not known yet, so this waits for it.
        """
        ids = [task.body.order_id for task in tasks]
        page, orders = await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)
        facts: list[f.Fact] = []
        jobs: list[NewJob] = []
        for task in tasks:
            slip, standing = task.body, page[task.body.order_id]
            if standing.balance.being_captured and not standing.balance.failed_calls:
                jobs.append(_later(SETTLE, task.key, slip, task.at + _WAIT_FOR_CAPTURE))
            elif granted := grants(slip, task.at, standing, orders[slip.order_id].delivery_minor, facts):
                facts += granted
            elif is_void_due(standing.balance, standing.units):
                jobs.append(_later(VOID, task.key, VoidSlip(slip.order_id, slip.payment_id), task.at))
        await page.append(facts, jobs)

    async def _open(self, tx: Tx, new: Sequence[MoneyCall]) -> list[ProviderCall | None]:
        await store.insert_calls(tx, new)
        calls = await store.load_calls(tx, [call.key for call in new])
        payments = await store.load(tx, [call.payment_id for call in new])
        return [
            _provider_call(payments[call.payment_id], call.act, call.key, call.amount)
            if call.amount > 0 and calls[call.key].state not in MONEY_CALL.ends
            else None
            for call in new
        ]

    async def _judge(self, tx: Tx, answers: Sequence[Answer]) -> None:
        """Answers to authorizations: the payment's state, a fact when it is final, an enquiry when it is not."""
        payments = await store.load(tx, [answer.asked.payment_id for answer in answers])
        open_ = [a for a in answers if payments[a.asked.payment_id].state not in PAYMENT.ends]
        page, rules = await self._locked(tx, open_)
        changed: list[tuple[str, PaymentState, str]] = []
        facts: list[f.Fact] = []
        jobs: list[NewJob] = []
        for answer in open_:
            payment, rule = payments[answer.asked.payment_id], rules[answer.asked.order_id]
            outcome = in_time(answer, payment.state)
            state = PAYMENT.next(payment.state, outcome.verdict.value)
            changed.append((payment.id, state, outcome.reference or payment.reference))
            follow = next_enquiry(answer, rule.enquire_after_minutes, rule.action_expires_minutes)
            told = replace(answer, outcome=outcome)
            fact = authorization_fact(payment, told, follow.due, page[payment.order_id].balance)
            facts += [fact] if fact else stuck(answer)
            if state not in PAYMENT.ends and not answer.asked.aside:
                jobs.append(_job(follow))
            elif is_useless(fact, page[payment.order_id]):
                jobs.append(_later(VOID, f"{VOID}:{payment.id}", VoidSlip(payment.order_id, payment.id), answer.at))
        await store.update(tx, changed)
        await page.append(facts, jobs)

    async def _settle(self, tx: Tx, answers: Sequence[Answer]) -> None:
        """Answers to captures, refunds and voids: the call's state, a fact when it is final, an enquiry when not."""
        calls = await store.load_calls(tx, [answer.asked.key for answer in answers])
        open_ = [answer for answer in answers if calls[answer.asked.key].state not in MONEY_CALL.ends]
        page, rules = await self._locked(tx, open_)
        changed: list[tuple[str, CallState, str, str]] = []
        facts: list[f.Fact] = []
        jobs: list[NewJob] = []
        for answer in open_:
            call, rule = calls[answer.asked.key], rules[answer.asked.order_id]
            state = MONEY_CALL.next(call.state, answer.outcome.verdict.value)
            changed.append((call.key, state, answer.outcome.reference, answer.outcome.reason))
            if fact := money_fact(call, answer.outcome, answer.at):
                facts.append(fact)
            elif not answer.asked.aside:
                facts += stuck(answer)
                jobs.append(_job(next_enquiry(answer, rule.enquire_after_minutes, rule.action_expires_minutes)))
        await store.update_calls(tx, changed)
        await page.append(facts, jobs)

    async def _locked(self, tx: Tx, answers: Sequence[Answer]) -> tuple[Page, dict[OrderId, PaymentRules]]:
        ids = [answer.asked.order_id for answer in answers]
        page, orders = await self._ledger.open(tx, ids), await self._ledger.orders(tx, ids)
        return page, {key: self._ledger.plans[order.plan_version].payment for key, order in orders.items()}


def _first(ended: Called[Any, ProviderCall, PaymentOutcome]) -> Enquiry:
    """What an answer that came without an enquiry answers."""
    body, request = ended.task.body, ended.call.request
    return Enquiry(body.order_id, body.payment_id, request.key, request.act, request.amount_minor)


def _money_call(act: PaymentAct, slip: CaptureSlip | RefundSlip | VoidSlip, amount: int, cause: str) -> MoneyCall:
    key = f"{act.value}:{cause}"
    return MoneyCall(key, slip.order_id, slip.payment_id, act, amount, MONEY_CALL.start, "", "")


def _provider_call(payment: Payment, act: PaymentAct, key: str, amount: int) -> ProviderCall:
    request = PaymentCall(
        act=act,
        key=key,
        order_number=payment.number,
        amount_minor=amount,
        currency=payment.currency,
        token=payment.token,
        reference=payment.reference,
    )
    return ProviderCall(payment.provider, request)


def _job(follow: FollowUp) -> NewJob:
    asked = follow.enquiry
    kind = REPEAT if follow.again else ENQUIRE
    key = f"{kind}:{asked.key}:{asked.tries}"
    return NewJob(kind, key, _encode(asked).decode(), to_ms(follow.due), asked.order_id)


def _part(task: Task[CaptureSlip], slip: CaptureSlip) -> NewJob:
    return NewJob(CAPTURE, f"{task.key}+{slip.part}", _encode(slip).decode(), to_ms(task.at), slip.order_id)


def _later(kind: str, key: str, slip: SettleSlip | VoidSlip, due: datetime) -> NewJob:
    return NewJob(kind, f"{key}+", _encode(slip).decode(), to_ms(due), slip.order_id)
