"""What the plan says about tax, as frozen records."""

from enum import StrEnum

from msgspec import Struct

STANDARD = "standard"
"""The class of what has none of its own."""

AS_GOODS, HIGHEST, NONE = "as_goods", "highest", "none"
"""Ways of taxing delivery that are not classes: by the shares of the goods' rates, by the highest of them, not."""


class TaxRounding(StrEnum):
    """What is rounded to whole minor units."""

    LINE = "line"
    TOTAL = "total"


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
