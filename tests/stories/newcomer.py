"""A newcomer at a terminal: a folder of their own, and commands that end with a code and something on the screen."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from doorstep.__main__ import main

ITEMS = "sku,name,price,weight_grams\nTEA,Green tea,4.95,100\nPOT,Tea pot,33.00,900\n"
STOCK = "sku,location,on_hand\nTEA,main,50\nPOT,main,5\n"


@dataclass
class Ended:
    """How a command ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


class Newcomer:
    """Types commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", "200")

    def types(self, *words: str) -> Ended:
        """Run `doorstep` with these words, in this very process."""
        self._monkeypatch.setattr(sys, "argv", ["doorstep", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ended(code, said.out, said.err)

    def writes(self, name: str, text: str) -> str:
        """Write a file in the folder; returns its name."""
        (self.folder / name).write_text(text, "utf-8")
        return name

    def has_a_store(self) -> None:
        """A plan and a database with items and stock."""
        self.types("new", "Mill Lane Tea")
        self.types("migrate")
        self.types("import", "items", self.writes("items.csv", ITEMS))
        self.types("import", "stock", self.writes("stock.csv", STOCK))
