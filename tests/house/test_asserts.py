"""A test that cannot fail is not a test."""

import ast

from tests.house.source import Function, report, sources

_CHECKS = ("assert_", "expect_")
_CONTEXTS = ("raises", "warns")


def asserts(function: Function) -> bool:
    """Whether a test asserts something itself, expects an error, or calls something that is named as a check."""
    nodes = list(ast.walk(function))
    called = [_last_name(node.func) for node in nodes if isinstance(node, ast.Call)]
    return any(isinstance(node, ast.Assert) for node in nodes) or any(
        name.startswith(_CHECKS) or name in _CONTEXTS for name in called
    )


def test_each_test_asserts_something() -> None:
    silent = [
        source.at(function.lineno, function.name)
        for source in sources("tests")
        if source.path.name.startswith("test_")
        for function in source.functions
        if function.name.startswith("test_") and not asserts(function)
    ]
    assert not silent, report(silent, "Assert what is true now, or call a check named assert_… or expect_….")


def _last_name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
