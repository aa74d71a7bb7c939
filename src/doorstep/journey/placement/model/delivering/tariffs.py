"""What a service costs for goods of a weight, a size and a kind: the plan's tables as numbers. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.catalog.model import Item
from doorstep.plan.places import Place, surcharges_of, zone_of
from doorstep.plan.records import Plan, Rate, RateBand, Service, Surcharge

KG = 1000
FREE = Rate(zone="", transit_days=0, bands=(RateBand(weight_grams_max=10**12, price=0),))
"""The rate of a service that has none: what shoppers collect costs nothing."""


class Contents(Struct, frozen=True):
    """Goods as prices see them: weight in grams, volume in cubic millimeters, and which surcharges they bring about.

    `kinds` has a bit for each surcharge of the plan that depends on the goods.
    """

    grams: int
    mm3: int
    kinds: int


class Tariff(Struct, frozen=True, kw_only=True):
    """What a service costs to a place for goods of a total value.

    `always` is what the place alone adds; `by_kind` what goods of a kind add, or None where they are not carried.
    """

    service: Service
    rate: Rate
    zone: str
    value: int
    divisor: int
    always: tuple[Surcharge, ...] = ()
    by_kind: tuple[tuple[int, Surcharge], ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether the goods come to so much that the service is free."""
        return self.rate.free_over is not None and self.value >= self.rate.free_over

    def base(self, grams: int) -> int | None:
        """The price of a billable weight without surcharges; None when it is too heavy."""
        rate = self.rate
        if self.is_free:
            return 0
        if rate.value_bands:
            fitting = (
                band.price for band in rate.value_bands if band.value_max is None or self.value <= band.value_max
            )
            return next(fitting, None)
        band = next((band for band in rate.bands if grams <= band.weight_grams_max), None)
        if band:
            return band.price
        if rate.each_further_kg is None:
            return None
        return rate.bands[-1].price + self.further_kg(grams) * rate.each_further_kg

    def further_kg(self, grams: int) -> int:
        """The started kilograms above the last band."""
        return -((self.rate.bands[-1].weight_grams_max - grams) // KG)

    def added(self, kinds: int) -> int | None:
        """What surcharges add for goods of some kinds; None when they are not carried."""
        charges = self.charges(kinds)
        return None if any(one.refused for one in charges) else sum(one.amount for one in charges)

    def charges(self, kinds: int) -> tuple[Surcharge, ...]:
        """The surcharges that hold for goods of some kinds."""
        if not self.by_kind:
            return self.always
        return (*self.always, *(one for bit, one in self.by_kind if bit & kinds))

    def price(self, contents: Contents) -> int | None:
        """The price of some goods; None when they are not carried."""
        base, added = self.base(billable(contents, self.divisor)), self.added(contents.kinds)
        return None if base is None or added is None else base + added

    def steps(self, grams_max: int) -> Iterable[int]:
        """The billable weights up to which one price holds each, ascending, until `grams_max` is reached."""
        if self.is_free or self.rate.value_bands:
            yield grams_max
            return
        for band in self.rate.bands:
            yield min(band.weight_grams_max, grams_max)
            if band.weight_grams_max >= grams_max:
                return
        if self.rate.each_further_kg is not None:
            last = self.rate.bands[-1].weight_grams_max
            yield from (min(last + more * KG, grams_max) for more in range(1, self.further_kg(grams_max) + 1))


def tariffs(plan: Plan, place: Place, services: Iterable[Service], value: int) -> tuple[Tariff, ...]:
    """The tariffs of those services that go to a place at all."""
    zone = zone_of(plan, place)
    kinds = kinds_of_plan(plan)
    found = []
    for service in services:
        rate = next((rate for rate in service.rates if zone and rate.zone == zone.id), None)
        rate = FREE if service.pickup and not service.rates else rate
        if rate is None or (service.countries and place.country not in service.countries):
            continue
        held = tuple(surcharges_of(plan, place, service.id))
        found.append(
            Tariff(
                service=service,
                rate=rate,
                zone=zone.id if zone else "",
                value=value,
                divisor=plan.shipping.volume_divisor,
                always=tuple(one for one in held if not one.is_of_goods),
                by_kind=tuple((1 << kinds.index(one), one) for one in held if one.is_of_goods),
            )
        )
    return tuple(found)


def kinds_of_plan(plan: Plan) -> Sequence[Surcharge]:
    """The surcharges that depend on the goods: the bit of each is its place here."""
    return [one for one in plan.shipping.surcharges if one.is_of_goods] if plan.shipping.surcharges else []


def kinds_of(item: Item, kinds: Sequence[Surcharge]) -> int:
    """Which of the surcharges an item brings about."""
    return sum(1 << bit for bit, one in enumerate(kinds) if _holds(one, item))


def billable(contents: Contents, divisor: int) -> int:
    """The weight that is charged for: the weight, or the volume by the divisor (cubic centimeters to a kilogram)."""
    return max(contents.grams, volumetric(contents.mm3, divisor))


def volumetric(mm3: int, divisor: int) -> int:
    """What a volume counts as, in grams, rounded up: cubic millimeters by the divisor."""
    return -(-mm3 // divisor)


def _holds(surcharge: Surcharge, item: Item) -> bool:
    side = max(item.length_mm, item.width_mm, item.height_mm)
    return (
        (not surcharge.dangerous or item.is_dangerous)
        and (surcharge.side_mm_over is None or side > surcharge.side_mm_over)
        and (surcharge.weight_grams_over is None or item.weight_grams > surcharge.weight_grams_over)
    )
