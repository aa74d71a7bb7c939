"""Where an order's units are taken from, compared with every way there is to take them."""

from collections.abc import Iterator
from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from doorstep.stock.model.balances import Stock
from doorstep.stock.model.sourcing import Shelves, Shortage, Source, Taken, Want, by_place

PLACES, SKUS = ("A", "B", "C", "D"), ("MUG", "CUP", "PAN")
Free = dict[tuple[str, str], int]

_FREE = st.fixed_dictionaries({(sku, place): st.integers(-2, 4) for sku in SKUS for place in PLACES})
_LINES = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 4)), min_size=1, max_size=4)


# The location with most of everything is none of the two that have it all together.
_BEST_IS_NO_HELP: Free = dict.fromkeys(((sku, place) for sku in SKUS for place in PLACES), 0) | {
    **{("MUG", "A"): 2, ("CUP", "A"): 3, ("PAN", "A"): 2},
    **{("MUG", "B"): 3, ("CUP", "C"): 3, ("PAN", "C"): 3},
}
_THREE_OF_EACH = [("MUG", 3), ("CUP", 3), ("PAN", 3)]


def _want(key: str, lines: list[tuple[str, int]], deliveries_max: int = 99) -> Want:
    numbered = tuple((position, sku, count) for position, (sku, count) in enumerate(lines, 1))
    return Want(key, numbered, PLACES, deliveries_max)


def _shelves(free: Free, *, backorder: bool = False) -> Shelves:
    stocks = [Stock(sku, place, max(0, count), max(0, -count), 0) for (sku, place), count in free.items()]
    return Shelves(stocks, backorder=backorder)


def _sums(lines: list[tuple[str, int]]) -> dict[str, int]:
    return {sku: sum(count for one, count in lines if one == sku) for sku, _ in lines}


def _enough(free: Free, lines: list[tuple[str, int]], places: tuple[str, ...]) -> bool:
    there = {sku: sum(max(0, free[sku, place]) for place in places) for sku in SKUS}
    return all(there[sku] >= count for sku, count in _sums(lines).items())


def _fewest(free: Free, lines: list[tuple[str, int]]) -> int | None:
    """The smallest number of locations that have everything together, by trying them all."""
    ways = (count for count in range(1, 5) for some in combinations(PLACES, count) if _enough(free, lines, some))
    return next(ways, None)


def _sources(taken: Taken) -> list[Source]:
    return [one for one in taken if isinstance(one, Source)]


@example(_BEST_IS_NO_HELP, _THREE_OF_EACH, 2)
@given(_FREE, _LINES, st.integers(1, 4))
def test_an_order_is_taken_just_when_there_is_a_way(free: Free, lines: list[tuple[str, int]], most: int) -> None:
    taken = _shelves(free).take(_want("o", lines, most))
    fewest = _fewest(free, lines)
    assert bool(_sources(taken)) is (fewest is not None and fewest <= most)


@example(_BEST_IS_NO_HELP, _THREE_OF_EACH, 4)
@given(_FREE, _LINES, st.integers(1, 4))
def test_it_comes_from_as_few_locations_as_it_can(free: Free, lines: list[tuple[str, int]], most: int) -> None:
    places = {source.location for source in _sources(_shelves(free).take(_want("o", lines, most)))}
    assert not places or len(places) == _fewest(free, lines)


@given(_FREE, _LINES, st.integers(1, 4))
def test_it_is_all_of_every_line_or_nothing(free: Free, lines: list[tuple[str, int]], most: int) -> None:
    taken = _shelves(free).take(_want("o", lines, most))
    by_line = [sum(s.quantity for s in _sources(taken) if s.position == p) for p in range(1, len(lines) + 1)]
    assert by_line in ([count for _, count in lines], [0] * len(lines))
    assert all(source.sku == lines[source.position - 1][0] for source in _sources(taken))


@given(_FREE, st.lists(_LINES, min_size=1, max_size=6))
def test_no_unit_is_promised_twice(free: Free, orders: list[list[tuple[str, int]]]) -> None:
    shelves = _shelves(free)
    taken = [source for lines in orders for source in _sources(shelves.take(_want("o", lines)))]
    for place, count in free.items():
        assert sum(s.quantity for s in taken if (s.sku, s.location) == place) <= max(0, count)


