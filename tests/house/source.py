"""The repository as text and syntax trees, read once for all house rules."""

import ast
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "doorstep"
STAGES = ("placement", "payment", "confirmation", "fulfillment", "shipping", "returns", "care")
ROOMS = (*(f"journey/{stage}" for stage in STAGES), "journey/search", "stock", "catalog", "messages", "access")

Function = ast.FunctionDef | ast.AsyncFunctionDef

_NOT_OURS = {"node_modules", "__pycache__"}


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(node for node in self.nodes if isinstance(node, Function))

    @property
    def place(self) -> str:
        """Where it is inside the package, such as `stock/store.py`."""
        return self.path.relative_to(PACKAGE).as_posix()

    def at(self, line: int, what: str) -> str:
        return f"{self}:{line}: {what}"

    def names(self) -> Iterator[tuple[int, str]]:
        """Each use of an imported name, with its line, in full: `datetime.datetime.now`, however it was imported."""
        known: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                known |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in self.nodes:
            if isinstance(node, ast.Name | ast.Attribute):
                first, _, rest = ast.unparse(node).partition(".")
                if first in known:
                    yield node.lineno, f"{known[first]}.{rest}".rstrip(".")


@lru_cache
def sources(folder: str) -> tuple[Source, ...]:
    """The Python files below a folder of the repository."""
    return tuple(Source(path) for path in sorted((ROOT / folder).rglob("*.py")) if not _NOT_OURS & set(path.parts))


@lru_cache
def texts() -> tuple[tuple[Path, str], ...]:
    """Every text file that belongs to the repository, with its content."""
    return tuple(_readable(path for path in sorted(_files()) if path.stat().st_size < 1_000_000))


def machine_paths() -> tuple[str, ...]:
    """What only this machine calls its folders: no file may know them."""
    near = [] if ROOT.parent == Path(ROOT.anchor) else [str(path) for path in ROOT.parent.iterdir() if path.is_dir()]
    home = Path.home()
    return (*near, *([f"{home}/"] if home != Path(home.anchor) else []), f"{tempfile.gettempdir()}/")


def report(findings: Iterable[str], instead: str) -> str:
    """What is wrong, one a line, and what to do instead."""
    return "\n".join(["", *findings, f"→ {instead}"])


def _files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in ("src", "tests", "docs", "changes", "bench", "examples", "assets", ".ci"):
        for where, inner, names in os.walk(ROOT / folder):
            inner[:] = [name for name in inner if name not in _NOT_OURS]
            yield from (Path(where, name) for name in names)


def _readable(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
