"""What a shopper can choose from, what is chosen, and what is wrong with that. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.journey.addresses.rules import is_country
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.delivering.plans import marked, plan_of, ranked
from doorstep.journey.placement.model.delivering.quoting import in_one, quoted
from doorstep.journey.placement.model.delivering.sending import Goods, Sending, to_address, to_collect
from doorstep.journey.placement.model.delivering.solving import Solved, solve
from doorstep.journey.placement.model.delivering.standing import standing_way
from doorstep.journey.placement.model.delivering.ways import Way
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.priced import DeliveryOption, DeliveryPlan, Quote, Quoted
from doorstep.plan.records import Plan, PricedBy


class Delivery(Struct, frozen=True, kw_only=True):
    """How a checkout can be delivered and will be. `is_gone`: what was chosen is not possible any more.

    `least` is into how few deliveries it can be split, when those are more than the shopper wants; else 0.
    """

    options: tuple[DeliveryOption, ...] = ()
    plans: tuple[DeliveryPlan, ...] = ()
    chosen: DeliveryPlan | None = None
    quoted: Quoted | None = None
    is_gone: bool = False
    least: int = 0
    is_exact: bool = True


class _Found(Struct, frozen=True):
    """A plan with what it was made from."""

    plan: DeliveryPlan
    sending: Sending
    quotes: tuple[Quote, ...]


def delivery(checkout: Checkout, goods: Goods, market: Market, plan: Plan) -> Delivery:
    """How a checkout's goods can be delivered: what there is to choose, and what is chosen."""
    address = checkout.wishes.address
    known = address if address and is_country(address.country) else None
    sent = to_address(plan, goods, known.place, market) if known else None
    solved = [solve(one, plan.placement.deliveries_max) for one in (sent, to_collect(plan, goods, market)) if one]
    most = checkout.wishes.deliveries_max or plan.placement.deliveries_max
    every = [_found(answer, way) for answer in solved for way in answer.best]
    within = [found for found in every if found.plan.deliveries <= most]
    chosen = _chosen(checkout, solved, within, most)
    shown = _shown(within, chosen, plan)
    return Delivery(
        options=tuple(option for answer in solved for option in _options(answer)),
        plans=shown,
        chosen=next((one for one in shown if chosen and one.id == chosen.plan.id), None),
        quoted=_quoted(checkout, solved, chosen, market, plan),
        is_gone=bool(checkout.wishes.delivery) and (chosen is None or chosen.plan.id != checkout.wishes.delivery),
        least=min(found.plan.deliveries for found in every) if every and not within else 0,
        is_exact=all(answer.is_exact for answer in solved),
    )


def _found(answer: Solved, way: Way) -> _Found:
    quotes = answer.quotes(way)
    return _Found(plan_of(answer.sending, way, quotes), answer.sending, quotes)


def _chosen(checkout: Checkout, solved: Sequence[Solved], within: Sequence[_Found], most: int) -> _Found | None:
    """The plan that was chosen, if it is still possible; else the best of the service that was, or of all of them."""
    wishes = checkout.wishes
    if wishes.delivery:
        known = next((found for found in within if found.plan.id == wishes.delivery), None)
        if found := known or _still(checkout, solved):
            return found
    if wishes.service:
        within = _by_service(solved, wishes.service, within, most)
    elif not wishes.delivery:
        return None
    if len(within) < 2:
        return within[0] if within else None
    plans = ranked([found.plan for found in within], within[0].sending.plan)
    return next(found for found in within if found.plan.id == plans[0].id)


def _by_service(solved: Sequence[Solved], service: str, within: Sequence[_Found], most: int) -> list[_Found]:
    """What goes by a service alone, those that all others beat too."""
    for answer in solved:
        for at, tariff in enumerate(answer.sending.tariffs):
            if tariff.service.id == service:
                ways = answer.by_tariff.get(at, ())
                if len(answer.sending.tariffs) == 1:  # then all there is goes by it
                    return [found for found in within if found.sending is answer.sending]
                return [_found(answer, way) for way in ways if len(way.locations) <= most]
    return []


def _still(checkout: Checkout, solved: Sequence[Solved]) -> _Found | None:
    """The plan that was chosen before, though by now others are better, if all of it can still be had."""
    before = checkout.chosen
    if before is None or before.id != checkout.wishes.delivery:
        return None
    for answer in solved:
        if way := standing_way(answer.sending, before):
            found = _found(answer, way)
            if found.plan.id == before.id:
                return found
    return None


def _shown(within: Sequence[_Found], chosen: _Found | None, plan: Plan) -> tuple[DeliveryPlan, ...]:
    """What is delivered before what is collected, each the best first; what is chosen is among them."""
    sent = [found.plan for found in within if not found.sending.is_collected]
    collected = [found.plan for found in within if found.sending.is_collected]
    first, others = (sent, collected) if sent else (collected, [])
    shown = [*marked(first, plan), *ranked(others, plan)]
    if chosen and chosen.plan.id not in {one.id for one in shown}:
        shown.append(chosen.plan)
    return tuple(shown)


def _options(answer: Solved) -> Iterable[DeliveryOption]:
    is_by_parcel = answer.sending.plan.shipping.priced_by is PricedBy.PARCEL
    for at, (tariff, whole) in enumerate(zip(answer.sending.tariffs, answer.whole, strict=False)):
        best = min(answer.by_tariff.get(at, ()), key=lambda way: way.cost, default=None)
        quotes = answer.quotes(best) if best and is_by_parcel else (whole,) if whole else ()
        if quotes:
            price = sum(one.price_minor for one in quotes)
            why = in_one([reason for one in quotes for reason in one.why])
            yield DeliveryOption(tariff.service.id, tariff.service.name, price, tariff.rate.transit_days, why)


def _quoted(
    checkout: Checkout, solved: Sequence[Solved], chosen: _Found | None, market: Market, plan: Plan
) -> Quoted | None:
    """The prices of what is chosen; while nothing is possible, those of the service for everything as one."""
    quotes = chosen.quotes if chosen else ()
    if not quotes:
        whole = (one for answer in solved for one in answer.whole if one)
        quotes = tuple(one for one in whole if one.service == checkout.wishes.service)
    return quoted(quotes, checkout.quoted, plan, market.at) if quotes else None
