"""Each token makes exactly the trouble that the table says."""

import pytest

from doorstep.kernel.errors import Missing
from doorstep.plug.payment import PaymentAct, PaymentOutcome, PaymentVerdict
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.sandbox_tokens import SCRIPTS
from tests.contract.providers.asking import authorization, enquire, payment

ANSWERS = {
    "approve": (PaymentVerdict.SUCCEEDED, PaymentVerdict.SUCCEEDED, 1),
    "": (PaymentVerdict.SUCCEEDED, PaymentVerdict.SUCCEEDED, 1),
    "decline": (PaymentVerdict.DECLINED, PaymentVerdict.DECLINED, 0),
    "decline:insufficient_funds": (PaymentVerdict.DECLINED, PaymentVerdict.DECLINED, 0),
    "timeout": (PaymentVerdict.UNKNOWN, PaymentVerdict.SUCCEEDED, 1),
    "timeout-lost": (PaymentVerdict.UNKNOWN, PaymentVerdict.NEVER_SEEN, 0),
    "late": (PaymentVerdict.PENDING, PaymentVerdict.PENDING, 0),
    "late:1": (PaymentVerdict.PENDING, PaymentVerdict.SUCCEEDED, 1),
    "twice": (PaymentVerdict.SUCCEEDED, PaymentVerdict.SUCCEEDED, 1),
    "challenge": (PaymentVerdict.ACTION_REQUIRED, PaymentVerdict.ACTION_REQUIRED, 0),
    "refund-fails": (PaymentVerdict.SUCCEEDED, PaymentVerdict.SUCCEEDED, 1),
    "capture-fails": (PaymentVerdict.SUCCEEDED, PaymentVerdict.SUCCEEDED, 1),
    "late:0": (PaymentVerdict.DECLINED, PaymentVerdict.DECLINED, 0),
    "tok_visa": (PaymentVerdict.DECLINED, PaymentVerdict.DECLINED, 0),
}


@pytest.mark.parametrize("token", ANSWERS)
async def test_a_token_decides_the_answer_the_enquiry_and_the_money(token: str) -> None:
    bank = SandboxPayments()
    answer = await bank.call(authorization(token))
    enquiry = await enquire(bank)
    assert (answer.verdict, enquiry.verdict, len(bank.books())) == ANSWERS[token]


@pytest.mark.parametrize("token", ANSWERS)
async def test_a_repeated_call_is_answered_as_the_first_time(token: str) -> None:
    bank = SandboxPayments()
    answers = [await bank.call(authorization(token)) for _ in range(3)]
    assert answers == [answers[0]] * 3


async def test_a_decline_tells_its_reason() -> None:
    outcome = await SandboxPayments().call(authorization("decline:insufficient_funds"))
    assert outcome == PaymentOutcome(verdict=PaymentVerdict.DECLINED, reason="insufficient_funds")


async def test_an_unknown_token_is_named() -> None:
    outcome = await SandboxPayments().call(authorization("tok_visa"))
    assert outcome.reason == "unknown sandbox token 'tok_visa'"


async def test_after_a_timeout_the_enquiry_is_believed() -> None:
    bank = SandboxPayments()
    await bank.call(authorization("timeout"))
    told = await enquire(bank)
    assert await bank.call(authorization("timeout")) == told
    assert len(bank.books()) == 1


async def test_a_lost_call_arrives_when_it_is_repeated_after_the_enquiry() -> None:
    bank = SandboxPayments()
    await bank.call(authorization("timeout-lost"))
    await enquire(bank)
    outcome = await bank.call(authorization("timeout-lost"))
    assert outcome.verdict is PaymentVerdict.SUCCEEDED
    assert [movement.key for movement in bank.books()] == ["pay-1"]


@pytest.mark.parametrize(("token", "pending"), [("late", 1), ("late:1", 0), ("late:4", 3)])
async def test_a_late_call_settles_at_the_enquiry_of_its_number(token: str, pending: int) -> None:
    bank = SandboxPayments()
    await bank.call(authorization(token))
    verdicts = [(await enquire(bank)).verdict for _ in range(pending + 2)]
    assert verdicts == [PaymentVerdict.PENDING] * pending + [PaymentVerdict.SUCCEEDED] * 2
    assert len(bank.books()) == 1


