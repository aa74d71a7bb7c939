"""Small recordings for tests: lines with sensible values where a test does not care, and files of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from doorstep.rehearsal.recording.read import HEADER, Line

_BEGIN = datetime(2010, 12, 1, 9, tzinfo=UTC)
_LINE = Line(2, "1", "10001", "BLUE MUG", 1, _BEGIN, 250, "17850", "United Kingdom")


def a_line(line_number: int = 2, *, day: int = 0, **changes: object) -> Line:
    """One mug for a customer in the store's country, on the `day`-th day, changed as told."""
    return replace(_LINE, line_number=line_number, at=_BEGIN + timedelta(days=day), **changes)


def a_file(folder: Path, *lines: str, header: str = ",".join(HEADER)) -> Path:
    """A CSV file with these lines."""
    path = folder / "recording.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path
