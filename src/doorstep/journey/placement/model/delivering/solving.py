"""The best ways of one manner of delivery: over all its services, and for each of them. Pure."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.delivering.by_order import ways_by_order
from doorstep.journey.placement.model.delivering.by_parcel import ways_by_parcel
from doorstep.journey.placement.model.delivering.plans import quotes_of
from doorstep.journey.placement.model.delivering.quoting import quote
from doorstep.journey.placement.model.delivering.sending import Sending
from doorstep.journey.placement.model.delivering.ways import Case, Effort, Way
from doorstep.journey.placement.model.priced import Quote
from doorstep.plan.records import PricedBy


class Solved(Struct, frozen=True, kw_only=True):
    """The front over all services, the front of each (by its place among the tariffs), and whether they are exact.

    They are not when the search was cut short because too much was to be tried; each way is possible all the same.
    `whole` are the prices of everything as one, by tariff; None where it is not carried.
    """

    sending: Sending
    whole: tuple[Quote | None, ...] = ()
    best: Sequence[Way] = ()
    by_tariff: Mapping[int, Sequence[Way]] = {}
    is_exact: bool = True

    def quotes(self, way: Way) -> tuple[Quote, ...]:
        """What a way costs: one price, or that of each parcel, as the plan says."""
        if self.sending.plan.shipping.priced_by is PricedBy.PARCEL:
            return quotes_of(self.sending, way)
        one = self.whole[way.tariffs[0]]
        return (one,) if one else ()


def solve(sending: Sending, most: int) -> Solved:
    """Solve one manner of delivery with at most so many deliveries."""
    if not sending.goods.demands:
        return Solved(sending=sending)
    currency, contents = sending.plan.store.currency, sending.goods.contents
    whole = tuple(quote(tariff, contents, currency) for tariff in sending.tariffs)
    if not sending.tariffs or not sending.locations:
        return Solved(sending=sending, whole=whole)
    case, effort = sending.case(most), Effort()
    if sending.plan.shipping.priced_by is PricedBy.ORDER:
        prices = [one.price_minor if one else None for one in whole]
        best, by_tariff = ways_by_order(case, prices, effort)
    else:
        best = ways_by_parcel(case, effort)
        tariffs = range(len(sending.tariffs))
        by_tariff = {at: best if len(tariffs) == 1 else ways_by_parcel(_alone(case, at), effort) for at in tariffs}
    return Solved(sending=sending, whole=whole, best=best, by_tariff=by_tariff, is_exact=not effort.is_spent)


def _alone(case: Case, tariff: int) -> Case:
    """The case with one tariff only; the others stay in their places."""
    days = {(at, by): day for (at, by), day in case.days.items() if by == tariff}
    return Case(
        demands=case.demands, free=case.free, days=days, tariffs=case.tariffs, places=case.places, most=case.most
    )
