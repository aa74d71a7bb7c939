"""Money as integer minor units with its ISO 4217 currency. There is no rounding here but the one that is named."""

import re
from collections.abc import Sequence
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from itertools import starmap

from msgspec import Struct

from doorstep.kernel.errors import Refused
from doorstep.kernel.limits import MINOR_UNITS_MAX

# ISO 4217:2015 minor units that are not 2. Codes without a minor unit (gold, testing) are not money here.
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
        ),
        0,
    ),
    "XPF": 0,
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_TWO_DIGITS = frozenset(
    re.findall(
        r"[A-Z]{3}",
        """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED
    VES WST XCD YER ZAR ZMW ZWG
""",
    )
)

# More digits than any amount has, and an error instead of a rounded result.
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation, Overflow])


def exponent(currency: str) -> int:
    """Digits after the decimal point of a currency's minor unit, as ISO 4217 lists it."""
    if currency in _TWO_DIGITS:
        return 2
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise Refused(
            "unknown_currency", f"{currency!r} is not an ISO 4217 currency code, such as EUR or GBP."
        ) from None


class Money(Struct, frozen=True, order=False):
    """An amount of one currency in its minor units (cents). Adding two currencies is refused, not converted."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read a decimal such as "12.50" exactly; more digits than the currency has are refused, never rounded."""
        return cls(parse_minor(text, currency), currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def __str__(self) -> str:
        return f"{format_minor(self.minor, self.currency)} {self.currency}"

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Split over parts in proportion to whole weights, to the cent: see `split_minor`."""
        return [Money(part, self.currency) for part in split_minor(self.minor, weights)]

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise Refused("mixed_currencies", f"{self} and {other} cannot be added: the currencies differ.")
        return other


def parse_minor(text: str, currency: str) -> int:
    """Minor units of a decimal text, exactly."""
    digits = exponent(currency)
    try:
        amount = Decimal(text)
        if not amount.is_finite() or amount.copy_abs() > MINOR_UNITS_MAX:
            raise Refused("bad_amount", f"{text!r} is not an amount that an order can have.")
        amount = amount.scaleb(digits, _EXACT)
    except Inexact:
        raise Refused("bad_amount", f"{text!r} has more digits after the point than {currency} has.") from None
    except DecimalException:
        raise Refused("bad_amount", f"{text!r} is not an amount; write it like 12.50.") from None
    if amount.copy_abs() > MINOR_UNITS_MAX:
        raise Refused("bad_amount", f"{text!r} is not an amount that an order can have.")
    if amount != amount.to_integral_value():
        raise Refused("bad_amount", f"{text!r} has more digits after the point than {currency} has.")
    return int(amount)


def format_minor(minor: int, currency: str) -> str:
    """A plain decimal such as "-12.50", for tables, logs and files; people's pages format by locale instead."""
    digits = exponent(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def split_minor(total: int, weights: Sequence[int]) -> list[int]:
    """Largest remainder (Hamilton): shares whose sum is exactly `total`, each within one unit of its proportion.

    Ties go to the earlier part. Weights are whole and not negative; when all are zero the parts are equal. A negative
    total is split as its mirror image.
    """
    if not weights:
        raise ValueError("nothing to split over")
    if min(weights) < 0:
        raise ValueError("a weight is negative")
    if total < 0:
        return [-part for part in split_minor(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        return split_minor(total, [1] * len(weights))
    shares, remainders = zip(*starmap(divmod, ((total * weight, whole) for weight in weights)), strict=True)
    parts = list(shares)
    left = total - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return parts


def part_of(total: int, quantity: int, count: int) -> int:
    """Value of the first `count` of `quantity` equal units worth `total`, rounded down.

    The value of units a to b is `part_of(b) - part_of(a)`, so that however a line is captured or refunded bit by bit,
    the bits sum to the line exactly.
    """
    return total * count // quantity
