"""The same done to many orders: first what would come of it, then what did, order by order."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio

from doorstep.access.model.permissions import Role
from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.people import Browser, hired
from tests.stories.shop import CAREFUL, MORNING, Shop, opened_shop

BULK = "/console/orders/bulk"


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop that has an owner, who looks at every order of more than one mug."""
    async with opened_shop(sqlite_url, SandboxPayments(), SimulatedClock(MORNING), CAREFUL) as shop:
        await hired(shop)
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


async def _stages(shop: Shop) -> dict[str, str]:
    return {one["number"]: one["stage"] for one in await shop.orders()}


async def test_a_preview_does_nothing_and_says_what_would_be_refused(owner: Browser, shop: Shop) -> None:
    held, confirmed = await shop.ordered(quantity=2), await shop.ordered()
    await owner.get(f"{BULK}?act=hold.release&order={held}&order={confirmed}&order=999")
    assert "This would be done to 1 order. Nothing is done yet." in owner.text
    assert "There is no order 999." in owner.text
    assert re.findall(r'name="order" value="(\d+)"', owner.text) == [held]
    assert await _stages(shop) == {held: "held", confirmed: "confirmed"}


async def test_each_order_has_its_own_result(owner: Browser, shop: Shop) -> None:
    first, second = await shop.ordered(quantity=2), await shop.ordered(quantity=3)
    await owner.get(f"{BULK}?act=hold.release&order={first}&order={second}")
    await owner.post(f"/console/orders/{first}/hold.release", reason="alone")
    await owner.get(f"{BULK}?act=hold.release&order={second}")
    await owner.post(BULK, act="hold.release", order=[first, second], reason="they called")
    assert "Done to 1 order." in owner.text
    assert owner.text.count("Done.") == 1
    assert "This order is not held any more." in owner.text
    await shop.work()
    assert set((await _stages(shop)).values()) == {"confirmed"}


async def test_marking_nothing_is_said(owner: Browser) -> None:
    answer = await owner.get(f"{BULK}?act=hold.release")
    assert (answer.status_code, "Mark at least one order first." in owner.text) == (422, True)


async def test_what_is_not_for_many_is_said(owner: Browser) -> None:
    answer = await owner.get(f"{BULK}?act=pick.report&order=1001")
    assert (answer.status_code, "cannot be done to many orders at once" in owner.text) == (422, True)


async def test_a_picker_may_not_release_holds(browser: Browser, shop: Shop) -> None:
    number = await shop.ordered(quantity=2)
    await hired(shop, Role.PICKER, "pia@example.com", "Pia")
    await browser.sign_in("pia@example.com")
    assert (await browser.get(f"{BULK}?act=hold.release&order={number}")).status_code == 403
    await browser.get("/console/orders")
    assert 'name="act"' not in browser.text


async def test_a_reason_that_is_needed_is_asked_for(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered(quantity=2)
    await owner.get(f"{BULK}?act=hold.reject&order={number}")
    answer = await owner.post(BULK, act="hold.reject", order=number)
    assert answer.status_code == 422
    assert await _stages(shop) == {number: "held"}
