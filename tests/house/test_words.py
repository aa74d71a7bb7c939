"""Names, words and markers that the house does without."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, Source, machine_paths, report, sources, texts

_FILES = {"utils", "util", "helpers", "helper", "common", "misc"}
# What a carrier sells is a Service, a noun of the trade; a PickingService is not.
_CLASSES = re.compile(r"^(?!Service$).*(Manager|Service|Helper|Handler|Util|Utils|Base|Impl|Data|Info)$")
_VERBS = re.compile(r"^_?(process|do)(_|$)")
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\b(for now|simplified)\b", re.IGNORECASE)
_STOPGAP = re.compile(r"\bplaceholder\b(?!['\"]?\s*[=:])", re.IGNORECASE)
_BLANKET = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!: ?[A-Z])|#\s*ruff:\s*noqa(?!: ?[A-Z])")
_INDEXES = re.compile(
    r"(?<!emit-)\b(index-url|find-links|trusted-host)[ =]+\S|\bregistry ?= ?http|\"resolved\": ?\"http"
    r"|https?://(registry|index|packages|files|mirrors?)\.|https?://\S+/simple/?(?=[\s\"']|$)|\bpyp[i]\.",
    re.IGNORECASE,
)


def test_files_are_named_for_what_they_hold() -> None:
    vague = [str(source) for source in _all() if source.path.stem in _FILES or source.path.parent.name in _FILES]
    assert not vague, report(vague, "Name the file after the thing in it; a drawer for odds and ends has no reader.")


def test_classes_are_named_after_things_in_the_trade() -> None:
    vague = [
        source.at(node.lineno, node.name)
        for source in _all()
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and _CLASSES.search(node.name)
    ]
    assert not vague, report(vague, "Say what it is: Lane, Ledger, Parcel. An empty suffix hides that nobody knows.")


def test_functions_are_named_by_plain_verbs() -> None:
    vague = [
        source.at(function.lineno, function.name)
        for source in sources("src")
        for function in source.functions
        if _VERBS.search(function.name)
    ]
    assert not vague, report(vague, "Use the verb that a picker or a clerk would use: pick, capture, hand_over.")


def test_nothing_is_left_unfinished() -> None:
    left = [*_matches(_UNFINISHED), *_matches(_STOPGAP, {".py"})]
    assert not left, report(left, "Finish it, or leave it out and say so in the docs.")


def test_ignores_name_what_they_ignore() -> None:
    blanket = _matches(_BLANKET, {".py"})
    assert not blanket, report(blanket, "Name the code, `# type: ignore[attr-defined]`, and the reason after it.")


def test_no_file_knows_a_package_index_or_this_machine() -> None:
    paths = re.compile("|".join(rf"(?<![\w./-]){re.escape(path)}" for path in machine_paths()) or r"(?!)")
    named = [*_matches(_INDEXES), *_matches(paths)]
    assert not named, report(named, "Leave hosts and folders to each machine's own configuration.")


@pytest.mark.parametrize("folder", ["src", "tests", "bench"])
def test_every_module_says_what_it_is(folder: str) -> None:
    mute = [str(source) for source in sources(folder) if not ast.get_docstring(source.tree)]
    assert not mute, report(mute, "Begin the file with one sentence: what is in it, and what it promises.")


def _all() -> tuple[Source, ...]:
    return (*sources("src"), *sources("tests"), *sources("bench"))


def _matches(banned: re.Pattern[str], suffixes: set[str] | None = None) -> list[str]:
    return [found for path, text in _texts(suffixes) if banned.search(text) for found in _lines(banned, path, text)]


def _texts(suffixes: set[str] | None) -> Iterator[tuple[Path, str]]:
    for path, text in texts():
        if path != Path(__file__) and (suffixes is None or path.suffix in suffixes):
            yield path, text


def _lines(banned: re.Pattern[str], path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := banned.search(line):
            yield f"{path.relative_to(ROOT)}:{number}: {found.group()}"
