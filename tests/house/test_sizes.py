"""Small: functions, files and parameter lists stay within what a reader holds in mind."""

import ast
from statistics import median

import pytest

from tests.house.source import Function, Source, report, sources

LINES = {"function": (8, 25, 50), "file": (120, 250, 400)}  # median, 90 of 100, all
PARAMETERS_MAX = 5
TEST_LINES_MAX = 25

Sizes = list[tuple[int, str]]


def function_lines(function: Function) -> int:
    """Lines from `def` to the end; a docstring is a promise, not a burden, and does not count."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    promise = function.body[0]
    return lines - ((promise.end_lineno or promise.lineno) - promise.lineno + 1)


def parameters(function: Function) -> int:
    named = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(named) - (named[:1] in (["self"], ["cls"])) + len(function.args.kwonlyargs)


def sizes(kind: str) -> Sizes:
    """What there is of a kind in the package, the smallest first."""
    if kind == "file":
        return sorted((len(source.text.splitlines()), str(source)) for source in sources("src"))
    return sorted((function_lines(function), _name(source, function)) for source, function in _functions("src"))


@pytest.mark.parametrize("kind", LINES)
def test_none_is_larger_than_the_limit(kind: str) -> None:
    limit = LINES[kind][2]
    large = [f"{name}: {lines} lines, at most {limit}" for lines, name in sizes(kind) if lines > limit]
    assert not large, report(large, f"Split the {kind} where it changes its subject.")


@pytest.mark.parametrize("kind", LINES)
def test_nine_in_ten_are_small(kind: str) -> None:
    measured, limit = sizes(kind), LINES[kind][1]
    large = [f"{name}: {lines} lines" for lines, name in measured if lines > limit]
    assert len(large) * 10 <= len(measured), report(
        large,
        f"More than one {kind} in ten is longer than {limit} lines ({len(large)} of {len(measured)}): split some.",
    )


@pytest.mark.parametrize("kind", LINES)
def test_the_one_in_the_middle_is_small(kind: str) -> None:
    middle, limit = median(lines for lines, _ in sizes(kind)), LINES[kind][0]
    assert middle <= limit, report([f"median {kind}: {middle} lines, at most {limit}"], "Say more with less.")


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_a_function_takes_few_parameters(folder: str) -> None:
    greedy = [
        f"{_name(source, function)}: {parameters(function)} parameters, at most {PARAMETERS_MAX}"
        for source, function in _functions(folder)
        if parameters(function) > PARAMETERS_MAX
    ]
    assert not greedy, report(greedy, "Pass a record that has a name in the trade.")


def test_a_test_is_short() -> None:
    long = [
        f"{_name(source, function)}: {function_lines(function)} lines, at most {TEST_LINES_MAX}"
        for source, function in _functions("tests")
        if function.name.startswith("test_") and function_lines(function) > TEST_LINES_MAX
    ]
    assert not long, report(long, "A test says one thing: split it, or let the builder do the preparing.")


def _functions(folder: str) -> list[tuple[Source, Function]]:
    return [(source, function) for source in sources(folder) for function in source.functions]


def _name(source: Source, function: Function) -> str:
    return source.at(function.lineno, function.name)
