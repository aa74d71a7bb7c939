"""What is missing or wrong in a checkout is asked for, field by field, and given as an answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.stories.a_scarce_shop import FILLED, Scarce, scarce_shop


@pytest_asyncio.fixture
async def scarce(database_url: str) -> AsyncIterator[Scarce]:
    async with scarce_shop(database_url) as scarce:
        yield scarce


async def unfinished(scarce: Scarce) -> Any:
    """A checkout with a wrong e-mail address, no postcode and no way to pay."""
    address = {**FILLED["address"], "postcode": ""}
    cart = await scarce.cart(MUG=1)
    return await scarce.change(cart, buyer={"email": "ada"}, address=address, method=None)


def asked(checkout: Any) -> list[str]:
    return [one["id"] for one in checkout["questions"]]


async def test_each_field_is_given_and_then_all_is_well(scarce: Scarce) -> None:
    checkout = await unfinished(scarce)
    wanted = {"buyer.email": "ada@example.com", "address.postcode": "SW1Y 4JH", "method": "card"}
    assert asked(checkout) == [f"give_field-{path}" for path in wanted]
    for path, value in wanted.items():
        given = {"choice": value} if path == "method" else {"choice": "", "value": value}
        checkout = (await scarce.say(checkout, key=path, question=f"give_field-{path}", **given)).json()
    assert (checkout["state"], checkout["address"]["postcode"]) == ("ready_for_complete", "SW1Y 4JH")
    assert (await scarce.shop.buy(checkout)).status_code == 200


async def test_a_value_that_is_wrong_again_is_asked_for_again(scarce: Scarce) -> None:
    checkout = await unfinished(scarce)
    wrong = (await scarce.say(checkout, "", value="ada@", key="1")).json()
    assert asked(wrong) == asked(checkout)
    right = (await scarce.say(wrong, "", value="ada@example.com", key="2")).json()
    assert "give_field-buyer.email" not in asked(right)


@pytest.mark.parametrize(
    ("question", "said", "code"),
    [
        ("give_field-buyer.email", {"choice": ""}, "value_missing"),
        ("give_field-method", {"choice": "gold"}, "no_such_option"),
        ("give_field-buyer.name", {"choice": "", "value": "Ada"}, "question_withdrawn"),
        ("give_field-wishes.note", {"choice": "", "value": "Ada"}, "question_withdrawn"),
    ],
)
async def test_what_is_no_value_is_refused(scarce: Scarce, question: str, said: dict[str, str], code: str) -> None:
    checkout = await unfinished(scarce)
    assert (await scarce.say(checkout, question=question, **said)).json()["code"] == code


@pytest.mark.parametrize("value", ["a\nb", "ص" * 250, "\x00", "💐@example.com"])
async def test_hostile_values_change_nothing_or_are_asked_for_again(scarce: Scarce, value: str) -> None:
    checkout = await unfinished(scarce)
    answer = await scarce.say(checkout, "", value=value)
    assert answer.status_code in (200, 400, 422)
    assert (await scarce.shop.look(checkout))["state"] == "incomplete"


async def test_a_payment_is_approved_at_the_bank_and_not_here(scarce: Scarce) -> None:
    checkout = await scarce.cart(MUG=1)
    await scarce.shop.buy(checkout, token="challenge")
    await scarce.shop.work()
    now = await scarce.shop.look(checkout)
    (question,) = now["questions"]
    assert (question["kind"], question["redirect_url"]) == ("approve_payment", now["payment"]["action_url"])
    assert (await scarce.say(now, "yes")).json()["code"] == "answered_elsewhere"
