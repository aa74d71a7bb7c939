"""Short ways to ask a provider."""

from datetime import UTC, datetime

from doorstep.plug.carrier import LabelRequest, TrackingQuestion
from doorstep.plug.notification import Message
from doorstep.plug.payment import PaymentAct, PaymentCall, PaymentOutcome
from doorstep.providers.sandbox_payment import SandboxPayments

FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)


def payment(act: PaymentAct, key: str, amount: int = 1000, *, token: str = "", reference: str = "") -> PaymentCall:
    return PaymentCall(
        act=act,
        key=key,
        order_number="D-1",
        amount_minor=amount,
        currency="EUR",
        token=token,
        reference=reference,
    )


def authorization(token: str = "", key: str = "pay-1", amount: int = 1000) -> PaymentCall:
    return payment(PaymentAct.AUTHORIZE, key, amount, token=token)


async def enquire(bank: SandboxPayments, key: str = "pay-1") -> PaymentOutcome:
    return await bank.call(payment(PaymentAct.ENQUIRE, key))


def label(key: str = "label-1", instructions: str = "", weight_grams: int = 1200) -> LabelRequest:
    return LabelRequest(
        key=key,
        order_number="D-1",
        service="standard",
        country="DE",
        postcode="10115",
        weight_grams=weight_grams,
        from_country="DE",
        transit_days=2,
        instructions=instructions,
    )


def where_is(
    number: str, at: datetime, *, transit_days: int = 2, handed_over_at: datetime = FRIDAY
) -> TrackingQuestion:
    return TrackingQuestion(
        tracking_number=number,
        service="standard",
        country="DE",
        transit_days=transit_days,
        handed_over_at=handed_over_at,
        at=at,
    )


def message(key: str = "notice-1", text: str = "Thank you.", order_number: str = "D-1") -> Message:
    return Message(
        key=key,
        channel="email",
        recipient="ada@example.com",
        subject="Your order",
        text=text,
        order_number=order_number,
    )
