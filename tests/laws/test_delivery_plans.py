"""The ways of delivery that are offered are the best there are: every possible way was tried to find out."""

from hypothesis import given, settings

from doorstep.journey.placement.model.delivering.by_order import ways_by_order
from doorstep.journey.placement.model.delivering.by_parcel import ways_by_parcel
from doorstep.journey.placement.model.delivering.ways import Case, Effort, Way
from tests.laws.cases import best_of, cases, every_value, parcels_of


@settings(max_examples=300)
@given(cases())
def test_priced_by_parcel_the_front_is_exact(case: Case) -> None:
    effort = Effort()
    ways = ways_by_parcel(case, effort)
    assert {way.value for way in ways} == best_of(every_value(case, None))
    assert len(ways) == len({way.value for way in ways})
    assert not effort.is_spent


@settings(max_examples=300)
@given(cases())
def test_priced_by_order_the_front_is_exact(case: Case) -> None:
    prices = [tariff.price(case.contents) for tariff in case.tariffs]
    ways, _ = ways_by_order(case, prices, Effort())
    assert {way.value for way in ways} == best_of(every_value(case, dict(enumerate(prices))))
    assert len(ways) == len({way.value for way in ways})


@given(cases())
def test_a_way_costs_what_it_says_and_takes_what_is_free(case: Case) -> None:
    for way in ways_by_parcel(case, Effort()):
        spread = _spread(case, way)
        assert [sum(counts) for counts in spread] == [demand.quantity for demand in case.demands]
        assert all(n <= free for c, row in zip(spread, case.free, strict=True) for n, free in zip(c, row, strict=True))
        parcels = parcels_of(case, spread)
        assert tuple(parcels) == way.locations
        prices = [case.tariffs[by].price(parcel) for by, parcel in zip(way.tariffs, parcels.values(), strict=True)]
        assert sum(price or 0 for price in prices) == way.cost
        assert None not in prices


@given(cases())
def test_priced_by_order_no_way_splits_a_line_that_its_locations_have_whole(case: Case) -> None:
    prices = [tariff.price(case.contents) for tariff in case.tariffs]
    pairs = list(zip(case.demands, case.free, strict=True))
    for way in ways_by_order(case, prices, Effort())[0]:
        whole = [any(row[at] >= demand.quantity for at in way.locations) for demand, row in pairs]
        assert way.splits == whole.count(False)
        assert way.splits == sum(sum(map(bool, counts)) > 1 for counts in _spread(case, way))


@given(cases())
def test_a_search_that_is_cut_short_says_so_and_still_finds_only_what_is_possible(case: Case) -> None:
    effort = Effort(3)
    found = {way.value for way in ways_by_parcel(case, effort)}
    assert found <= every_value(case, None)
    assert effort.is_spent or found == best_of(every_value(case, None))


def _spread(case: Case, way: Way) -> tuple[tuple[int, ...], ...]:
    units = dict(zip(way.locations, way.units, strict=True))
    return tuple(
        tuple(units[at][d] if at in units else 0 for at in range(case.places)) for d in range(len(case.demands))
    )
