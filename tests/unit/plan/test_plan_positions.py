"""Each key is found on its line, whatever TOML form it is written in."""

import tomllib

import pytest

from doorstep.plan.findings import KeyPath
from doorstep.plan.positions import first_duplicate, line_at, lines_of


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1\nb = 2\n", ("b",), 2),
        ("[t]\n\n# note\na = 1", ("t", "a"), 4),
        ("[t.u]\na = 1", ("t",), 1),
        ("[ t . u ]\na = 1", ("t", "u", "a"), 2),
        ("x = 1\na.b.c = 1", ("a", "b"), 2),
        ("x = 1\na . b = 1", ("a", "b"), 2),
        ('\n"a b" = 1', ("a b",), 2),
        ("\n'a.b' = 1", ("a.b",), 2),
        ('\n"\\u0061" = 1', ("a",), 2),
        ("\n[x.'y z']\na = 1", ("x", "y z", "a"), 3),
        ("t = {a = 1, b = {c = 2}}", ("t", "b", "c"), 1),
        ("a = [\n  1,\n  2,\n]", ("a", 1), 3),
        ("a = [\n  1, # one, ]\n  2\n]\nb = 1", ("b",), 5),
        ("a = [\n {x = 1},\n {y = [\n  5]},\n]", ("a", 1, "y", 0), 4),
        ("a = [[1], [\n2]]\nb = 1", ("a", 1, 0), 2),
        ("[[t]]\na = 1\n[[t]]\na = 2", ("t", 1, "a"), 4),
        ("[[t]]\n[t.u]\na = 1\n[[t]]\n[t.u]\na = 2", ("t", 1, "u", "a"), 6),
        ("[[t]]\n[[t.u]]\n[[t.u]]\na = 2", ("t", 0, "u", 1, "a"), 4),
        ('a = """\nb = 1\n"quoted" \\""" """\nb = 2', ("b",), 4),
        ("a = '''\nb = 1\n'quoted' '''\nb = 2", ("b",), 4),
        ('a = """two quotes at the end"""""\nb = 2', ("b",), 2),
        ('a = "[x] # not a comment \\" = 1"\nb = 2', ("b",), 2),
        ("a = 'it\\'\nb = 2", ("b",), 2),
        ("a = 1979-05-27 07:32:00Z # when\nb = 2", ("b",), 2),
        ("a = 1\r\nb = 2\r\n", ("b",), 2),
        ("a = ''\nb = \"\"\nc = 1", ("c",), 3),
        ("a = {}\nb = []\nc = 1", ("c",), 3),
    ],
)
def test_a_key_is_found_on_its_line(text: str, path: KeyPath, line: int) -> None:
    tomllib.loads(text)
    assert lines_of(text)[path] == line


def test_a_key_that_is_not_written_has_the_line_of_the_table_around_it() -> None:
    assert line_at(lines_of("a = 1\n[t]\nb = 2"), ("t", "missing")) == 2


def test_what_is_nowhere_has_the_first_line() -> None:
    assert line_at(lines_of("a = 1\n[t]\nb = 2"), ("missing",)) == 1


@pytest.mark.parametrize(
    ("text", "path", "first", "again"),
    [
        ("[t.a]\n[t.b]\n[t.a]", ("t", "a"), 1, 3),
        ("a = 1\nb = 2\na = 3", ("a",), 1, 3),
        ("[t]\na = [\n1]\na = [\n2]", ("t", "a"), 2, 4),
        ("t = {a = 1}\n[t]", ("t",), 1, 2),
    ],
)
def test_what_is_given_twice_is_found_at_both_places(text: str, path: KeyPath, first: int, again: int) -> None:
    pair = first_duplicate(text)
    assert pair
    assert (pair[1].path, pair[0].line, pair[1].line) == (path, first, again)


def test_tables_of_an_array_are_not_duplicates() -> None:
    assert first_duplicate("[[t]]\na = 1\n[[t]]\na = 1") is None


@pytest.mark.parametrize("text", ["a", "a =", "[t", "a = [1", 'a = "x', "a = {b = 1", "= 1", 'a = """x', "[[t]\na = 1"])
def test_a_text_that_breaks_off_is_followed_as_far_as_it_goes(text: str) -> None:
    assert lines_of(f"first = 1\n{text}")[("first",)] == 1
