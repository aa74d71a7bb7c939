"""A recording accounts for every line once, the shipped slice included."""

from collections import Counter
from pathlib import Path

import pytest

from doorstep.kernel.errors import Refused
from doorstep.rehearsal.recording.journal import Recording, Unusable, read_recording, recorded
from doorstep.rehearsal.recording.read import Unreadable
from tests.unit.rehearsal.a_recording import a_file, a_line

SLICE = Path(__file__).parents[3] / "examples" / "online_retail" / "online_retail_slice.csv.xz"


def accounted(recording: Recording) -> Counter[int]:
    """How often each line number appears in a recording; a canceled line counts once, in however many parts."""
    numbers = Counter(number for i in recording.invoices for line in i.lines for number in line.line_numbers)
    numbers.update(number for group in recording.not_goods for number in group.line_numbers)
    numbers.update(line.line_number for line in recording.unusable)
    for cancellation in recording.cancellations:
        matched = {part.line_number for part in cancellation.parts}
        numbers.update(matched | {left.line_number for left in cancellation.unmatched})
    return numbers


def test_every_line_is_accounted_for_and_money_that_is_not_goods_is_summed() -> None:
    recording = recorded(
        [
            a_line(2),
            a_line(3, sku="POST", unit_price_minor=1800, quantity=2),
            a_line(4, sku="POST", unit_price_minor=1500, invoice="C2", quantity=-1),
            a_line(5, invoice="C3", quantity=-1, day=1),
            a_line(6, invoice="4", country="Atlantis"),
        ],
        [Unreadable(7, "The line has 1 columns, not 8.", "x")],
        None,
    )
    assert accounted(recording) == Counter(range(2, 8))
    (postage,) = recording.not_goods
    assert (postage.code, postage.lines, postage.quantity, postage.money_minor) == ("POST", 2, 1, 2100)
    assert Unusable(7, "", "The line has 1 columns, not 8.") in recording.unusable
    assert [without.number for without in recording.without_goods] == ["C2", "4"]
    assert (recording.lines_read, recording.lines_after) == (6, 0)


def test_orders_max_keeps_the_first_orders_and_what_happened_up_to_the_last_of_them() -> None:
    lines = [
        a_line(2, invoice="3", day=4),
        a_line(3),
        a_line(4, invoice="C2", day=1, quantity=-1),
        a_line(5, invoice="2", day=2, sku="10002"),
        a_line(6, invoice="C4", day=3, quantity=-1),
        a_line(7, invoice="5", day=5, sku="POST"),
    ]
    recording = recorded(lines, [], 2)
    assert [invoice.number for invoice in recording.invoices] == ["1", "2"]
    assert [cancellation.number for cancellation in recording.cancellations] == ["C2"]
    assert [item.sku for item in recording.items] == ["10001", "10002"]
    assert (recording.lines_read, recording.lines_after, recording.not_goods) == (6, 3, ())
    assert recorded(lines, [], 99).lines_after == 0


def test_names_that_are_no_country_are_counted() -> None:
    lines = [a_line(2, country="Unspecified"), a_line(3, invoice="2", country="EIRE")]
    assert recorded(lines, [], None).countries_assumed == (("Unspecified", 1),)


def test_a_wrong_header_and_less_than_one_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="The header is not InvoiceNo"):
        read_recording(a_file(tmp_path, header="a,b"), None)
    with pytest.raises(Refused, match="at least 1"):
        read_recording(a_file(tmp_path), 0)


def test_a_file_without_lines_is_an_empty_recording(tmp_path: Path) -> None:
    recording = read_recording(a_file(tmp_path), 10)
    assert (recording.invoices, recording.items, recording.lines_read) == ((), (), 0)


@pytest.mark.parametrize("orders_max", [None, 100])
def test_the_shipped_slice_is_accounted_for(orders_max: int | None) -> None:
    recording = read_recording(SLICE, orders_max)
    accounts = accounted(recording)
    assert set(accounts.values()) == {1}
    assert len(accounts) + recording.lines_after == recording.lines_read == 15_154
    assert len(recording.invoices) == (orders_max or 588)


def test_the_shipped_slice_is_small_and_as_varied_as_the_year() -> None:
    recording = read_recording(SLICE, None)
    assert SLICE.stat().st_size <= 200_000
    assert len({invoice.country_name for invoice in recording.invoices}) == 37
    assert len(recording.not_goods) == 19
    assert len({line.reason for line in recording.unusable}) == 4
    assert sum(bool(cancellation.parts) for cancellation in recording.cancellations) == 107
