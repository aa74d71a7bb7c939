"""Install the pinned front-end packages and copy what is served, with its licenses, to where the pages load it from."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "src" / "doorstep" / "web" / "assets" / "vendor"
NOTICE = VENDOR / "NOTICE"


def main() -> None:
    """Bring `vendor/` up to date; the notice is written last and says that all is there."""
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    for program, wanted in package["engines"].items():
        _check(program, wanted.removeprefix(">="))
    _install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    notes = [_copied(name, files) for name, files in package["served"].items()]
    NOTICE.write_text("\n".join(["This folder holds, unchanged:", "", *notes, ""]), "utf-8")


def _check(program: str, wanted: str) -> None:
    """Stop with a sentence unless the program is there and new enough."""
    found = shutil.which(program)
    version = _said([found, "--version"]) if found else ""
    major = version.strip().lstrip("v").split(".")[0]
    if not major.isdigit() or int(major) < int(wanted):
        there = f"{version.strip()} is here" if version else "there is none here"
        sys.exit(f"The pages need {program} {wanted} or newer ({there}). Install Node.js with npm, then: make setup")


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - from package.json


def _install() -> None:
    """Exactly what the lock file says; no package runs a script."""
    command = ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=HERE, check=False).returncode:  # noqa: S603 - the words above
        sys.exit("The front-end packages could not be installed. To see why: cd assets && npm ci")


def _copied(name: str, files: list[str]) -> str:
    """A package's files and its license; a line for the notice."""
    home = MODULES / name
    about: dict[str, Any] = json.loads((home / "package.json").read_text("utf-8"))
    for file in files:
        shutil.copyfile(home / file, VENDOR / Path(file).name)
    shutil.copyfile(home / "LICENSE", VENDOR / f"{name}.LICENSE")
    names = ", ".join(Path(file).name for file in files)
    return f"{name} {about['version']} ({names}): license {about['license']}, see {name}.LICENSE"


if __name__ == "__main__":
    main()
