"""A newcomer brings in items and stock from a spreadsheet, with mistakes, and again."""

from pathlib import Path

import pytest

from tests.stories.newcomer import Newcomer


@pytest.fixture
def newcomer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    newcomer = Newcomer(tmp_path, capsys, monkeypatch)
    newcomer.has_a_store()
    return newcomer


def test_items_that_are_imported_again_are_unchanged(newcomer: Newcomer) -> None:
    assert newcomer.types("import", "items", "items.csv").out == "Items: 0 new, 0 changed, 2 unchanged.\n"


def test_a_changed_price_is_shown(newcomer: Newcomer) -> None:
    ended = newcomer.types(
        "import", "items", newcomer.writes("new.csv", "sku,name,price,weight_grams\nTEA,Tea,5,100\n")
    )
    assert "Items: 0 new, 1 changed, 0 unchanged." in ended.out
    assert "price 4.95" in ended.out
    assert "price 5.00" in ended.out


def test_nothing_is_imported_while_a_line_is_wrong(newcomer: Newcomer) -> None:
    name = newcomer.writes("new.csv", "sku,name,price,weight_grams\nCUP,Cup,7,300\nJAR,Jar,cheap,x\n")
    ended = newcomer.types("import", "items", name)
    assert (ended.code, ended.err.splitlines()[-1]) == (
        1,
        "Nothing was imported: 1 line is wrong. To import the others: --skip-bad",
    )
    assert "line 3, price: " in ended.err
    assert "line 3, weight_grams: " in ended.err
    assert newcomer.types("import", "items", name, "--skip-bad").out == "Items: 1 new, 0 changed, 0 unchanged.\n"


def test_the_same_count_is_taken_in_once(newcomer: Newcomer) -> None:
    again = newcomer.types("import", "stock", "stock.csv").out
    assert again.startswith("Stock: 0 new, 0 changed, 0 unchanged.\nThis file was imported before: 2 lines left alone.")
    named = newcomer.types("import", "stock", "stock.csv", "--count", "second")
    assert named.out == "Stock: 0 new, 0 changed, 2 unchanged.\n"


def test_a_wrong_location_and_an_unknown_item_are_named_together(newcomer: Newcomer) -> None:
    name = newcomer.writes("new.csv", "sku,location,on_hand\nTEA,mian,5\nCUP,main,5\nPOT,main,4\n")
    ended = newcomer.types("import", "stock", name)
    assert ended.err.splitlines() == [
        'line 2, location: The plan has no location "mian". Did you mean "main"?',
        'line 3, sku: There is no item "CUP". Import the items first.',
        "Nothing was imported: 2 lines are wrong. To import the others: --skip-bad",
    ]
    assert "Stock: 0 new, 1 changed, 0 unchanged." in newcomer.types("import", "stock", name, "--skip-bad").out


@pytest.mark.parametrize("kind", ["items", "stock"])
def test_a_file_that_is_not_there_is_named(newcomer: Newcomer, kind: str) -> None:
    ended = newcomer.types("import", kind, "nothing.csv")
    assert (ended.code, ended.err) == (1, "nothing.csv cannot be read: No such file or directory.\n")
