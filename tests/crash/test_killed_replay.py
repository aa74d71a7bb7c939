"""A replay that is killed again and again comes to the same as one that nobody disturbed, row for row."""

import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from doorstep.plug.payment import PaymentAct
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.rehearsal.running import verify_database
from doorstep.settings import Settings
from tests.crash.contents import Contents, Keeper

ORDERS = 80
KILLS = 4
RECORDING = Path(__file__).parents[2] / "examples" / "online_retail" / "online_retail_slice.csv.xz"
# What a replay leaves behind that is about orders. When a schedule comes next depends on when the last process began.
_SAME = (
    *("orders", "facts", "headlines", "payments", "money_calls", "notices", "shipments", "tracking_events", "returns"),
    *("stock", "stock_movements", "reservations", "fulfillment_orders", "items", "cases", "questions"),
)


def replaying(url: str, books: Path) -> "subprocess.Popen[bytes]":
    """A process that replays the recording, or goes on with it."""
    command = [sys.executable, "-m", "doorstep", "replay", str(RECORDING), "--orders", str(ORDERS), "--database", url]
    environment = {**os.environ, "DOORSTEP_DATA_DIR": str(books)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_at_random_moments(url: str, books: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(KILLS):
        with replaying(url, books) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.8, 2.5))
            process.kill()


async def replayed(url: str, books: Path) -> Contents:
    """What there is once a process has replayed to the end."""
    with replaying(url, books) as process:
        assert process.wait(120) == 0
    keeper = Keeper(url, books)
    await keeper.open()
    try:
        return await keeper.contents()
    finally:
        await keeper.close()


@pytest.fixture
def books(tmp_path: Path) -> Path:
    (tmp_path / "books").mkdir()
    return tmp_path / "books"


@pytest.fixture
def other_books(tmp_path: Path) -> Path:
    (tmp_path / "other").mkdir()
    return tmp_path / "other"


@pytest.mark.parametrize("seed", [1])
async def test_a_replay_that_is_killed_comes_to_the_same(
    database_url: str, books: Path, other_books: Path, seed: int
) -> None:
    kill_at_random_moments(database_url, books, seed)
    killed = await replayed(database_url, books)
    undisturbed = await replayed(f"sqlite:///{other_books.parent}/undisturbed.db", other_books)
    found, wanted = killed.comparable(), undisturbed.comparable()
    assert {name for name in _SAME if found[name] != wanted[name]} == set()
    assert sorted(killed.journals["payments.jsonl"].splitlines()) == sorted(
        undisturbed.journals["payments.jsonl"].splitlines()
    )
    assert (await verify_database(Settings(database_url=database_url), lambda _count: None)).broken == []
    assert len(authorized(books)) == len(set(authorized(books))) == len(found["orders"])


def authorized(books: Path) -> list[str]:
    """The orders whose money was guaranteed, one for each time that it was."""
    bank = SandboxPayments(books / "payments.jsonl")
    return [one.order_number for one in bank.books() if one.act is PaymentAct.AUTHORIZE]
