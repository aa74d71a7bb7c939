"""docs/checkout.md is true: its requests, sent one after the other, are answered as it shows."""

import pytest

from tests.contract.api.walk import PAGE, walking


async def test_the_walk_through_a_checkout_is_as_the_program_answers(database_url: str) -> None:
    async with walking(database_url) as walk:
        walked = await walk.walked()
    assert walked == PAGE.read_text("utf-8"), "Write docs/checkout.md anew: make docs"


@pytest.mark.parametrize("act", ["operate the checkout"])
async def test_an_act_that_nobody_knows_is_named(sqlite_url: str, act: str) -> None:
    async with walking(sqlite_url) as walk:
        walk.page = f"<!-- then: {act} -->"
        with pytest.raises(ValueError, match="operate"):
            await walk.walked()
