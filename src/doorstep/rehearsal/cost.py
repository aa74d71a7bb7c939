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


async def cost_so_far(database: Database) -> Cost:
    """Read the meters."""
    own = sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
    pid = await database.engine.server_pid()
    return Cost(time.monotonic(), own, _tree_seconds(pid) if pid else None)


def _tree_seconds(pid: int) -> float | None:
    """CPU seconds of a server process, its live children and those that it has buried."""
    try:
        parent = _stat(pid)
        children = [_stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return None
    live = sum(ticks[0] for ppid, ticks in children if ppid == pid)
    return (parent[1][0] + parent[1][1] + live) / _TICKS


def _stat(pid: int) -> tuple[int, tuple[int, int]]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0, (0, 0)
    return int(fields[1]), (int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))
