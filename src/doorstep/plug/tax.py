"""The contract of a tax engine: it says how much tax is due on goods and on their delivery.

It is asked while a shopper waits, so it has little time; an answer that comes too late is not waited for. Nothing is
booked by a quote, and the same request may be asked again under its key.
"""

from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class TaxedLine(Struct, frozen=True):
    """One line: what it costs in minor units after discounts, with tax or without as the request says."""

    position: int
    sku: str
    tax_class: str
    quantity: int
    amount_minor: int


class TaxPlace(Struct, frozen=True):
    """Where goods come from or go to, as far as it matters. `country` is ISO 3166 alpha-2."""

    country: str
    region: str = ""
    postcode: str = ""
    city: str = ""


class TaxRequest(Struct, frozen=True, kw_only=True):
    """What is to be taxed. `key` follows from all the rest, so that a request that is the same has the same key.

    `tax_id` is the buyer's, of a business. When `prices_include_tax`, the tax is within the amounts, else it comes on
    top of them.
    """

    key: str
    currency: str
    prices_include_tax: bool
    origin: TaxPlace
    destination: TaxPlace
    lines: tuple[TaxedLine, ...]
    delivery_minor: int
    tax_id: str = ""


class TaxVerdict(StrEnum):
    """Whether there is an answer."""

    QUOTED = "quoted"
    UNAVAILABLE = "unavailable"


class LineTax(Struct, frozen=True):
    """The tax of the line at a position, and the rate as a decimal text such as "0.0725", where there is just one."""

    position: int
    tax_minor: int
    rate: str = ""


class TaxOutcome(Struct, frozen=True, kw_only=True):
    """An engine's answer: the tax of every line and of the delivery, or for people why there is none."""

    verdict: TaxVerdict
    lines: tuple[LineTax, ...] = ()
    delivery_tax_minor: int = 0
    reason: str = ""


class TaxEngine(Protocol):
    """What a tax plug-in offers. It raises nothing expected: a service that does not answer is `UNAVAILABLE`."""

    name: str

    async def quote(self, request: TaxRequest) -> TaxOutcome:
        """The tax on what is asked about."""
        ...


def is_whole(outcome: TaxOutcome, request: TaxRequest) -> bool:
    """Whether an answer taxes every line once and nothing by more than is possible, so that it can be used."""
    amounts = {line.position: line.amount_minor for line in request.lines}
    taxes = {line.position: line.tax_minor for line in outcome.lines}
    if outcome.verdict is not TaxVerdict.QUOTED or len(outcome.lines) != len(amounts) or taxes.keys() != amounts.keys():
        return False
    pairs = [(taxes[position], amount) for position, amount in amounts.items()]
    pairs.append((outcome.delivery_tax_minor, request.delivery_minor))
    return all(0 <= tax <= amount or (tax >= 0 and amount and not request.prices_include_tax) for tax, amount in pairs)
