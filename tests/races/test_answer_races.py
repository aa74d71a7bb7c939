"""Two answers at once, or an answer and its deadline: one counts, and what was kept is kept for one outcome only."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from doorstep.jobs.model import Task
from doorstep.journey.placement.flow.conversation import Conversation
from doorstep.journey.placement.flow.quotes import OfferSlip
from doorstep.journey.placement.model.questions import Answer
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import CheckoutId
from tests.stories.a_scarce_shop import Scarce, a_plan, scarce_shop


@pytest_asyncio.fixture
async def scarce(database_url: str) -> AsyncIterator[Scarce]:
    async with scarce_shop(database_url, a_plan("without")) as scarce:
        yield scarce


async def answered(scarce: Scarce, checkout: Any, choice: str, key: str) -> str:
    """What came of an answer in a transaction of its own: the choice, or the code of the refusal."""
    asked = checkout["questions"][0]["id"]
    said = Answer(CheckoutId(checkout["id"]), scarce.shop.clock.now(), key, asked, choice)
    async with scarce.shop.app.database.begin() as tx:
        (told,) = await _conversation(scarce).hear(tx, [said])
    return told.code if isinstance(told, DoorstepError) else choice


async def overdue(scarce: Scarce, checkout: Any) -> str:
    """The deadline passes."""
    slip = OfferSlip(CheckoutId(checkout["id"]), 1)
    async with scarce.shop.app.database.begin() as tx:
        await _conversation(scarce).apply_defaults(
            tx, [Task(scarce.shop.clock.now() + timedelta(minutes=10), slip, "key")]
        )
    return ""


def _conversation(scarce: Scarce) -> Conversation:
    return scarce.shop.app.stages.conversation


@pytest.mark.parametrize("turn", range(4))
async def test_two_browsers_answer_and_one_counts(scarce: Scarce, turn: int) -> None:
    checkout = await scarce.gone(VASE=1, MUG=1)
    choices = ["substitute:JAR", "without"] if turn % 2 else ["without", "substitute:JAR"]
    said = await asyncio.gather(*(answered(scarce, checkout, one, one) for one in choices))
    (counted,) = [one for one in said if one in choices]
    assert "question_answered" in said
    now = await scarce.shop.look(checkout)
    assert ([line["sku"] for line in now["lines"]] == ["JAR", "MUG"]) == (counted != "without")
    assert await scarce.reserved("JAR") == [int(counted != "without")]


async def test_the_same_answer_from_two_clicks_counts_once(scarce: Scarce) -> None:
    checkout = await scarce.gone(VASE=1, MUG=1)
    said = await asyncio.gather(*(answered(scarce, checkout, "substitute:JAR", "click") for _ in range(6)))
    assert set(said) == {"substitute:JAR"}
    assert ((await scarce.shop.look(checkout))["version"], await scarce.reserved("JAR")) == (
        checkout["version"] + 1,
        [1],
    )


@pytest.mark.parametrize("turn", range(4))
async def test_an_answer_and_its_deadline_never_both_count(scarce: Scarce, turn: int) -> None:
    checkout = await scarce.gone(VASE=1, MUG=1)
    acts = [answered(scarce, checkout, "substitute:JAR", "mine"), overdue(scarce, checkout)]
    said = await asyncio.gather(*(reversed(acts) if turn % 2 else acts))
    now = await scarce.shop.look(checkout)
    is_mine = "substitute:JAR" in said
    assert is_mine or "question_defaulted" in said
    assert [line["sku"] for line in now["lines"]] == (["JAR", "MUG"] if is_mine else ["MUG"])
    assert await scarce.reserved("JAR") == [int(is_mine)]


async def test_a_default_is_taken_once(scarce: Scarce) -> None:
    checkout = await scarce.gone(VASE=1, MUG=1)
    await asyncio.gather(*(overdue(scarce, checkout) for _ in range(3)))
    assert (await scarce.shop.look(checkout))["version"] == checkout["version"] + 1


async def test_ten_shoppers_want_the_two_jars_and_two_have_them(scarce: Scarce) -> None:
    first = await scarce.gone(VASE=1, MUG=1)
    others = await asyncio.gather(*(scarce.cart(VASE=1, MUG=1) for _ in range(9)))
    offered = [one for one in (first, *others) if "substitute:JAR" in str(one["questions"])]
    assert (len(offered), await scarce.reserved("JAR")) == (2, [2])
