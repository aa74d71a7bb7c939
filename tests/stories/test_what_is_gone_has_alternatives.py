"""What cannot be had as wished has alternatives: priced, kept for the shopper, and decided about in time."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.stories.a_scarce_shop import Scarce, a_plan, scarce_shop


@pytest_asyncio.fixture
async def scarce(database_url: str) -> AsyncIterator[Scarce]:
    async with scarce_shop(database_url) as scarce:
        yield scarce


def options(checkout: Any) -> dict[str, int | None]:
    """What can be chosen, and what the checkout would come to."""
    return {one["id"]: one.get("price_minor") for one in checkout["questions"][0]["options"]}


async def test_a_substitute_is_offered_priced_and_kept(scarce: Scarce) -> None:
    checkout = await scarce.gone(VASE=1, MUG=2)
    (problem,) = checkout["problems"]
    assert (problem["kind"], problem["path"], problem["default"]) == ("unavailable", "lines[0]", "wait")
    assert problem["deadline"] == problem["options"][0]["held_until"] == "2026-03-02T09:10:00Z"
    assert options(checkout) == {"substitute:JAR": 10500, "without": 2500, "wait": None}
    assert await scarce.reserved("JAR", "MUG") == [1, 0]


async def test_what_is_chosen_is_bought_and_nobody_else_can_have_it(scarce: Scarce) -> None:
    checkout = await scarce.gone(VASE=1)
    chosen = (await scarce.say(checkout, "substitute:JAR")).json()
    assert (chosen["state"], chosen["totals"]["total_minor"], chosen["questions"]) == ("ready_for_complete", 8500, [])
    other = await scarce.cart(JAR=2)
    assert options(other) == {"fewer": 8500, "wait": None}
    assert (await scarce.shop.buy(chosen, key="again")).status_code == 200
    await scarce.shop.work()
    assert (await scarce.shop.look(chosen))["state"] == "completed"


async def test_what_is_not_chosen_is_free_again(scarce: Scarce) -> None:
    checkout = await scarce.gone(VASE=1, MUG=1)
    chosen = (await scarce.say(checkout, "without")).json()
    assert [line["sku"] for line in chosen["lines"]] == ["MUG"]
    assert (chosen["state"], chosen["totals"]["total_minor"]) == ("ready_for_complete", 1500)
    assert await scarce.reserved("JAR") == [0]


async def test_nothing_is_taken_from_a_shopper_who_does_not_answer(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    await scarce.shop.later(10)
    now = await scarce.shop.look(checkout)
    assert [line["sku"] for line in now["lines"]] == ["VASE"]
    assert (now["state"], now["questions"], await scarce.reserved("JAR")) == ("incomplete", [], [0])
    late = (await scarce.say(checkout, "substitute:JAR")).json()
    assert (late["code"], late["status"]) == ("question_defaulted", 409)
    assert options(await scarce.change(now, note="I am back")) == {"substitute:JAR": 8500, "wait": None}


@pytest.mark.parametrize(
    ("default", "skus"), [("fewer", ["MUG", "VASE"]), ("without", ["MUG"]), ("wait", ["MUG", "VASE"])]
)
async def test_the_plan_says_what_happens_when_nobody_answers(database_url: str, default: str, skus: list[str]) -> None:
    async with scarce_shop(database_url, a_plan(default)) as scarce:
        checkout = await scarce.cart(MUG=1, VASE=3)
        assert checkout["problems"][0]["default"] == default
        await scarce.shop.later(10)
        now = await scarce.shop.look(checkout)
        assert [line["sku"] for line in now["lines"]] == skus
        assert (now["state"] == "ready_for_complete") == (default != "wait")
        assert await scarce.reserved("VASE") == [1 if default == "fewer" else 0]


async def test_the_goods_of_an_offer_are_counted_once(scarce: Scarce) -> None:
    checkout = await scarce.cart(VASE=3, MUG=1)
    assert options(checkout) == {"fewer": 10500, "without": 1500, "wait": None}
    changed = await scarce.change(checkout, note="Ring twice")
    assert options(changed) == options(checkout)
    assert changed["questions"][0]["deadline"] == checkout["questions"][0]["deadline"]
    assert await scarce.reserved("VASE") == [1]
    settled = await scarce.change(checkout, lines=[{"sku": "VASE", "quantity": 1}])
    assert (settled["state"], await scarce.reserved("VASE")) == ("ready_for_complete", [1])
    assert (await scarce.shop.buy(settled)).status_code == 200


async def test_the_plan_says_what_is_offered_and_in_which_order(database_url: str) -> None:
    async with scarce_shop(database_url, a_plan(when_unavailable=())) as scarce:
        checkout = await scarce.cart(VASE=3, MUG=1)
        assert ([one["kind"] for one in checkout["problems"]], checkout["questions"]) == (["insufficient_stock"], [])
        assert await scarce.reserved("VASE") == [0]


async def test_a_cart_cannot_keep_goods_for_ever(scarce: Scarce) -> None:
    checkout = await scarce.cart(VASE=2)
    for count in range(3, 15):
        checkout = await scarce.change(checkout, lines=[{"sku": "VASE", "quantity": count}])
    assert (options(checkout), await scarce.reserved("VASE")) == ({"fewer": 9500, "wait": None}, [0])


async def test_a_checkout_that_ends_keeps_nothing(scarce: Scarce) -> None:
    await scarce.gone()
    await scarce.shop.later(24 * 60 + 1)
    assert await scarce.reserved("JAR") == [0]
