"""What is to be delivered, and from where and by what it can come: the plan and the market as a case to solve. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.delivering.promising import Lane, Window, promised
from doorstep.journey.placement.model.delivering.tariffs import Contents, Tariff, kinds_of, kinds_of_plan, tariffs
from doorstep.journey.placement.model.delivering.ways import Case, Demand, contents_of
from doorstep.journey.placement.model.market import Market
from doorstep.plan.places import Place
from doorstep.plan.records import Location, Plan


class Line(Struct, frozen=True):
    """A line to deliver; positions count from 1."""

    position: int
    item: Item
    quantity: int


class Goods(Struct, frozen=True):
    """All lines, what they come to, the demands they make together, and what all of it weighs and is."""

    lines: tuple[Line, ...]
    value: int
    demands: tuple[Demand, ...]
    contents: Contents

    @property
    def items(self) -> dict[str, Item]:
        """The items by SKU."""
        return {line.item.sku: line.item for line in self.lines}


class Sending(Struct, frozen=True, kw_only=True):
    """One manner of delivery, to an address or to be collected: who can send by what, and when that arrives.

    `windows` say when what a location sends by a tariff leaves and arrives, by the places of both. `late` is the
    location that sends what is nowhere in stock, and how many units of each demand that is.
    """

    plan: Plan
    goods: Goods
    locations: tuple[Location, ...]
    tariffs: tuple[Tariff, ...]
    at: datetime
    free: tuple[tuple[int, ...], ...]
    windows: Mapping[tuple[int, int], Window]
    late: tuple[int, tuple[int, ...]] | None = None

    @property
    def is_collected(self) -> bool:
        """Whether the shopper comes for it."""
        return self.tariffs[0].service.pickup if self.tariffs else False

    def case(self, most: int) -> Case:
        """The case to solve with at most so many deliveries."""
        return Case(
            demands=self.goods.demands,
            free=self.free,
            days={pair: window.arrives_until.toordinal() for pair, window in self.windows.items()},
            tariffs=self.tariffs,
            places=len(self.locations),
            most=most,
        )


def goods_of(lines: Sequence[Line], value: int, plan: Plan) -> Goods:
    """Lines as what has to be sent: those of one item together."""
    kinds = kinds_of_plan(plan)
    units: dict[str, Contents] = {}
    counts: dict[str, int] = {}
    for line in lines:
        item = line.item
        counts[item.sku] = counts.get(item.sku, 0) + line.quantity
        volume = item.length_mm * item.width_mm * item.height_mm
        units[item.sku] = Contents(item.weight_grams, volume, kinds_of(item, kinds) if kinds else 0)
    demands = tuple(Demand(sku, count, units[sku]) for sku, count in counts.items())
    return Goods(tuple(lines), value, demands, contents_of((one.unit, one.quantity) for one in demands))


def to_address(plan: Plan, goods: Goods, place: Place, market: Market) -> Sending:
    """Delivery to a place, from the locations that ship to its country."""
    services = [service for service in plan.shipping.services if not service.pickup]
    locations = tuple(one for one in plan.locations if not one.ships_to or place.country in one.ships_to)
    route = _Route(plan, locations, tariffs(plan, place, services, goods.value), place.country)
    return _sending(route, goods, market)


def to_collect(plan: Plan, goods: Goods, market: Market) -> Sending | None:
    """Collection at the locations that have it; None when the plan has no such service. It is priced by the zone of the
    first of them.
    """
    services = [service for service in plan.shipping.services if service.pickup]
    if not services:
        return None
    locations = tuple(one for one in plan.locations if one.pickup)
    place = Place(locations[0].country, "", locations[0].postcode)
    return _sending(_Route(plan, locations, tariffs(plan, place, services, goods.value), place.country), goods, market)


class _Route(Struct, frozen=True):
    """From where, by what and to which country something may go."""

    plan: Plan
    locations: tuple[Location, ...]
    tariffs: tuple[Tariff, ...]
    country: str


def _sending(route: _Route, goods: Goods, market: Market) -> Sending:
    """With what is free; what is nowhere free is promised from the first location that has all else, or the first."""
    free = [
        [min(one.quantity, market.free.get((one.sku, place.id), 0)) for place in route.locations]
        for one in goods.demands
    ]
    late = _late(goods, free) if market.is_endless and route.locations else None
    for row, lacks in zip(free, late[1] if late else (), strict=False):
        row[late[0] if late else 0] += lacks
    return Sending(
        plan=route.plan,
        goods=goods,
        locations=route.locations,
        tariffs=route.tariffs,
        at=market.at,
        free=tuple(map(tuple, free)),
        windows=_windows(route, market.at, late[0] if late else None),
        late=late,
    )


def _late(goods: Goods, free: Sequence[Sequence[int]]) -> tuple[int, tuple[int, ...]] | None:
    """Which location sends what is nowhere, and how much that is; None if everything is somewhere."""
    missing = tuple(max(0, one.quantity - sum(row)) for one, row in zip(goods.demands, free, strict=True))
    if not any(missing):
        return None
    there = [one.quantity - lacks for one, lacks in zip(goods.demands, missing, strict=True)]
    able = (at for at in range(len(free[0])) if all(row[at] >= n for row, n in zip(free, there, strict=True)))
    return next(able, 0), missing


def _windows(route: _Route, at: datetime, late: int | None) -> dict[tuple[int, int], Window]:
    zone, waits = route.plan.store.time_zone, timedelta(days=route.plan.stock.backorder_days)
    return {
        (place, by): promised(
            Lane(location, tariff.service, tariff.rate, route.country), zone, at + waits if place == late else at
        )
        for place, location in enumerate(route.locations)
        for by, tariff in enumerate(route.tariffs)
    }
