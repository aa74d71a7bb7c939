"""Time, chance, SQL and broad catches are kept where they belong."""

import ast
import re

from tests.house.source import Source, report, sources

_TIME_AND_CHANCE = re.compile(
    r"time\.(sleep|time|time_ns)|datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today"
    r"|random\.(?!Random\b).+|uuid\.uuid\d"
)
_GIVEN_BY = {"kernel/clock.py", "kernel/ids.py"}
_BROAD = {"Exception", "BaseException"}


def test_time_and_chance_are_given() -> None:
    taken = [
        source.at(line, name)
        for source in sources("src")
        if source.place not in _GIVEN_BY
        for line, name in source.names()
        if _TIME_AND_CHANCE.fullmatch(name)
    ]
    assert not taken, report(taken, "Take a Clock, an id source or a seeded random.Random as a field; wait with a job.")


def test_errors_are_caught_by_name() -> None:
    broad = [
        source.at(node.lineno, "except " + (ast.unparse(node.type) if node.type else ""))
        for source in sources("src")
        if not source.place.startswith(("jobs/", "web/"))
        for node in source.nodes
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    ]
    assert not broad, report(broad, "Name the error you expect; the worker and the web edge catch the rest.")


def test_sql_lives_in_stores() -> None:
    loose = [
        source.at(node.lineno, ast.unparse(node))
        for source in sources("src")
        if not _may_hold_sql(source)
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom) and "sqlalchemy" in ast.unparse(node)
    ]
    assert not loose, report(loose, "Move the statement to this package's store.py, or to a folder named store.")


def test_records_are_not_dictionaries() -> None:
    soup = [
        source.at(node.lineno, "dict[str, Any]")
        for source in sources("src")
        if not source.place.startswith(("web/", "providers/"))
        for node in source.nodes
        if isinstance(node, ast.Subscript) and ast.unparse(node) in {"dict[str, Any]", "Mapping[str, Any]"}
    ]
    assert not soup, report(soup, "Parse once at the edge into a frozen record with named fields.")


def test_models_never_wait() -> None:
    waiting = [
        source.at(function.lineno, function.name)
        for source in (*sources("src"), *sources("tests/unit"))
        if "tests" in source.path.parts or "model" in source.path.with_suffix("").parts
        for function in source.functions
        if isinstance(function, ast.AsyncFunctionDef)
    ]
    assert not waiting, report(waiting, "A model decides from values; load in the flow, and test it without waiting.")


def test_tests_neither_sleep_nor_mock() -> None:
    banned = re.compile(r"time\.sleep|asyncio\.sleep|unittest\.mock.*|mock\..*|pytest_mock.*")
    found = [
        source.at(line, name) for source in sources("tests") for line, name in source.names() if banned.fullmatch(name)
    ]
    assert not found, report(found, "Set the clock, wait for the event itself, and use the sandbox providers as fakes.")


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it catches everything and keeps it: cleaning up and raising again is no catch."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return bool(_BROAD & {ast.unparse(error) for error in caught})


def _may_hold_sql(source: Source) -> bool:
    place = source.path.with_suffix("").parts
    return "store" in place or source.place.startswith(("storage/", "jobs/"))
