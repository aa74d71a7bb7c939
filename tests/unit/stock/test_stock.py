"""Balances add up, and a balance that breaks the law is named."""

from datetime import UTC, datetime

import pytest

from doorstep.stock.model.balances import Movement, MovementKind, Stock, broken, summed

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


def test_what_is_promised_is_not_available() -> None:
    assert Stock("MUG", "main", 10, 3, 4).available == 3


def test_movements_of_a_place_add_up() -> None:
    held = Movement("o1", MovementKind.RESERVED, "MUG", "main", NOON, reserved=2)
    allocated = Movement("o1", MovementKind.ALLOCATED, "MUG", "main", NOON, reserved=-2, allocated=2)
    received = Movement("r1", MovementKind.RECEIVED, "CUP", "main", NOON, on_hand=5)
    assert summed([held, allocated, received]) == {("MUG", "main"): (0, 0, 2), ("CUP", "main"): (5, 0, 0)}


@pytest.mark.parametrize("counts", [(-1, 0, 0), (1, -1, 0), (1, 0, -1)])
def test_no_balance_is_negative(counts: tuple[int, int, int]) -> None:
    assert "negative" in broken(Stock("MUG", "main", *counts), backorder=True)


@pytest.mark.parametrize(("backorder", "said"), [(False, "3 promised but 2 on hand"), (True, "")])
def test_more_is_promised_than_there_is_only_on_backorder(backorder: bool, said: str) -> None:  # noqa: FBT001
    assert broken(Stock("MUG", "main", 2, 1, 2), backorder=backorder).endswith(said)
    assert bool(broken(Stock("MUG", "main", 2, 1, 2), backorder=backorder)) is bool(said)


def test_all_that_is_there_may_be_promised() -> None:
    assert broken(Stock("MUG", "main", 3, 1, 2), backorder=False) == ""
