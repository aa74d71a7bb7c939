"""The checks that every provider must pass, for its authors to run: see the guide in `docs/providers.md`.

Each kind has a trial record, which says how to make a provider and what to try on it, and a tuple of checks. A check is
an async function of the trial that raises `NotConforming` with what was expected. No test framework is needed.

    for check in PAYMENT_CHECKS:
        await check(PaymentTrial(make=MyPayments))
"""

from doorstep.plug.conformance_carrier import CARRIER_CHECKS, CarrierCheck, CarrierTrial, carrier_conformance
from doorstep.plug.conformance_notification import (
    NOTIFICATION_CHECKS,
    NotificationCheck,
    NotificationTrial,
    notification_conformance,
)
from doorstep.plug.conformance_payment import PAYMENT_CHECKS, PaymentCheck, PaymentTrial, payment_conformance
from doorstep.plug.conformance_tax import TAX_CHECKS, TaxCheck, TaxTrial, tax_conformance
from doorstep.plug.conformance_verdict import NotConforming

__all__ = [
    "CARRIER_CHECKS",
    "NOTIFICATION_CHECKS",
    "PAYMENT_CHECKS",
    "TAX_CHECKS",
    "CarrierCheck",
    "CarrierTrial",
    "NotConforming",
    "NotificationCheck",
    "NotificationTrial",
    "PaymentCheck",
    "PaymentTrial",
    "TaxCheck",
    "TaxTrial",
    "carrier_conformance",
    "notification_conformance",
    "payment_conformance",
    "tax_conformance",
]
