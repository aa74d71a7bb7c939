"""Every bundled provider passes the suite that is asked of anybody's."""

from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from doorstep.plug.conformance import (
    CARRIER_CHECKS,
    NOTIFICATION_CHECKS,
    PAYMENT_CHECKS,
    TAX_CHECKS,
    CarrierCheck,
    CarrierTrial,
    NotConforming,
    NotificationCheck,
    NotificationTrial,
    PaymentCheck,
    PaymentTrial,
    TaxCheck,
    TaxTrial,
    payment_conformance,
    tax_conformance,
)
from doorstep.plug.payment import PaymentAct, PaymentCall, PaymentOutcome, PaymentVerdict
from doorstep.plug.tax import TaxOutcome, TaxRequest
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.sandbox_tax import SandboxTax
from doorstep.providers.smtp import SmtpMail
from doorstep.providers.zone_rate import ZoneRateCarrier
from tests.contract.providers.mail_server import MailServer


@pytest.mark.parametrize("token", ["approve", "twice", "timeout", "late", "late:5", "capture-timeout", "capture-late"])
@pytest.mark.parametrize("expect_conforming", PAYMENT_CHECKS)
async def test_sandbox_payments(expect_conforming: PaymentCheck, token: str) -> None:
    await expect_conforming(PaymentTrial(SandboxPayments, approves=token, declines="decline:insufficient_funds"))


@pytest.mark.parametrize("expect_conforming", PAYMENT_CHECKS)
async def test_sandbox_payments_with_a_journal(expect_conforming: PaymentCheck, tmp_path: Path) -> None:
    await expect_conforming(PaymentTrial(lambda: SandboxPayments(tmp_path / "bank.jsonl"), declines="decline"))


@pytest.mark.parametrize("carrier", [SandboxCarrier, ZoneRateCarrier])
@pytest.mark.parametrize("expect_conforming", CARRIER_CHECKS)
async def test_carriers(expect_conforming: CarrierCheck, carrier: type[SandboxCarrier | ZoneRateCarrier]) -> None:
    await expect_conforming(CarrierTrial(carrier))


@pytest.mark.parametrize("expect_conforming", CARRIER_CHECKS)
async def test_sandbox_carrier_with_a_journal(expect_conforming: CarrierCheck, tmp_path: Path) -> None:
    await expect_conforming(CarrierTrial(lambda: SandboxCarrier(tmp_path / "carrier.jsonl")))


@pytest.mark.parametrize("expect_conforming", TAX_CHECKS)
async def test_sandbox_tax(expect_conforming: TaxCheck) -> None:
    await expect_conforming(TaxTrial(SandboxTax))


class _Forgets(SandboxTax):
    """An engine that taxes the first line only."""

    async def quote(self, request: TaxRequest) -> TaxOutcome:
        outcome = await super().quote(request)
        return replace(outcome, lines=outcome.lines[:1])


async def test_an_engine_that_forgets_a_line_is_found_out() -> None:
    with pytest.raises(NotConforming, match="every line must be taxed once"):
        await tax_conformance(TaxTrial(_Forgets))


@pytest.mark.parametrize("expect_conforming", NOTIFICATION_CHECKS)
async def test_kept_messages(expect_conforming: NotificationCheck) -> None:
    kept = KeptMessages()
    await expect_conforming(NotificationTrial(lambda: kept, arrived=lambda: len(kept.messages())))


@pytest.mark.parametrize("expect_conforming", NOTIFICATION_CHECKS)
async def test_smtp(expect_conforming: NotificationCheck, mail_server: MailServer) -> None:
    provider = SmtpMail(mail_server.settings())
    await expect_conforming(NotificationTrial(lambda: provider, arrived=lambda: len(mail_server.received)))
    await provider.close()


class _Forgetful:
    """A provider that takes every call for a new one."""

    name = "forgetful"

    def __init__(self) -> None:
        self._numbers = count()

    async def call(self, request: PaymentCall) -> PaymentOutcome:
        reference = f"{request.key}-{next(self._numbers)}"
        return PaymentOutcome(verdict=PaymentVerdict.SUCCEEDED, reference=reference)


async def test_a_provider_that_forgets_its_keys_is_found_out() -> None:
    with pytest.raises(NotConforming, match="answered as the first time"):
        await payment_conformance(PaymentTrial(_Forgetful))


class _Generous(SandboxPayments):
    """A provider that authorizes without end."""

    async def call(self, request: PaymentCall) -> PaymentOutcome:
        outcome = await super().call(request)
        if request.act is PaymentAct.CAPTURE and outcome.verdict is PaymentVerdict.DECLINED:
            return PaymentOutcome(verdict=PaymentVerdict.SUCCEEDED, reference="more")
        return outcome


async def test_a_provider_that_captures_too_much_is_found_out() -> None:
    with pytest.raises(NotConforming):
        await payment_conformance(PaymentTrial(_Generous))
