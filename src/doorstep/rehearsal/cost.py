"""What a run cost: time on the wall, and CPU of this process, its children and, where it can be read, the database."""

import os
import resource
import time
from pathlib import Path

from msgspec import Struct

from doorstep.storage.database import Database

_TICKS = os.sysconf("SC_CLK_TCK")


class Cost(Struct, frozen=True):
    """Seconds so far. `database_seconds` is None where the database's processes cannot be read."""

    wall_seconds: float
    own_seconds: float
    database_seconds: float | None

    def since(self, start: "Cost") -> "Cost":
        """What was spent between two readings."""
        database = None
        if self.database_seconds is not None and start.database_seconds is not None:
            database = self.database_seconds - start.database_seconds
        wall, own = self.wall_seconds - start.wall_seconds, self.own_seconds - start.own_seconds
        return Cost(wall, own, database)

    @property
    def cpu_seconds(self) -> float:
        """All that could be read."""
        return self.own_seconds + (self.database_seconds or 0.0)


def own_cost() -> Cost:
    """Read the meters of this process and its children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own = sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))
    return Cost(time.monotonic(), own, None)


async def cost_so_far(database: Database) -> Cost:
    """Read the meters, those of the database too."""
    own, pid = own_cost(), await database.engine.backend_pid()
    return Cost(own.wall_seconds, own.own_seconds, _server_seconds(pid) if pid else None)


def _server_seconds(backend: int) -> float | None:
    """CPU seconds of the server that a process belongs to, of its live children and of those that it has buried."""
    try:
        server = _stat(backend).parent
        those = [_stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        own = _stat(server)
    except OSError:
        return None
    return (own.ticks + own.buried_ticks + sum(one.ticks for one in those if one.parent == server)) / _TICKS


class _Stat(Struct, frozen=True):
    parent: int
    ticks: int
    buried_ticks: int


def _stat(pid: int) -> _Stat:
    """One process as /proc/PID/stat tells it (proc(5)): fields 4 and 14 to 17."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return _Stat(0, 0, 0)
    return _Stat(int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))
