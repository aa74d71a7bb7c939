"""A question is answered once, in time, by one who was asked; whatever else is said is refused with the reason."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.stories.a_scarce_shop import Scarce, scarce_shop


@pytest_asyncio.fixture
async def scarce(database_url: str) -> AsyncIterator[Scarce]:
    async with scarce_shop(database_url) as scarce:
        yield scarce


async def test_the_same_answer_again_is_answered_as_before(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    first, again = await scarce.say(checkout, "substitute:JAR"), await scarce.say(checkout, "substitute:JAR")
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert await scarce.reserved("JAR") == [1]


async def test_a_key_with_another_answer_is_refused(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    await scarce.say(checkout, "substitute:JAR")
    assert (await scarce.say(checkout, "wait")).json()["code"] == "key_reused"


async def test_a_second_answer_is_refused(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    await scarce.say(checkout, "substitute:JAR")
    refused = (await scarce.say(checkout, "wait", key="other")).json()
    assert (refused["code"], refused["status"]) == ("question_answered", 409)


async def test_an_answer_after_the_deadline_is_refused_before_the_default_is_taken_too(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    clock = scarce.shop.clock
    clock.advance_to(clock.now().replace(minute=10))  # type: ignore[attr-defined] # a clock of ours
    refused = (await scarce.say(checkout, "substitute:JAR")).json()
    assert (refused["code"], refused["status"]) == ("question_expired", 409)


async def test_a_question_that_settled_itself_is_withdrawn(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    await scarce.change(checkout, lines=[{"sku": "MUG", "quantity": 1}])
    assert (await scarce.say(checkout, "substitute:JAR")).json()["code"] == "question_withdrawn"
    assert await scarce.reserved("JAR") == [0]


async def test_another_question_in_its_place_supersedes_it(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    now = await scarce.change(checkout, lines=[{"sku": "VASE", "quantity": 2}])
    assert now["questions"][0]["id"] != checkout["questions"][0]["id"]
    assert (await scarce.say(checkout, "substitute:JAR")).json()["code"] == "question_superseded"


@pytest.mark.parametrize(
    ("question", "choice", "code"),
    [
        ("choose_alternative-1", "substitute:MUG", "no_such_option"),
        ("choose_alternative-1", "", "no_such_option"),
        ("choose_alternative-7", "wait", "no_such_question"),
        ("give_field-buyer.email", "x", "question_withdrawn"),
        ("nonsense", "wait", "no_such_question"),
    ],
)
async def test_what_is_no_answer_is_refused(scarce: Scarce, question: str, choice: str, code: str) -> None:
    checkout = await scarce.gone()
    assert (await scarce.say(checkout, choice, question=question)).json()["code"] == code
    assert (await scarce.shop.look(checkout))["questions"] == checkout["questions"]


async def test_a_total_that_changed_is_confirmed_and_then_charged(scarce: Scarce) -> None:
    checkout = await scarce.cart(MUG=1)
    assert (await scarce.shop.buy(checkout, total=1400)).json()["code"] == "total_changed"
    asked = await scarce.shop.look(checkout)
    (question,) = asked["questions"]
    assert (question["kind"], question["options"][0]["price_minor"]) == ("confirm_total", 1500)
    assert question["text"] == "The total is £15.00 and not £14.00 any more. Is that all right?"
    confirmed = (await scarce.say(asked, "accept")).json()
    assert confirmed["questions"] == []
    assert (await scarce.shop.buy(confirmed, key="now")).status_code == 200


async def test_an_expired_checkout_takes_no_answer(scarce: Scarce) -> None:
    checkout = await scarce.gone()
    await scarce.shop.later(24 * 60 + 1)
    assert (await scarce.say(checkout, "substitute:JAR")).json()["code"] == "checkout_expired"
    path = "/api/v1/checkouts/chk_nothing/answers"
    answer = await scarce.shop.http.post(path, json={"question_id": "x"}, headers={"Idempotency-Key": "k"})
    assert answer.json()["code"] == "no_such_checkout"
