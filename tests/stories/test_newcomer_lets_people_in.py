"""A newcomer lets people into the store from the command line."""

import io
from pathlib import Path

import pytest

from tests.stories.newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    monkeypatch.setenv("DOORSTEP_PUBLIC_URL", "https://tea.example")
    return Newcomer(tmp_path, capsys, monkeypatch)


def test_somebody_is_added_by_a_link(newcomer: Newcomer) -> None:
    assert "doorstep staff add" in newcomer.types("migrate").out + newcomer.types("staff").out
    added = newcomer.types("staff", "add", "Anna@Tea.example", "--name", "Anna", "--role", "owner")
    assert "anna@tea.example is invited as owner" in added.out
    assert "https://tea.example/invitation/" in added.out
    assert "https://tea.example/invitation/" in newcomer.types("staff", "reset", "anna@tea.example").out
    assert "invited" in newcomer.types("staff").out


def test_somebody_is_added_with_a_password(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("staff", "add", "anna@tea.example", "--role", "owner", "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert "at least 10 characters" in newcomer.types(*words).err
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert "can sign in at https://tea.example" in newcomer.types(*words).out
    assert "https://tea.example/reset/" in newcomer.types("staff", "reset", "anna@tea.example").out


def test_the_last_owner_is_not_let_go(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    for email in ("anna@tea.example", "olga@tea.example"):
        monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
        newcomer.types("staff", "add", email, "--role", "owner", "--password-stdin")
    assert newcomer.types("staff", "disable", "olga@tea.example").out == "olga@tea.example is disabled.\n"
    assert "last active owner" in newcomer.types("staff", "disable", "anna@tea.example").err
    assert newcomer.types("staff", "enable", "olga@tea.example").out == "olga@tea.example is active.\n"


@pytest.mark.parametrize(
    "words", [("disable", "nobody@tea.example"), ("reset", "nobody@tea.example"), ("add", "nobody")]
)
def test_what_cannot_be_is_a_sentence(newcomer: Newcomer, words: tuple[str, str]) -> None:
    newcomer.types("migrate")
    ended = newcomer.types("staff", *words)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
