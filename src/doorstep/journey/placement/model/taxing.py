"""Tax within an amount or on top of it, as the plan says. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from doorstep.plan.records import Plan

_NO_TAX = Decimal(0)


def rate_of(plan: Plan, country: str, tax_class: str) -> Decimal:
    found = (rate.rate for rate in plan.tax.rates if rate.country == country and rate.tax_class == tax_class)
    return Decimal(next(found, _NO_TAX))


def tax_of(amount: int, rate: Decimal, plan: Plan) -> int:
    """Tax within an amount, or on top of it, rounded half up per line."""
    tax = amount * rate / (1 + rate) if plan.tax.prices_include_tax else amount * rate
    return int(tax.to_integral_value(ROUND_HALF_UP))
