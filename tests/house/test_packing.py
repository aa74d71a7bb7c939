"""What is packed holds all that the pages load, and without it nothing is packed."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.source import ROOT

VENDOR = "doorstep/web/assets/vendor"
SERVED = ("htmx.min.js", "uPlot.iife.min.js", "uPlot.min.css", "htmx.org.LICENSE", "uplot.LICENSE", "NOTICE")
_PACKED = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what goes into a wheel."""
    for name in (*_PACKED, "assets/package.json", "assets/build_hook.py", "src"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / ".gitignore", tmp_path / ".gitignore")
    return tmp_path


def build(tree: Path) -> subprocess.CompletedProcess[str]:
    """Build the wheel with what is installed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_a_wheel_holds_all_that_is_served(tree: Path) -> None:
    built = build(tree)
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next((tree / "out").glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    shown = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src/doorstep/web").rglob("*.*")}
    assert {f"{VENDOR}/{name}" for name in SERVED} <= names
    assert {name for name in shown if name.endswith((".html", ".css", ".js", ".po"))} <= names


def test_a_wheel_without_a_served_file_is_refused(tree: Path) -> None:
    (tree / "src" / VENDOR / "htmx.min.js").unlink()
    built = build(tree)
    assert built.returncode != 0
    assert "(htmx.min.js): run make setup first" in built.stderr


@pytest.mark.parametrize(("said", "told"), [("v12.22.1", "v12.22.1 is here"), ("", "there is none here")])
def test_setup_says_which_node_it_needs(tmp_path: Path, said: str, told: str) -> None:
    if said:
        (tmp_path / "node").write_text(f"#!/bin/sh\necho {said}\n", "utf-8")
        (tmp_path / "node").chmod(0o755)
    command = [sys.executable, str(ROOT / "assets" / "vendor.py")]
    ran = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"node 18 or newer ({told})" in ran.stderr


def test_the_lock_file_names_no_host() -> None:
    lock = (ROOT / "assets" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock
