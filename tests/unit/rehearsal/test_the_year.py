"""The whole recorded year, where the file is at hand."""

import lzma
import runpy
import time
from collections import Counter
from pathlib import Path

import pytest

from doorstep.rehearsal.recording.journal import Recording, read_recording
from tests.unit.rehearsal.test_journal import SLICE, accounted

YEAR = Path(__file__).parents[4] / "shared" / "data" / "online_retail.csv.xz"

pytestmark = pytest.mark.skipif(
    not YEAR.exists(),
    reason="The full recorded year is not at ../shared/data/online_retail.csv.xz beside the repository.",
)


@pytest.fixture(scope="module")
def year() -> Recording:
    return read_recording(YEAR, None)


def test_every_line_of_the_year_is_accounted_for_once(year: Recording) -> None:
    assert accounted(year) == Counter(range(2, 541_911))
    assert (year.lines_read, year.lines_after) == (541_909, 0)


def test_every_invoice_and_cancellation_is_replayed_or_listed(year: Recording) -> None:
    numbers = [invoice.number for invoice in year.invoices]
    numbers += [cancellation.number for cancellation in year.cancellations]
    numbers += [without.number for without in year.without_goods]
    assert len(numbers) == len(set(numbers)) == 25_900
    assert (len(year.invoices), len(year.cancellations)) == (19_770, 3_420)


def test_no_unit_of_the_year_is_canceled_twice_or_before_it_was_bought(year: Recording) -> None:
    invoices = {invoice.number: invoice for invoice in year.invoices}
    canceled: Counter[tuple[str, int]] = Counter()
    for cancellation in year.cancellations:
        for part in cancellation.parts:
            canceled[part.order_invoice, part.position] += part.quantity
            assert invoices[part.order_invoice].at <= cancellation.at
    assert all(units <= invoices[number].lines[position].quantity for (number, position), units in canceled.items())
    assert sum(canceled.values()) == 252_453


def test_the_year_is_read_in_seconds() -> None:
    begun = time.process_time()
    read_recording(YEAR, 1_000)
    assert time.process_time() - begun < 20


def test_the_slice_is_what_its_script_makes_of_the_year() -> None:
    script = runpy.run_path(str(SLICE.with_name("make_slice.py")))
    assert script["slice_of"](YEAR) == lzma.decompress(SLICE.read_bytes()).decode()
