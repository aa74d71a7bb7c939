"""Where time comes from. Everything else is given a time; only this file reads the machine's clock."""

from datetime import UTC, datetime, timedelta
from time import time
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """The time by which orders live: the machine's, or a simulated one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC, in whole milliseconds."""
        ...

    def moment_of(self, due_at: datetime) -> datetime:
        """The moment at which work that was due at `due_at` and is run now counts as done."""
        ...

    def horizon(self) -> datetime:
        """Work due up to here is run now."""
        ...


class MachineClock:
    """The machine's clock: work counts as done when it is done."""

    def now(self) -> datetime:
        return from_ms(wall_ms())

    def moment_of(self, due_at: datetime) -> datetime:
        return max(due_at, self.now())

    def horizon(self) -> datetime:
        return self.now()


class SimulatedClock:
    """A clock that is set: work counts as done at the moment it was due, up to the horizon that has been reached."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def moment_of(self, due_at: datetime) -> datetime:
        return due_at

    def horizon(self) -> datetime:
        return self._now

    def advance_to(self, moment: datetime) -> None:
        """Move forward; a clock never goes back."""
        self._now = max(self._now, moment)


def wall_ms() -> int:
    """The machine's own time in milliseconds since 1970, for leases and ids, which no simulation may bend."""
    return int(time() * 1000)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, as times are stored."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time of stored milliseconds."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
