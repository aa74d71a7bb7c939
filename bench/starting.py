"""Starting: how soon `doorstep serve` answers that it is ready, and how much memory it holds then."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
from msgspec import Struct

import doorstep.rehearsal.recording as recording
from bench.a_store import folder
from bench.figures import Budget, Figure, Row
from bench.over_http import free_port
from bench.topic import Assignment

_SECONDS, _MEGABYTES = Budget(2.0), Budget(150.0)
_PATIENCE_SECONDS = 30.0


class Start(Struct, frozen=True):
    """One start, up to the first answer that it is ready."""

    seconds: float
    cpu_seconds: float
    megabytes: float


async def starting(assignment: Assignment) -> list[Row]:
    """The first start makes the tables and is not counted; those after it find them."""
    with folder() as place:
        starts = [_start(assignment.url, Path(place)) for _ in range(assignment.repetitions + 1)][1:]
    figures = (
        Figure("seconds to ready", tuple(one.seconds for one in starts), _SECONDS),
        Figure("CPU seconds to ready", tuple(one.cpu_seconds for one in starts)),
        Figure("resident MB", tuple(one.megabytes for one in starts), _MEGABYTES),
    )
    return [assignment.row("doorstep serve", sum(one.seconds for one in starts), figures)]


def _start(url: str, place: Path) -> Start:
    (place / "plan.toml").write_bytes((Path(recording.__file__ or "").parent / "plan.toml").read_bytes())
    port = free_port()
    ours = {"DOORSTEP_DATABASE_URL": url, "DOORSTEP_PORT": str(port), "DOORSTEP_PLAN": "plan.toml"}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "doorstep", "serve"], cwd=place, env={**os.environ, **ours}, stdout=subprocess.DEVNULL
    ) as process:
        _until_ready(process, port)
        seconds = time.perf_counter() - began
        there = psutil.Process(process.pid)
        times, megabytes = there.cpu_times(), there.memory_info().rss / 1e6
        process.terminate()
    return Start(seconds, times.user + times.system, megabytes)


def _until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < patience and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.005)
    process.kill()
    raise RuntimeError("doorstep serve does not get ready; what it said is above.")
