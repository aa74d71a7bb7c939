"""A tax engine to practice with. What it does is decided by the postcode of the destination."""

import asyncio
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from doorstep.plug.tax import LineTax, TaxOutcome, TaxRequest, TaxVerdict

_SLOW_SECONDS = 30.0
_USUAL = "0.10"


class TaxScript(Struct, frozen=True):
    """One row: how the postcode ends, the rate, how long the answer takes, and whether there is one."""

    ending: str
    rate: str = _USUAL
    seconds: float = 0.0
    is_available: bool = True


TAX_SCRIPTS = (
    TaxScript(""),
    TaxScript("00", rate="0"),
    TaxScript("25", rate="0.25"),
    TaxScript("88", seconds=_SLOW_SECONDS),
    TaxScript("99", is_available=False),
)


class SandboxTax:
    """A tax engine for newcomers, tests and rehearsals. It taxes everything alike and knows no network."""

    name = "sandbox-tax"

    async def quote(self, request: TaxRequest) -> TaxOutcome:
        """The tax on what is asked about, after as long as the postcode says."""
        script = tax_script_of(request.destination.postcode)
        if script.seconds:
            await asyncio.sleep(script.seconds)
        if not script.is_available:
            return TaxOutcome(verdict=TaxVerdict.UNAVAILABLE, reason="the sandbox is closed for this postcode")
        lines = tuple(
            LineTax(line.position, _tax(line.amount_minor, script.rate, request), script.rate) for line in request.lines
        )
        delivery = _tax(request.delivery_minor, script.rate, request)
        return TaxOutcome(verdict=TaxVerdict.QUOTED, lines=lines, delivery_tax_minor=delivery)


def tax_script_of(postcode: str) -> TaxScript:
    """The row that a postcode asks for."""
    ends = (script for script in TAX_SCRIPTS if script.ending and postcode.strip().endswith(script.ending))
    return next(ends, TAX_SCRIPTS[0])


def tax_table() -> str:
    """The table as Markdown, for the documentation."""
    head = "| the postcode ends in | answer |\n|---|---|\n"
    return head + "".join(f"| {_ending(script)} | {_answer(script)} |\n" for script in TAX_SCRIPTS)


def _ending(script: TaxScript) -> str:
    return f"`{script.ending}`" if script.ending else "none of these"


def _answer(script: TaxScript) -> str:
    if not script.is_available:
        return "unavailable"
    late = f", after {script.seconds:g} seconds" if script.seconds else ""
    return f"{script.rate} on everything{late}"


def _tax(amount: int, rate: str, request: TaxRequest) -> int:
    share = Decimal(rate)
    exact = amount * share / (1 + share) if request.prices_include_tax else amount * share
    return int(exact.to_integral_value(ROUND_HALF_UP))
