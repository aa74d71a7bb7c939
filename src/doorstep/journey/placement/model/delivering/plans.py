"""Ways of delivery as shoppers choose them: parcels with prices, promised days and reasons. Pure."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec.structs import replace

from doorstep.journey.order import Counts, counted
from doorstep.journey.placement.model.delivering.explaining import parcel_why, way_why
from doorstep.journey.placement.model.delivering.quoting import quote
from doorstep.journey.placement.model.delivering.sending import Sending
from doorstep.journey.placement.model.delivering.ways import Way, contents_of
from doorstep.journey.placement.model.priced import DeliveryPlan, Parcel, Quote
from doorstep.kernel.money import split_minor
from doorstep.kernel.phrase import Phrase
from doorstep.plan.records import Plan, PricedBy, Rank

_ID_CHARS = 12
_RECOMMENDED = "recommended"
_ALL = (*(rank.value for rank in Rank), _RECOMMENDED)


def plan_of(sending: Sending, way: Way, quotes: Sequence[Quote]) -> DeliveryPlan:
    """A way with its prices as a delivery plan; what is best about it is not marked yet."""
    units = _units(sending, way)
    parcels = [_parcel(sending, way, place, units[place]) for place in range(len(way.locations))]
    if sending.plan.shipping.priced_by is PricedBy.PARCEL:
        priced = [
            replace(p, price_minor=q.price_minor, why=(*q.why, *p.why)) for p, q in zip(parcels, quotes, strict=True)
        ]
        return _plan(priced, way.cost, tuple(way_why(sending, way)))
    shares = split_minor(way.cost, [max(1, parcel.weight_grams) for parcel in parcels]) if parcels[1:] else [way.cost]
    priced = [replace(parcel, price_minor=share) for parcel, share in zip(parcels, shares, strict=True)]
    return _plan(priced, way.cost, (*way_why(sending, way), *quotes[0].why))


def quotes_of(sending: Sending, way: Way) -> tuple[Quote, ...]:
    """The price of each parcel of a way."""
    currency, demands = sending.plan.store.currency, sending.goods.demands
    contents = [contents_of((d.unit, n) for d, n in zip(demands, row, strict=True) if n) for row in way.units]
    found = [quote(sending.tariffs[by], some, currency) for by, some in zip(way.tariffs, contents, strict=True)]
    return tuple(one for one in found if one)


def ranked(plans: Iterable[DeliveryPlan], plan: Plan) -> list[DeliveryPlan]:
    """The best first, as the plan ranks."""
    return sorted(plans, key=lambda one: tuple(_worth(one, rank) for rank in _ranks(plan)))


def marked(plans: Sequence[DeliveryPlan], plan: Plan) -> list[DeliveryPlan]:
    """The best first, each marked with what it is best in; of several that are equal in that, the better one."""
    if len(plans) == 1:
        return [replace(plans[0], marks=_ALL)]
    best = ranked(plans, plan)
    marks: dict[str, list[str]] = {}
    for rank in Rank:
        marks.setdefault(min(best, key=lambda one: _worth(one, rank)).id, []).append(rank.value) if best else None
    if best:
        marks.setdefault(best[0].id, []).append(_RECOMMENDED)
    return [replace(one, marks=tuple(marks.get(one.id, ()))) for one in best]


def _worth(one: DeliveryPlan, rank: Rank) -> int:
    match rank:
        case Rank.FEWEST:
            return one.deliveries
        case Rank.CHEAPEST:
            return one.price_minor
        case Rank.FASTEST:
            return one.arrives_until.toordinal()


def _ranks(plan: Plan) -> tuple[Rank, ...]:
    """What counts first, second and last; what the plan does not say comes in the usual order."""
    said = plan.placement.rank_deliveries
    return (*said, *(rank for rank in Rank if rank not in said))


def _units(sending: Sending, way: Way) -> list[Counts]:
    """By parcel how many units of each line: lines of one item are served in their order."""
    left = {line.position: line.quantity for line in sending.goods.lines}
    found: list[Counts] = []
    for row in way.units:
        taken: list[tuple[int, int]] = []
        for demand, count in zip(sending.goods.demands, row, strict=True):
            for line in sending.goods.lines if count else ():
                part = min(count, left[line.position]) if line.item.sku == demand.sku else 0
                left[line.position] -= part
                count -= part
                taken.append((line.position, part))
        found.append(counted(taken))
    return found


def _parcel(sending: Sending, way: Way, place: int, units: Counts) -> Parcel:
    location, tariff = way.locations[place], way.tariffs[place]
    window = sending.windows[location, tariff]
    grams = sum(d.unit.grams * count for d, count in zip(sending.goods.demands, way.units[place], strict=True))
    return Parcel(
        location=sending.locations[location].id,
        service=sending.tariffs[tariff].service.id,
        units=units,
        weight_grams=grams,
        price_minor=0,
        leaves_at=window.leaves_at,
        arrives_from=window.arrives_from,
        arrives_until=window.arrives_until,
        why=tuple(parcel_why(sending, location, units, window)),
    )


def _plan(parcels: Sequence[Parcel], price: int, why: tuple[Phrase, ...]) -> DeliveryPlan:
    content = ";".join(sorted(f"{one.location}|{one.service}|{one.units}" for one in parcels))
    name = sha256(content.encode()).hexdigest()[:_ID_CHARS]
    return DeliveryPlan(id=f"way_{name}", parcels=tuple(parcels), price_minor=price, why=why)
