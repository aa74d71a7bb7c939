"""Imports point down only, and every file has its place in the map."""

import configparser
import re

import pytest
from importlinter.cli import lint_imports

from tests.house.source import PACKAGE, ROOMS, ROOT, report, sources


def test_imports_keep_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    failed = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, show_timings=False)
    assert not failed, capsys.readouterr().out + report(
        [], "Import from below only; what two stages both need goes to facts, units, balance or the plan."
    )


def test_every_part_has_its_place_in_the_map() -> None:
    found = {f"doorstep.{name}" for name in _children("") - {"journey"}}
    found |= {f"doorstep.journey.{name}" for name in _children("journey")}
    strays = sorted(found - _layers())
    assert not strays, report(strays, "Give it a line in the first contract of .importlinter, as low as it can be.")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_model_store_and_flow(room: str) -> None:
    strays = sorted(_children(room) - {"model", "store", "flow"})
    assert not strays, report(
        [f"src/doorstep/{room}/{name}" for name in strays],
        "A room holds model, store and flow; one that outgrows its budget becomes a folder of that name.",
    )


def test_a_package_does_nothing_when_it_is_imported() -> None:
    busy = [
        str(source)
        for source in sources("src")
        if source.path.name == "__init__.py" and source.path.parent != PACKAGE and len(source.tree.body) > 1
    ]
    assert not busy, report(busy, "Leave the docstring alone in it; import a name from the file that defines it.")


def test_every_folder_is_a_package() -> None:
    folders = {source.path.parent for source in (*sources("src"), *sources("tests"))}
    bare = sorted(str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists())
    assert not bare, report(bare, "Add an __init__.py whose docstring says what the folder is for.")


def _children(folder: str) -> set[str]:
    """The names of the modules and packages in a folder of the package."""
    paths = [path for path in (PACKAGE / folder).glob("*") if path.suffix == ".py" or any(path.glob("*.py"))]
    return {path.stem for path in paths} - {"__init__"}


def _layers() -> set[str]:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    return set(re.findall(r"[\w.]+", contracts["importlinter:contract:house"]["layers"]))
