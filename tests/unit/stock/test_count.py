"""A count of stock: read strictly, taken in once, and never below what is promised."""

from datetime import UTC, datetime

from doorstep.kernel.sheet import BadLine
from doorstep.stock.model.balances import Stock
from doorstep.stock.model.counting import Counted, Found, Tally, read_counts, tallied

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
PLACE = ("TEA", "north")


def tally(*counts: Counted, skip_bad: bool = False) -> Tally:
    return Tally(name="count:may", at=NOON, counts=counts, skip_bad=skip_bad)


def found(stock: Stock, **given: set[tuple[str, str]]) -> Found:
    return Found(stocks={PLACE: stock}, new=given.get("new", set()), earlier=given.get("earlier", set()))


def test_a_line_is_a_count() -> None:
    counts, bad = read_counts(b"sku,location,on_hand\nTEA,north,5\n", ["north", "south"])
    assert (counts, bad) == ((Counted(2, "TEA", "north", 5),), ())


def test_an_unknown_location_is_answered_with_the_one_that_was_meant() -> None:
    _, bad = read_counts(b"sku,location,on_hand\nTEA,nort,5\n", ["north", "south"])
    assert bad == (BadLine(2, "location", 'The plan has no location "nort". Did you mean "north"?'),)


def test_a_place_is_counted_once_in_a_file() -> None:
    _, bad = read_counts(b"sku,location,on_hand\nTEA,north,5\nTEA,north,6\n", ["north"])
    assert bad == (BadLine(3, "sku", '"TEA" at north stands on line 2 already.'),)


def test_a_count_becomes_what_is_on_hand() -> None:
    outcome = tallied(tally(Counted(2, *PLACE, 5)), found(Stock(*PLACE, 8, 1, 2)), backorder=False)
    assert [(one.cause, one.on_hand) for one in outcome.movements] == [("count:may", -3)]
    assert outcome.changed == ((Counted(2, *PLACE, 5), 8),)


def test_a_count_of_the_same_name_means_nothing_the_second_time() -> None:
    outcome = tallied(tally(Counted(2, *PLACE, 5)), found(Stock(*PLACE, 8, 0, 0), earlier={PLACE}), backorder=False)
    assert (outcome.movements, outcome.earlier) == ((), 1)


def test_less_than_is_promised_cannot_be_counted() -> None:
    outcome = tallied(tally(Counted(2, *PLACE, 2)), found(Stock(*PLACE, 8, 1, 2)), backorder=False)
    assert outcome.bad == (BadLine(2, "on_hand", "3 are promised to orders, so it cannot be 2."),)
    assert outcome.movements == ()


def test_where_backorders_are_sold_less_may_be_there_than_is_promised() -> None:
    outcome = tallied(tally(Counted(2, *PLACE, 2)), found(Stock(*PLACE, 8, 1, 2)), backorder=True)
    assert (outcome.bad, outcome.movements[0].on_hand) == ((), -6)


def test_one_bad_line_keeps_the_good_ones_out_unless_it_is_skipped() -> None:
    counted = tally(Counted(2, *PLACE, 5), Counted(3, "CUP", "north", 4)).knowing({"TEA"})
    stock = found(Stock(*PLACE, 0, 0, 0), new={PLACE})
    assert counted.bad == (BadLine(3, "sku", 'There is no item "CUP". Import the items first.'),)
    assert tallied(counted, stock, backorder=False).new == 0
    skipping = tally(*counted.counts, skip_bad=True).knowing({"TEA"})
    assert tallied(skipping, stock, backorder=False).new == 1