@given(_FREE, _LINES)
def test_one_location_that_has_everything_is_preferred(free: Free, lines: list[tuple[str, int]]) -> None:
    able = [place for place in PLACES if _enough(free, lines, (place,))]
    places = {source.location for source in _sources(_shelves(free).take(_want("o", lines)))}
    assert not able or places == {able[0]}


@given(_FREE, _LINES, st.integers(1, 4))
def test_shortages_name_what_is_wanted_and_less_that_is_there(
    free: Free, lines: list[tuple[str, int]], most: int
) -> None:
    short = [one for one in _shelves(free).take(_want("o", lines, most)) if isinstance(one, Shortage)]
    assert all(one.available < one.wanted == _sums(lines)[one.sku] for one in short)
    assert all(lines[one.position - 1][0] == one.sku for one in short)


@given(_FREE, _LINES)
def test_shortages_count_all_locations_together(free: Free, lines: list[tuple[str, int]]) -> None:
    short = [one for one in _shelves(free).take(_want("o", lines)) if isinstance(one, Shortage)]
    there = {sku: sum(max(0, free[sku, place]) for place in PLACES) for sku in SKUS}
    assert {one.sku for one in short} == {sku for sku, count in _sums(lines).items() if there[sku] < count}
    assert all(one.available == there[one.sku] for one in short)


@given(_FREE, _LINES, st.integers(1, 4))
def test_with_backorder_everything_is_promised(free: Free, lines: list[tuple[str, int]], most: int) -> None:
    sources = _sources(_shelves(free, backorder=True).take(_want("o", lines, most)))
    assert sum(source.quantity for source in sources) == sum(count for _, count in lines)
    assert len({source.location for source in sources}) <= most


def test_with_backorder_an_order_that_no_location_ships_is_short() -> None:
    want = Want("o", ((1, "MUG", 1),), ())
    assert Shelves([], backorder=True).take(want) == (Shortage(1, "MUG", 1, 0),)


def test_safety_stock_is_promised_to_nobody() -> None:
    shelves = Shelves([Stock("MUG", "A", 5, 0, 0)], safety_stock=3)
    assert shelves.take(_want("o", [("MUG", 3)])) == (Shortage(1, "MUG", 3, 2),)


_PREFER = st.lists(
    st.builds(Source, st.sampled_from(PLACES), st.integers(1, 2), st.sampled_from(SKUS), st.integers(1, 4)), max_size=4
)


@given(_FREE, _LINES, _PREFER, st.integers(1, 4))
def test_what_is_preferred_changes_whence_an_order_comes_and_never_whether(
    free: Free, lines: list[tuple[str, int]], prefer: list[Source], most: int
) -> None:
    want = _want("o", lines, most)
    taken = _sources(_shelves(free).take(replace(want, prefer=tuple(prefer))))
    assert bool(taken) is bool(_sources(_shelves(free).take(want)))
    by_line = [sum(s.quantity for s in taken if s.position == p) for p in range(1, len(lines) + 1)]
    assert by_line in ([count for _, count in lines], [0] * len(lines))
    assert len({source.location for source in taken}) <= most


@given(_FREE, _LINES, st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_what_is_preferred_is_taken_if_all_of_it_is_free(
    free: Free, lines: list[tuple[str, int]], shares: list[int]
) -> None:
    want = _want("o", lines)
    prefer = tuple(_split(want, shares))
    wanted = by_place(prefer)
    taken = _shelves(free).take(replace(want, prefer=prefer))
    assert (taken == prefer) or any(free[place] < count for place, count in wanted.items())


def _split(want: Want, shares: list[int]) -> Iterator[Source]:
    """Each line from all places in turn, so many at a time."""
    for position, sku, count in want.lines:
        left, places = count, iter(PLACES)
        for share in (*shares, count):
            part = min(left, share)
            left -= part
            place = next(places)
            if part:
                yield Source(place, position, sku, part)
