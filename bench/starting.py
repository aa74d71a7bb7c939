"""Starting: how soon `doorstep serve` answers that it is ready, and how much memory it holds then."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    began = time.perf_counter()
    with serving(url, place, free_port()) as process:
        seconds = time.perf_counter() - began
        there = psutil.Process(process.pid)
        times, megabytes = there.cpu_times(), there.memory_info().rss / 1e6
    return Start(seconds, times.user + times.system, megabytes)


@contextmanager
def serving(url: str, place: Path, port: int, **settings: str) -> "Iterator[subprocess.Popen[str]]":
    """`doorstep serve` as anybody starts it, ready, with the plan of the recorded retailer; ended afterwards."""
    (place / "plan.toml").write_bytes((Path(recording.__file__ or "").parent / "plan.toml").read_bytes())
    ours = {"DATABASE_URL": url, "PORT": str(port), "PLAN": "plan.toml", **settings}
    environment = {**os.environ, **{f"DOORSTEP_{name}": value for name, value in ours.items()}}
    command = [sys.executable, "-m", "doorstep", "serve"]
    with (
        (place / "serve.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=place, env=environment, stdout=log, stderr=log, text=True) as process,
    ):
        try:
            _until_ready(process, port, place / "serve.log")
            yield process
        finally:
            process.terminate()


def _until_ready(process: "subprocess.Popen[str]", port: int, log: Path) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < patience and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.005)
    process.kill()
    raise RuntimeError(f"doorstep serve does not get ready:\n{log.read_text('utf-8')}")
