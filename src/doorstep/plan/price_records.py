"""Taxes and discount codes of the plan, as frozen records. Amounts are minor units of the store's currency."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

STANDARD = "standard"
"""The class of what has none of its own."""

AS_GOODS, HIGHEST, NONE = "as_goods", "highest", "none"
"""Ways of taxing delivery that are not classes: by the shares of the goods' rates, by the highest of them, not."""


TABLE = "table"
"""The provider of taxes that is none: the rates of the plan hold."""


class TaxRounding(StrEnum):
    """What is rounded to whole minor units."""

    LINE = "line"
    TOTAL = "total"


class WhenUnavailable(StrEnum):
    """What holds while an outside engine has no answer."""

    TABLE = "table"
    REFUSE = "refuse"


class TaxRate(Struct, frozen=True, kw_only=True):
    """One rate. `rate` is a decimal text such as "0.20". Without a region it is for the whole country."""

    country: str
    rate: str
    tax_class: str = STANDARD
    region: str = ""


class Tax(Struct, frozen=True, kw_only=True):
    """Prices are given with tax included, or without; how delivery is taxed, and what is rounded."""

    prices_include_tax: bool = True
    rates: tuple[TaxRate, ...] = ()
    delivery: str = STANDARD
    rounding: TaxRounding = TaxRounding.LINE
    zero_rate_business: bool = False
    provider: str = TABLE
    timeout_ms: int = 1500
    quote_minutes: int = 30
    when_unavailable: WhenUnavailable = WhenUnavailable.TABLE


class Discount(Struct, frozen=True, kw_only=True):
    """What a code takes off, on what, for whom and when. The id is the code; its capitals do not matter.

    `percent` is a decimal text such as "12.5", empty when the code takes off an amount or nothing but the delivery.
    `valid_until` is its last day. Items are SKUs, or patterns such as "GIFT-*".
    """

    id: str
    percent: str = ""
    amount: int = 0
    free_delivery: bool = False
    at_most: int | None = None
    minimum: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    total: int | None = None
    per_customer: int | None = None
    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    combines: bool = True
