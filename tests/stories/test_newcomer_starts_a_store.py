"""A newcomer writes a plan, is told what is wrong with it, and makes the tables."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    return Newcomer(tmp_path, capsys, monkeypatch)


def test_a_new_plan_is_right(newcomer: Newcomer) -> None:
    assert "Written: plan.toml." in newcomer.types("new", "Mill Lane Tea", "--country", "DE", "--currency", "EUR").out
    checked = newcomer.types("check", "plan.toml")
    assert (checked.code, checked.out.splitlines()[0][:45]) == (0, "plan.toml is right: Mill Lane Tea, in EUR, ve")


def test_a_plan_is_never_written_over(newcomer: Newcomer) -> None:
    newcomer.writes("plan.toml", "mine")
    ended = newcomer.types("new", "Mill Lane Tea")
    assert (ended.code, ended.err) == (
        1,
        "plan.toml is there already, and is left as it is. Name another: --file\n",
    )
    assert (newcomer.folder / "plan.toml").read_text() == "mine"


def test_a_wrong_country_is_answered_in_words(newcomer: Newcomer) -> None:
    ended = newcomer.types("new", "Mill Lane Tea", "--country", "Germany")
    assert (ended.code, ended.err.startswith("country: "), "DE" in ended.err) == (1, True, True)


def test_every_finding_has_its_line_its_key_and_a_suggestion(newcomer: Newcomer) -> None:
    newcomer.types("new", "Mill Lane Tea")
    text = (newcomer.folder / "plan.toml").read_text()
    newcomer.writes("plan.toml", text.replace("[stock]", "[stok]").replace('"sandbox"', "5"))
    ended = newcomer.types("check")
    assert (ended.code, "The plan has 2 problems" in ended.err) == (1, True)
    assert "plan.toml:" in ended.err
    assert "Did you mean `stock`?" in ended.err
    assert "payment.methods.card.provider" in ended.err


def test_tables_are_made_once(newcomer: Newcomer) -> None:
    assert newcomer.types("migrate").out.startswith("Done: ")
    assert newcomer.types("migrate").out == "Nothing to do: the database is up to date.\n"


@pytest.mark.parametrize("words", [("board",), ("orders",), ("order", "1"), ("jobs",), ("verify",)])
def test_a_look_at_a_database_that_is_not_there_says_what_to_do(newcomer: Newcomer, words: tuple[str, ...]) -> None:
    ended = newcomer.types(*words)
    assert (ended.code, ended.err) == (1, "This database has not the tables of this program. Run: doorstep migrate\n")


def test_a_misspelled_setting_is_named(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_DATABASE", "sqlite:///x.db")
    ended = newcomer.types("migrate")
    assert (ended.code, "There is no setting DOORSTEP_DATABASE." in ended.err) == (1, True)


def test_a_store_without_a_plan_is_not_served(tmp_path: Path) -> None:
    """In a process of its own, because serving sets up that process's log and event loop."""
    command = [sys.executable, "-m", "doorstep", "serve"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, "`doorstep new` writes a plan." in ended.stderr) == (1, True)
    assert "Traceback" not in ended.stderr