async def test_twice_notifies_two_times_and_charges_once() -> None:
    bank = SandboxPayments()
    outcome = await bank.call(authorization("twice"))
    await bank.call(authorization("twice"))
    news = list(bank.notifications())
    assert [item.outcome for item in news] == [outcome, outcome]
    assert len(bank.books()) == 1
    assert list(bank.notifications()) == []


@pytest.mark.parametrize(
    ("approved", "verdict", "movements"),
    [(True, PaymentVerdict.SUCCEEDED, 1), (False, PaymentVerdict.DECLINED, 0)],
)
async def test_a_challenge_ends_as_the_shopper_completes_it(
    *, approved: bool, verdict: PaymentVerdict, movements: int
) -> None:
    bank = SandboxPayments()
    await bank.call(authorization("challenge"))
    bank.complete_challenge("pay-1", approved=approved)
    bank.complete_challenge("pay-1", approved=not approved)
    assert (await enquire(bank)).verdict is verdict
    assert len(bank.books()) == movements


async def test_a_challenge_says_where_to_go() -> None:
    bank = SandboxPayments(challenge_url="https://shop.example/challenge/{key}/go")
    outcome = await bank.call(authorization("challenge", key="pay/1"))
    assert outcome.action_url == "https://shop.example/challenge/pay%2F1/go"


@pytest.mark.parametrize("token", ["", "approve"])
async def test_only_a_challenge_can_be_completed(token: str) -> None:
    bank = SandboxPayments()
    await bank.call(authorization(token))
    with pytest.raises(Missing):
        bank.complete_challenge("pay-1", approved=True)


LATER_ACTS = {
    "capture-fails": (PaymentAct.CAPTURE, PaymentVerdict.DECLINED, PaymentVerdict.DECLINED),
    "capture-timeout": (PaymentAct.CAPTURE, PaymentVerdict.UNKNOWN, PaymentVerdict.SUCCEEDED),
    "capture-timeout-lost": (PaymentAct.CAPTURE, PaymentVerdict.UNKNOWN, PaymentVerdict.NEVER_SEEN),
    "capture-late": (PaymentAct.CAPTURE, PaymentVerdict.PENDING, PaymentVerdict.PENDING),
    "refund-fails": (PaymentAct.REFUND, PaymentVerdict.DECLINED, PaymentVerdict.DECLINED),
    "refund-timeout": (PaymentAct.REFUND, PaymentVerdict.UNKNOWN, PaymentVerdict.SUCCEEDED),
    "refund-timeout-lost": (PaymentAct.REFUND, PaymentVerdict.UNKNOWN, PaymentVerdict.NEVER_SEEN),
    "refund-late": (PaymentAct.REFUND, PaymentVerdict.PENDING, PaymentVerdict.PENDING),
    "void-fails": (PaymentAct.VOID, PaymentVerdict.DECLINED, PaymentVerdict.DECLINED),
}


@pytest.mark.parametrize("own_token", [True, False])
@pytest.mark.parametrize("token", LATER_ACTS)
async def test_the_token_of_the_checkout_decides_what_happens_days_later(token: str, *, own_token: bool) -> None:
    act, answer, enquiry = LATER_ACTS[token]
    bank = SandboxPayments()
    reference = (await bank.call(authorization(token))).reference
    if act is PaymentAct.REFUND:
        taken = await bank.call(payment(PaymentAct.CAPTURE, "cap-1", 600, reference=reference))
        assert taken.verdict is PaymentVerdict.SUCCEEDED
    call = payment(act, "later-1", 400, reference=reference, token=token if own_token else "")
    assert (await bank.call(call)).verdict is answer
    assert (await enquire(bank, "later-1")).verdict is enquiry


def test_every_token_is_tested() -> None:
    tested = {token.partition(":")[0] for token in (*ANSWERS, *LATER_ACTS)}
    assert {script.token.partition(":")[0] for script in SCRIPTS} <= tested
