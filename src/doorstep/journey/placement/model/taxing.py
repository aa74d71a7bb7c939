"""Which tax rate holds where and for what, and the tax within amounts or on top of them. Pure.

Rates are counted in millionths, so that all of it is whole numbers; halves are rounded up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from doorstep.journey.placement.model.regions import region_code
from doorstep.journey.placement.model.vat import is_reverse_charge
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.money import split_minor
from doorstep.kernel.phrase import Phrase, phrase
from doorstep.plan.price_records import AS_GOODS, HIGHEST, NONE, STANDARD, TaxRate, TaxRounding
from doorstep.plan.records import Plan

_ONE = 1_000_000


class Levy(Struct, frozen=True):
    """A rate that holds: as the plan writes it, in millionths, and in words why it is this one."""

    rate: str = ""
    millionths: int = 0
    why: Phrase | None = None


class Piece(Struct, frozen=True):
    """An amount that one rate is for."""

    amount: int
    levy: Levy


Share: TypeAlias = tuple[str, int]
"""A class of goods, and what they come to."""

UNTAXED = Levy()
_REVERSE_CHARGE = Levy("0", 0, phrase("no tax: the business accounts for it itself (reverse charge)"))


class Taxing(Struct, frozen=True):
    """How a checkout is taxed: the rates by class in its region and in its country, and what the plan says.

    With `is_zero_rated` no tax is paid, and prices that include tax are reduced to what they are without it.
    """

    regional: Mapping[str, Levy]
    national: Mapping[str, Levy]
    includes: bool
    by_total: bool
    delivery: str
    is_zero_rated: bool = False

    def usual(self, tax_class: str) -> Levy:
        """The rate of a class: the region's before the country's, there the class's own before the standard one."""
        for rates in (self.regional, self.national):
            if found := rates.get(tax_class) or rates.get(STANDARD):
                return found
        return UNTAXED

    def levy(self, tax_class: str) -> Levy:
        """The rate that this buyer pays for a class."""
        return _REVERSE_CHARGE if self.is_zero_rated else self.usual(tax_class)

    def price(self, amount: int, tax_class: str) -> int:
        """A price of the plan or the catalog as this buyer pays it."""
        if not (self.is_zero_rated and self.includes):
            return amount
        return amount - _tax(amount, self.usual(tax_class).millionths, includes=True)

    def total(self, amount: int, tax: int) -> int:
        """What is paid for a priced amount."""
        return amount if self.includes else amount + tax

    def taxes(self, pieces: Sequence[Piece]) -> list[int]:
        """The tax of each piece; rounded one by one, or for each rate together and then split to the cent."""
        if not self.by_total:
            return [_tax(piece.amount, piece.levy.millionths, includes=self.includes) for piece in pieces]
        taxes = [0] * len(pieces)
        for rate in {piece.levy.millionths for piece in pieces}:
            places = [place for place, piece in enumerate(pieces) if piece.levy.millionths == rate]
            amounts = [pieces[place].amount for place in places]
            whole = _tax(sum(amounts), rate, includes=self.includes)
            for place, part in zip(places, split_minor(whole, amounts), strict=True):
                taxes[place] = part
        return taxes

    def delivery_price(self, amount: int, goods: Sequence[Share]) -> int:
        """The price of delivery as this buyer pays it."""
        if not (self.is_zero_rated and self.includes):
            return amount
        pieces = self._by_rate(amount, goods, self.usual)
        return amount - sum(_tax(piece.amount, piece.levy.millionths, includes=True) for piece in pieces)

    def delivery_pieces(self, amount: int, goods: Sequence[Share]) -> list[Piece]:
        """The price of delivery, by the rates that hold for it; `goods` are what each class of goods comes to."""
        return self._by_rate(amount, goods, self.levy)

    def _by_rate(self, amount: int, goods: Sequence[Share], levy: Callable[[str], Levy]) -> list[Piece]:
        if self.delivery not in (AS_GOODS, HIGHEST, NONE):
            return [Piece(amount, levy(self.delivery))]
        if self.delivery == NONE or not goods:
            return [Piece(amount, UNTAXED)]
        if self.delivery == HIGHEST:
            return [Piece(amount, max((levy(tax_class) for tax_class, _ in goods), key=_height))]
        parts = split_minor(amount, [value for _, value in goods])
        return [Piece(part, levy(tax_class)) for (tax_class, _), part in zip(goods, parts, strict=True)]


def taxing(wishes: Wishes, plan: Plan) -> Taxing:
    """How the plan taxes what is wished, where it goes."""
    rules, to = plan.tax, wishes.address
    here = [rate for rate in rules.rates if to and rate.country == to.country]
    region = region_code(to.country, to.region) if to and any(rate.region for rate in here) else ""
    return Taxing(
        regional=_levies(rate for rate in here if rate.region and region_code(rate.country, rate.region) == region),
        national=_levies(rate for rate in here if not rate.region),
        includes=rules.prices_include_tax,
        by_total=rules.rounding is TaxRounding.TOTAL,
        delivery=rules.delivery,
        is_zero_rated=is_reverse_charge(wishes, plan),
    )


def _levies(rates: Iterable[TaxRate]) -> Mapping[str, Levy]:
    return {rate.tax_class: _levy(rate) for rate in rates}


@lru_cache(1024)
def _levy(rate: TaxRate) -> Levy:
    place = f"{rate.region}, {rate.country}" if rate.region else rate.country
    millionths = _millionths(rate.rate)
    why = phrase(
        "{percent} %: the rate in {place} for {tax_class}",
        percent=_percent(millionths),
        place=place,
        tax_class=rate.tax_class,
    )
    return Levy(rate.rate, millionths, why)


def _millionths(rate: str) -> int:
    """A decimal from 0 to 1 with at most six digits after the point, exactly."""
    whole, _, fraction = rate.partition(".")
    return int(whole) * _ONE + int(f"{fraction:0<6}")


def _percent(millionths: int) -> str:
    whole, rest = divmod(millionths, 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def _tax(amount: int, millionths: int, *, includes: bool) -> int:
    """Tax within an amount, or on top of it."""
    base = _ONE + millionths if includes else _ONE
    return (2 * amount * millionths + base) // (2 * base)


def _height(levy: Levy) -> int:
    return levy.millionths
