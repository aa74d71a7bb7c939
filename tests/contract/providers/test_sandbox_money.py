"""The sandbox bank keeps the rules of money as a real one does."""

import pytest
from msgspec.structs import replace

from doorstep.plug.payment import PaymentAct, PaymentCall, PaymentVerdict
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.contract.providers.asking import authorization, enquire, payment

CAPTURE, REFUND, VOID = PaymentAct.CAPTURE, PaymentAct.REFUND, PaymentAct.VOID


async def tried(*steps: tuple[PaymentAct, int]) -> list[str]:
    """What becomes of acts on an authorization of 1000: `ok`, or the reason of the decline."""
    bank = SandboxPayments()
    reference = (await bank.call(authorization())).reference
    answers = []
    for number, (act, amount) in enumerate(steps):
        outcome = await bank.call(payment(act, f"step-{number}", amount, reference=reference))
        answers.append("ok" if outcome.verdict is PaymentVerdict.SUCCEEDED else outcome.reason)
    return answers


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ([(CAPTURE, 1000)], "ok"),
        ([(CAPTURE, 1001)], "more than is left of the authorization"),
        ([(CAPTURE, 600), (CAPTURE, 400)], "ok"),
        ([(CAPTURE, 600), (CAPTURE, 401)], "more than is left of the authorization"),
        ([(VOID, 300), (CAPTURE, 701)], "more than is left of the authorization"),
        ([(VOID, 300), (CAPTURE, 700)], "ok"),
        ([(CAPTURE, 600), (VOID, 401)], "more than is left of the authorization"),
        ([(CAPTURE, 600), (VOID, 0), (CAPTURE, 1)], "more than is left of the authorization"),
        ([(VOID, 0), (VOID, 0)], "nothing left to void"),
        ([(REFUND, 1)], "more than was captured"),
        ([(CAPTURE, 600), (REFUND, 250), (REFUND, 350)], "ok"),
        ([(CAPTURE, 600), (REFUND, 250), (REFUND, 351)], "more than was captured"),
        ([(CAPTURE, -1)], "negative amount"),
    ],
)
async def test_money_moves_within_its_bounds(steps: list[tuple[PaymentAct, int]], last: str) -> None:
    answers = await tried(*steps)
    assert answers == ["ok"] * (len(steps) - 1) + [last]


async def test_another_currency_is_declined() -> None:
    bank = SandboxPayments()
    reference = (await bank.call(authorization())).reference
    outcome = await bank.call(replace(payment(CAPTURE, "cap", 1, reference=reference), currency="GBP"))
    assert outcome.reason == "other currency than authorized"


async def test_an_unknown_reference_is_declined() -> None:
    outcome = await SandboxPayments().call(payment(CAPTURE, "cap", 1, reference="nothing"))
    assert outcome.reason == "unknown reference"


@pytest.mark.parametrize(
    "other",
    [
        authorization(amount=999),
        payment(CAPTURE, "pay-1"),
        replace(authorization(), currency="GBP"),
        replace(authorization(), order_number="D-2"),
        replace(authorization(), reference="sandbox-other"),
    ],
)
async def test_a_key_is_good_for_one_call_only(other: PaymentCall) -> None:
    bank = SandboxPayments()
    first = await bank.call(authorization())
    outcome = await bank.call(other)
    assert (outcome.verdict, outcome.reason) == (PaymentVerdict.DECLINED, "key reused")
    assert await bank.call(authorization()) == first
    assert len(bank.books()) == 1


async def test_the_books_list_each_movement_once() -> None:
    bank = SandboxPayments()
    reference = (await bank.call(authorization())).reference
    for _ in range(2):
        await bank.call(payment(CAPTURE, "cap", 600, reference=reference))
        await bank.call(payment(VOID, "void", 0, reference=reference))
    rows = [(move.key, move.act, move.order_number, move.amount, move.currency) for move in bank.books()]
    assert rows == [
        ("pay-1", PaymentAct.AUTHORIZE, "D-1", 1000, "EUR"),
        ("cap", CAPTURE, "D-1", 600, "EUR"),
        ("void", VOID, "D-1", 400, "EUR"),
    ]


async def test_a_timeout_does_not_bend_the_rules() -> None:
    bank = SandboxPayments()
    reference = (await bank.call(authorization())).reference
    outcome = await bank.call(payment(CAPTURE, "cap", 1001, reference=reference, token="timeout"))
    assert (outcome.verdict, outcome.reason) == (PaymentVerdict.UNKNOWN, "")
    assert (await enquire(bank, "cap")).reason == "more than is left of the authorization"
