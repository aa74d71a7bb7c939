"""Lines are read exactly or named as unreadable; a damaged file is refused."""

import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from doorstep.kernel.errors import Missing, Refused
from doorstep.rehearsal.recording.read import Line, Unreadable, read_lines
from tests.unit.rehearsal.a_recording import a_file

GOOD = "536365,85123a ,WHITE HEART,6,2010-12-01 08:26,2.55,17850,United Kingdom"


def only(path: Path) -> Line | Unreadable:
    (line,) = read_lines(path)
    return line


def test_a_good_line_is_read_with_its_line_number(tmp_path: Path) -> None:
    at = datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    expected = Line(2, "536365", "85123A", "WHITE HEART", 6, at, 255, "17850", "United Kingdom")
    assert only(a_file(tmp_path, GOOD)) == expected


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2011-07-01 09:00", "2011-07-01T08:00+00:00"),
        ("2011-12-01 09:00", "2011-12-01T09:00+00:00"),
        ("2011-10-30 01:30", "2011-10-30T00:30+00:00"),  # twice on that clock: the first pass
        ("2011-03-27 01:30", "2011-03-27T01:30+00:00"),  # never on that clock
    ],
)
def test_shop_time_becomes_utc(tmp_path: Path, local: str, utc: str) -> None:
    line = only(a_file(tmp_path, GOOD.replace("2010-12-01 08:26", local)))
    assert isinstance(line, Line)
    assert line.at == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("pounds", "pence"),
    [
        ("0.001", 0),
        ("0.005", 1),
        ("-0.005", -1),
        ("11062.06", 1106206),
        ("18", 1800),
        ("0.3", 30),
        ("-11062.1", -1106210),
    ],
)
def test_pounds_become_pence_and_half_a_penny_is_rounded_away_from_zero(
    tmp_path: Path, pounds: str, pence: int
) -> None:
    line = only(a_file(tmp_path, GOOD.replace("2.55", pounds)))
    assert isinstance(line, Line)
    assert line.unit_price_minor == pence


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "1 columns"),
        (GOOD + ",", "9 columns"),
        (GOOD.replace("WHITE", '"WHITE'), "unexpected end"),
        (GOOD.replace(",6,", ",six,"), "'six' is not a quantity"),
        (GOOD.replace(",6,", ",1000001,"), "is not a quantity"),
        (GOOD.replace(",6,", ",٣,"), "is not a quantity"),
        (GOOD.replace("2.55", "2,55"), "9 columns"),
        (GOOD.replace("2.55", "nan"), "'nan' is not a price"),
        (GOOD.replace("2.55", "999999999999999"), "not a price that an order can have"),
        (GOOD.replace("2010-12-01", "2010-02-30"), "is not a time"),
        (GOOD.replace("2010-12-01 08:26", "12/1/2010 8:26"), "is not a time"),
        (GOOD.replace("536365", ""), "no invoice number"),
        (GOOD.replace("85123a ", " "), "no stock code"),
        (GOOD.replace("85123a", "8" * 65), "longer than 64"),
        (GOOD.replace("United Kingdom", ""), "no country"),
        (GOOD.replace("WHITE", "W" * 3000), "too long"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(tmp_path: Path, text: str, reason: str) -> None:
    line = only(a_file(tmp_path, text))
    assert isinstance(line, Unreadable)
    assert (line.line_number, line.text) == (2, text[:300])
    assert reason in line.reason


def test_reading_goes_on_after_an_unreadable_line(tmp_path: Path) -> None:
    lines = list(read_lines(a_file(tmp_path, '"', GOOD, "x", GOOD)))
    assert [(line.line_number, type(line)) for line in lines] == [
        (2, Unreadable),
        (3, Line),
        (4, Unreadable),
        (5, Line),
    ]


def test_a_quoted_comma_does_not_part_a_description(tmp_path: Path) -> None:
    line = only(a_file(tmp_path, GOOD.replace("WHITE HEART", '"PAPER , ""BIRDIE"""')))
    assert isinstance(line, Line)
    assert line.description == 'PAPER , "BIRDIE"'


@pytest.mark.parametrize("missing", ["", "nan", " "])
def test_a_missing_description_is_empty(tmp_path: Path, missing: str) -> None:
    line = only(a_file(tmp_path, GOOD.replace("WHITE HEART", missing)))
    assert isinstance(line, Line)
    assert line.description == ""


def test_a_wrong_header_is_all_that_is_read(tmp_path: Path) -> None:
    (line,) = read_lines(a_file(tmp_path, GOOD, GOOD, header="Invoice,StockCode"))
    assert isinstance(line, Unreadable)
    assert (line.line_number, line.text) == (1, "Invoice,StockCode")


def test_packed_files_read_as_the_plain_one(tmp_path: Path) -> None:
    plain = a_file(tmp_path, GOOD, "x", GOOD)
    (tmp_path / "r.csv.xz").write_bytes(lzma.compress(plain.read_bytes()))
    (tmp_path / "r.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    expected = list(read_lines(plain))
    assert list(read_lines(tmp_path / "r.csv.xz")) == expected
    assert list(read_lines(tmp_path / "r.csv.gz")) == expected


@pytest.mark.parametrize(("name", "pack"), [("r.csv.xz", lzma.compress), ("r.csv.gz", gzip.compress)])
def test_a_file_that_is_cut_off_or_damaged_is_refused(tmp_path: Path, name: str, pack: "type[bytes]") -> None:
    path, packed = tmp_path / name, pack(a_file(tmp_path, *[GOOD] * 100).read_bytes())
    for broken in (packed[:-20], b"not packed at all", packed[:40] + b"????????" + packed[48:]):
        path.write_bytes(broken)
        with pytest.raises(Refused, match="cut off or damaged"):
            list(read_lines(path))


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD)
    path.write_bytes(path.read_bytes() + "£".encode("latin-1"))
    with pytest.raises(Refused, match="see line 3"):
        list(read_lines(path))


def test_another_kind_of_file_is_refused_and_no_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none of \.csv"):
        list(read_lines(tmp_path / "recording.xlsx"))
    with pytest.raises(Missing):
        list(read_lines(tmp_path / "recording.csv.xz"))
