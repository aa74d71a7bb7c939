"""A newcomer replays a few recorded orders and looks at what became of them."""

import json
import shutil
from pathlib import Path

import pytest

from doorstep.commands.demo import RECORDING
from doorstep.rehearsal.shoppers import SHOPPERS
from tests.house.source import ROOT
from tests.stories.newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    (tmp_path / RECORDING).parent.mkdir(parents=True)
    shutil.copy(ROOT / RECORDING, tmp_path / RECORDING)
    return Newcomer(tmp_path, capsys, monkeypatch)


def test_a_replayed_order_is_told_in_words(newcomer: Newcomer) -> None:
    assert newcomer.types("replay", str(RECORDING), "--orders", "3").code == 0
    told = newcomer.types("order", "1001").out
    for part in ("Order 1001: delivered since ", "Lines", "Money", "What happened", "Order placed", "What was said"):
        assert part in told
    assert "1001" in newcomer.types("orders").out
    assert "delivered" in newcomer.types("board").out


def test_the_verdict_is_for_programs_too(newcomer: Newcomer) -> None:
    newcomer.types("replay", str(RECORDING), "--orders", "3")
    verdict = json.loads(newcomer.types("verify", "--json").out)
    assert (verdict["orders"], verdict["broken"], verdict["orders_by_stage"]) == (3, [], {"delivered": 3})


def test_an_order_that_is_not_there_is_a_sentence(newcomer: Newcomer) -> None:
    newcomer.types("migrate")
    assert newcomer.types("order", "77").err == "There is no order 77.\n"
    assert newcomer.types("orders").out == "There are no orders.\n"
    assert newcomer.types("jobs").out == "There are no jobs: nothing is to be done.\n"


def test_the_demo_has_orders_in_every_stage_and_goes_on_when_run_again(newcomer: Newcomer) -> None:
    made = newcomer.types("demo", "--no-serve")
    orders = 586 + len(SHOPPERS)
    assert (made.code, f"The store is made: {orders} orders" in made.out, ", 0 broken." in made.out) == (0, True, True)
    again = newcomer.types("demo", "--no-serve")
    assert f"The store was made before and goes on: {orders} orders" in again.out
    board = [line.split("│")[1:3] for line in made.out.splitlines() if "│" in line]
    empty = {stage.strip() for stage, count in board if count.strip() == "–"}
    assert empty == {"accepting"}


def test_the_demo_says_where_it_must_be_run(newcomer: Newcomer) -> None:
    (newcomer.folder / RECORDING).unlink()
    ended = newcomer.types("demo")
    assert (ended.code, ended.err.endswith("Run this in Doorstep's own folder.\n")) == (1, True)


def test_the_demo_leaves_other_orders_alone(newcomer: Newcomer) -> None:
    newcomer.types("replay", str(RECORDING), "--orders", "1", "--database", "sqlite:///other.db")
    assert newcomer.types("demo", "--no-serve", "--database", "sqlite:///other.db", "--fresh").code == 1
