"""A customer answers by their link: their parcel is lost, and they say what is to be done."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from doorstep.access.model.permissions import Role
from doorstep.journey.standing import Stage
from tests.stories.a_corner_shop import NOW, CornerShop, corner_shop

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[CornerShop]:
    async with corner_shop(database_url, tmp_path) as shop:
        yield shop


async def _question(shop: CornerShop, name: str) -> str:
    async with shop.app.database.read() as tx:
        story = await shop.app.overview.story(tx, await shop.order_id(name))
        return (await shop.app.overview.records(tx, story)).questions[0].id


async def test_a_customer_answers_by_their_link(shop: CornerShop) -> None:
    link, question = await shop.link("Wanda", NOW + DAY), await _question(shop, "Wanda")
    async with shop.browser() as customer:
        await customer.get(link)
        assert "What would you like us to do?" in customer.text
        await customer.post(f"{link}/answer", question_id=question, choice="refund")
        await customer.follow()
        assert "Thank you. We will do as you wish." in customer.text
        assert "What would you like us to do?" not in customer.text
        await shop.app.worker.drain()
        await customer.get(link)
    assert (await shop.standing("Wanda")).stage is Stage.LOST
    assert "Refunded" in customer.text


async def test_the_staff_see_who_answered(shop: CornerShop) -> None:
    link, question = await shop.link("Wanda", NOW + DAY), await _question(shop, "Wanda")
    async with shop.browser() as customer:
        await customer.get(link)
        page = customer.seen
        await customer.post(f"{link}/answer", question_id=question, choice="wait")
        customer.seen = page
        answer = await customer.post(f"{link}/answer", question_id=question, choice="refund")
        assert (answer.status_code, "This question is answered already." in customer.text) == (409, True)
    async with shop.browser(Role.CARE) as care:
        await care.get(f"/console/orders/{await shop.order_id('Wanda')}")
        assert "the customer" in care.text


async def test_a_link_opens_one_order_until_it_expires(shop: CornerShop) -> None:
    link = await shop.link("Wanda", NOW + DAY)
    other = (await shop.link("Xavier", NOW + DAY)).removeprefix("/order/").split(".")
    name, ends, mac = link.removeprefix("/order/").split(".")
    forged = [f"{other[0]}.{ends}.{mac}", f"{name}.{ends}f.{mac}", f"{name}.{ends}.x", "x"]
    async with shop.browser() as customer:
        for token in forged:
            answer = await customer.get(f"/order/{token}")
            assert (answer.status_code, "This link opens no order." in customer.text) == (403, True)
            assert "Wanda" not in customer.text
        shop.clock.advance_to(NOW + 2 * DAY)
        assert (await customer.get(link)).status_code == 403
        assert "This link to the order has expired." in customer.text


@pytest.mark.parametrize("choice", ["", "nothing", "'><script>alert(1)</script>"])
async def test_a_choice_that_is_none_is_refused(shop: CornerShop, choice: str) -> None:
    link, question = await shop.link("Wanda", NOW + DAY), await _question(shop, "Wanda")
    async with shop.browser() as customer:
        await customer.get(link)
        answer = await customer.post(f"{link}/answer", question_id=question, choice=choice)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
        assert "What would you like us to do?" in customer.text
