"""A cursor is of one list and cannot be made up."""

import pytest

from doorstep.kernel.errors import Refused
from doorstep.web.lists import cursor_of, position_of


@pytest.mark.parametrize("position", [("ord_1",), ("MUG", "main"), ("ünïcode", ""), ("",)])
def test_a_cursor_gives_its_position_back(position: tuple[str, ...]) -> None:
    assert position_of({"cursor": cursor_of("stock", *position)}, "stock", len(position)) == position


def test_without_a_cursor_a_list_begins_at_its_beginning() -> None:
    assert position_of({}, "stock", 2) == ("", "")


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "é", "A" * 2000, "bnVsbA", "W10", "WyJhIl0", "MTIz", "W1tdXQ"),
        cursor_of("items", "MUG"),
        cursor_of("stock", "MUG", "main"),
        cursor_of("stock", "MUG")[:-2] + "AA",
        cursor_of("stock", "MUG") + "==",
    ],
)
def test_what_is_no_cursor_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        position_of({"cursor": cursor}, "stock")
    assert [*refused.value.fields] == ["cursor"]
