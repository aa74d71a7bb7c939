"""A way of delivery that was chosen before, found again among what is possible by now. Pure."""

from doorstep.journey.placement.model.delivering.sending import Sending
from doorstep.journey.placement.model.delivering.ways import Way, contents_of
from doorstep.journey.placement.model.priced import DeliveryPlan
from doorstep.plan.records import PricedBy


def standing_way(sending: Sending, before: DeliveryPlan) -> Way | None:
    """The same way at today's prices and days; None when goods, stock, locations or services do not allow it."""
    places = {location.id: at for at, location in enumerate(sending.locations)}
    services = {tariff.service.id: at for at, tariff in enumerate(sending.tariffs)}
    if any(one.location not in places or one.service not in services for one in before.parcels):
        return None
    parcels = sorted(before.parcels, key=lambda one: places[one.location])
    locations = tuple(places[one.location] for one in parcels)
    tariffs = tuple(services[one.service] for one in parcels)
    units = tuple(_by_demand(sending, dict(one.units)) for one in parcels)
    cost = _cost(sending, tariffs, units)
    if cost is None or not _is_free(sending, locations, units):
        return None
    windows = [sending.windows[at, by] for at, by in zip(locations, tariffs, strict=True)]
    return Way(
        locations=locations,
        tariffs=tariffs,
        units=units,
        cost=cost,
        arrival=max(window.arrives_until.toordinal() for window in windows),
        splits=0,
    )


def _by_demand(sending: Sending, units: dict[int, int]) -> tuple[int, ...]:
    lines = sending.goods.lines
    return tuple(
        sum(units.get(line.position, 0) for line in lines if line.item.sku == demand.sku)
        for demand in sending.goods.demands
    )


def _is_free(sending: Sending, locations: tuple[int, ...], units: tuple[tuple[int, ...], ...]) -> bool:
    """Whether it is all that is wanted, and there."""
    wanted = [demand.quantity for demand in sending.goods.demands]
    pairs = zip(locations, units, strict=True)
    there = all(count <= sending.free[index][at] for at, row in pairs for index, count in enumerate(row))
    return there and [sum(counts) for counts in zip(*units, strict=True)] == wanted


def _cost(sending: Sending, tariffs: tuple[int, ...], units: tuple[tuple[int, ...], ...]) -> int | None:
    if sending.plan.shipping.priced_by is PricedBy.ORDER:
        one_service = len(set(tariffs)) == 1
        return sending.tariffs[tariffs[0]].price(sending.goods.contents) if one_service else None
    demands = sending.goods.demands
    contents = [contents_of((d.unit, n) for d, n in zip(demands, row, strict=True) if n) for row in units]
    prices = [sending.tariffs[by].price(some) for by, some in zip(tariffs, contents, strict=True)]
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None
