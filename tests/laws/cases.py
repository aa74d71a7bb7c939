"""Questions of how goods can be delivered, small enough to try every answer."""

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from doorstep.journey.placement.model.delivering.tariffs import Contents, Tariff
from doorstep.journey.placement.model.delivering.ways import Case, Demand, contents_of
from doorstep.plan.records import Rate, RateBand, Service, Surcharge

Value = tuple[int, int, int]
"""Deliveries, cost, last arrival."""

_DIVISOR = 5000
_prices = st.integers(0, 9)


def _bands(weights: list[int], prices: list[int]) -> tuple[RateBand, ...]:
    return tuple(
        RateBand(weight_grams_max=weight, price=price)
        for weight, price in zip(sorted(set(weights)), prices, strict=False)
    )


_rates = st.builds(
    Rate,
    zone=st.just("home"),
    transit_days=st.just(0),
    bands=st.builds(_bands, st.lists(st.integers(1, 6000), min_size=1, max_size=3), st.lists(_prices, min_size=3)),
    each_further_kg=st.none() | _prices,
    free_over=st.none() | st.just(50),
)
_surcharges = st.builds(
    Surcharge, id=st.just("s"), name=st.just("S"), amount=_prices, refused=st.sampled_from([False, False, True])
)
_tariffs = st.builds(
    Tariff,
    service=st.builds(Service, id=st.text("ab", min_size=1, max_size=3), name=st.just("x")),
    rate=_rates,
    zone=st.just("home"),
    value=st.sampled_from([10, 100]),
    divisor=st.just(_DIVISOR),
    by_kind=st.lists(_surcharges, max_size=2).map(lambda some: tuple((1 << bit, one) for bit, one in enumerate(some))),
)
_units = st.builds(
    Contents,
    st.integers(0, 3000),
    st.sampled_from([0, 0, 1_000_000, 9_000_000]),
    st.sampled_from([0, 0, 1, 2, 3]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of up to three demands of up to four units, at up to three locations, by up to three tariffs."""
    demands = [Demand(f"D{n}", draw(st.integers(1, 4)), draw(_units)) for n in range(draw(st.integers(1, 3)))]
    places = draw(st.integers(1, 3))
    tariffs = draw(st.lists(_tariffs, min_size=1, max_size=3))
    pairs = [(at, by) for at in range(places) for by in range(len(tariffs))]
    days = {pair: draw(st.integers(1, 4)) for pair in pairs if draw(st.integers(0, 4))}
    free = [[draw(st.integers(0, demand.quantity)) for _ in range(places)] for demand in demands]
    most = draw(st.integers(1, 3))
    return Case(demands=demands, free=free, days=days, tariffs=tariffs, places=places, most=most)


def spreads(case: Case) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to take each demand from the locations, by demand and location."""
    return product(*(_parts(demand.quantity, tuple(row)) for demand, row in zip(case.demands, case.free, strict=True)))


def every_value(case: Case, prices: Mapping[int, int | None] | None) -> set[Value]:
    """What every possible way comes to; with `prices` all of it goes by one tariff, which costs so much."""
    return {value for spread in spreads(case) for value in _values(case, spread, prices)}


def best_of(values: set[Value]) -> set[Value]:
    """Those than which none is better in something and worse in nothing."""
    return {
        one
        for one in values
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in values)
    }


def parcels_of(case: Case, spread: tuple[tuple[int, ...], ...]) -> dict[int, Contents]:
    """What each location sends, by location; those that send nothing are left out."""
    used = [at for at in range(case.places) if any(counts[at] for counts in spread)]
    return {
        at: contents_of((d.unit, counts[at]) for d, counts in zip(case.demands, spread, strict=True) if counts[at])
        for at in used
    }


def _values(
    case: Case, spread: tuple[tuple[int, ...], ...], prices: Mapping[int, int | None] | None
) -> Iterator[Value]:
    parcels = parcels_of(case, spread)
    if len(parcels) > case.most:
        return
    choices = [[by for by in range(len(case.tariffs)) if (at, by) in case.days] for at in parcels]
    for chosen in product(*choices):
        if prices is None:
            costs = [case.tariffs[by].price(parcel) for by, parcel in zip(chosen, parcels.values(), strict=True)]
        else:
            costs = [prices[chosen[0]]] if len(set(chosen)) == 1 else [None]
        if all(cost is not None for cost in costs):
            last = max(case.days[at, by] for at, by in zip(parcels, chosen, strict=True))
            yield len(parcels), sum(cost or 0 for cost in costs), last


def _parts(quantity: int, rooms: tuple[int, ...]) -> list[tuple[int, ...]]:
    choices = product(*(range(room + 1) for room in rooms))
    return [counts for counts in choices if sum(counts) == quantity]
