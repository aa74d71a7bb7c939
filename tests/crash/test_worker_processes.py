"""Real processes that work: two share a backlog, one is told to stop, one is killed, and nothing is done twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.crash.backlog import COUNT, expect_each_done_once, held_jobs, open_backlog

PATIENCE_SECONDS = 60
JOBS_EACH = 6  # authorize, close, confirm, capture, release, tell
SCHEDULED_MAX = 12  # turns of the schedules, and the counts of days that they begin
Process = subprocess.Popen[str]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir()
    return tmp_path / "books"


@contextmanager
def working(url: str, books: Path) -> Iterator[Process]:
    """A process that is ready to work."""
    command = [sys.executable, "-m", "tests.crash.working_process", url, str(books)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert heard(process) == "ready"
        try:
            yield process
        finally:
            process.kill()


def heard(process: Process) -> str:
    return process.stdout.readline().strip() if process.stdout else ""


def go(process: Process, *, first: int = 0, count: int = 0) -> None:
    """Let a process begin: it places some orders itself, and works until there is nothing left."""
    if process.stdin:
        process.stdin.write(f"{first} {count}\n")
        process.stdin.flush()


def ended(process: Process) -> int:
    """How many jobs a process did that ended by itself."""
    words, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    return int(words.split()[-1])


async def test_two_processes_share_the_work_and_do_nothing_twice(postgres_url: str, books: Path) -> None:
    share = COUNT // 3
    await open_backlog(postgres_url, books, share)
    with ExitStack() as stack:
        both = [stack.enter_context(working(postgres_url, books)) for _ in range(2)]
        for number, process in enumerate(both, 1):
            go(process, first=number * share, count=share)
        done = [ended(process) for process in both]
    await expect_each_done_once(postgres_url, books)
    assert min(done) > 0
    assert COUNT * JOBS_EACH <= sum(done) <= COUNT * JOBS_EACH + SCHEDULED_MAX


async def test_a_process_that_is_told_to_stop_leaves_nothing_half_done(database_url: str, books: Path) -> None:
    await open_backlog(database_url, books)
    with working(database_url, books) as process:
        go(process)
        assert heard(process) == "begun"
        process.terminate()
        done = ended(process)
    assert 0 < done < COUNT * JOBS_EACH
    assert await held_jobs(database_url) == 0
    with working(database_url, books) as process:
        go(process)
        assert done + ended(process) <= COUNT * JOBS_EACH + SCHEDULED_MAX
    await expect_each_done_once(database_url, books)


async def test_what_a_killed_process_held_is_taken_over_at_once(postgres_url: str, books: Path) -> None:
    await open_backlog(postgres_url, books)
    with ExitStack() as stack:
        victim, heir = (stack.enter_context(working(postgres_url, books)) for _ in range(2))
        go(victim)
        assert heard(victim) == "begun"
        go(heir)
        victim.kill()
        assert ended(heir) > 0
    await expect_each_done_once(postgres_url, books)
