"""A package without the files that its pages load is not built."""

import json
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ServedFiles(BuildHookInterface[BuilderConfig]):
    """Looks at what is about to be packed; an editable installation packs nothing."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Refused unless every served file is there, with its license."""
        del build_data
        missing = [] if version == "editable" else missing_files(Path(self.root))
        if missing:
            raise RuntimeError(f"The pages' files are not all there ({', '.join(missing)}): run make setup first.")


def missing_files(root: Path) -> list[str]:
    """The served files that a working tree lacks."""
    served: dict[str, list[str]] = json.loads((root / "assets" / "package.json").read_text("utf-8"))["served"]
    vendor = root / "src" / "doorstep" / "web" / "assets" / "vendor"
    files = [Path(file).name for files in served.values() for file in files]
    return [name for name in (*files, *(f"{package}.LICENSE" for package in served)) if not (vendor / name).exists()]
