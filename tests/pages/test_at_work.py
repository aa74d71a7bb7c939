"""People at work in the console: by keyboard, without a script, beside others, while orders come in."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, expect

from doorstep.journey.order import Buyer
from doorstep.journey.placement.model.checkout import Complete, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.ids import CheckoutId, new_id
from tests.pages.a_house_with_orders import Served, comes_in, served_corner_shop
from tests.pages.browser import LAPTOP, PHONE
from tests.pages.console import Console, visiting
from tests.stories.a_corner_shop import CornerShop, shopper

HOSTILE = "\"' autofocus onfocus=\"document.title='owned'\" 👩‍👩‍👧 " + "x" * 90
"""What a name may be, of all that is hostile: brackets are refused at the checkout."""


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[Served]:
    """A corner shop of one's own, in which things may be done."""
    async with served_corner_shop(tmp_path) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, house: Served) -> AsyncIterator[Console]:
    """The owner at the board."""
    async with visiting(browser, house[1], LAPTOP) as console:
        await comes_in(console, house[0])
        yield console


async def _orders(shop: CornerShop, name: str) -> str:
    """Somebody orders; the order's number."""
    lanes, plan, at = shop.app.lanes, shop.app.plans.in_force, shop.app.clock.now()
    wishes = Wishes(
        lines=(LineWish("TEA-ASSAM", 1),),
        buyer=Buyer("new@customers.example", name),
        address=shopper("Greta").address,
        service=plan.shipping.services[0].id,
        method=plan.payment.methods[0].id,
    )
    checkout = await lanes.create.ask(Create(CheckoutId(new_id("chk")), at, wishes))
    await lanes.complete.ask(Complete(checkout.id, at, "once", checkout.totals.total, "challenge"))
    async with shop.app.database.read() as tx:
        return (await shop.app.overview.newest(tx, most=1))[0].number


async def _number(shop: CornerShop, name: str) -> str:
    async with shop.app.database.read() as tx:
        return (await shop.app.overview.story(tx, await shop.order_id(name))).order.number


async def _tab_to(console: Console, name: str, most: int = 60) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(most):
        await console.page.keyboard.press("Tab")
        focused = await console.page.evaluate("document.activeElement.textContent + document.activeElement.title")
        if name in focused:
            return
    raise AssertionError(f"Tab never came to {name}")


async def test_the_late_order_is_found_and_picked_by_keyboard_alone(desk: Console, house: Served) -> None:
    page, keyboard = desk.page, desk.page.keyboard
    await _tab_to(desk, "orders are late")
    await keyboard.press("Enter")
    await page.wait_for_url("**/console/orders?late=yes*")
    number = await _number(house[0], "Hannah")
    for _ in range(20):
        await keyboard.press("j")
        if await page.evaluate("document.activeElement.textContent") == number:
            break
    await keyboard.press("Enter")
    await page.wait_for_url(f"**/console/orders/{number}")
    await _tab_to(desk, "Report the pick")
    await keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("The pick is reported.")
    assert await page.get_by_role("button", name="Report it packed").is_visible()


async def test_keys_lead_to_places_and_can_be_turned_off(desk: Console) -> None:
    page, keyboard = desk.page, desk.page.keyboard
    await keyboard.press("g")
    await keyboard.press("o")
    await page.wait_for_url("**/console/orders")
    await keyboard.press("/")
    await expect(page.locator("input[type=search]")).to_be_focused()
    await page.locator("h1").click()
    await keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    await page.get_by_label("Turn single keys off").check()
    await keyboard.press("Escape")
    await page.locator("h1").click()
    await keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Keyboard").click()
    assert await page.get_by_label("Turn single keys off").is_checked()


async def test_an_order_that_comes_in_appears_on_the_board_by_itself(desk: Console, house: Served) -> None:
    turn = desk.page.get_by_role("link", name="Buyer's turn")
    await expect(turn.locator(".figure")).to_have_text("1")
    await expect(desk.page.locator(".live-dot.on")).to_be_visible()
    await _orders(house[0], "Newcomer")
    await expect(turn.locator(".figure")).to_have_text("2", timeout=10_000)
    assert desk.page.url.endswith("/console")


async def test_hostile_names_do_nothing(desk: Console, house: Served) -> None:
    number = await _orders(house[0], HOSTILE)
    for path in ("/console/orders", f"/console/orders/{number}", "/console/orders?q=new@customers.example"):
        await desk.goto(path)
        await expect(desk.page.get_by_text("onfocus=\"document.title='owned'\"").first).to_be_visible()
        assert "owned" not in await desk.page.title()


async def test_all_of_it_works_without_a_script(browser: Browser, house: Served) -> None:
    context = await browser.new_context(
        base_url=house[1], java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    try:
        page = await context.new_page()
        await comes_in(Console(page, house[1], PHONE), house[0], "/console/orders")
        await page.locator("input[type=search]").fill("dmitri")
        await page.get_by_role("button", name="Find").click()
        await page.get_by_role("link", name=re.compile(r"^\d+$")).click()
        await page.get_by_label("Why?").first.fill("They called")
        await page.get_by_role("button", name="Let it go on").click()
        await expect(page.get_by_role("status")).to_contain_text("The order goes on.")
        await page.get_by_label("A note for colleagues").fill("A gift.")
        await page.get_by_role("button", name="Add the note").click()
        assert await page.get_by_text("A gift.").is_visible()
    finally:
        await context.close()


async def test_who_comes_second_is_told_and_loses_nothing(browser: Browser, house: Served, desk: Console) -> None:
    number = await _number(house[0], "Esther")
    async with visiting(browser, house[1], PHONE) as other:
        await comes_in(other, house[0], f"/console/orders/{number}")
        await desk.goto(f"/console/orders/{number}")
        await other.page.get_by_label("Why?").first.fill("I would rather not")
        await desk.page.get_by_role("button", name="Let it go on").click()
        await expect(desk.page.get_by_role("status")).to_contain_text("The order goes on.")
        other.expect_status(409)
        await other.page.get_by_role("button", name="Reject it").click()
        said = other.page.get_by_role("alert")
        await expect(said).to_contain_text("has changed since you looked: hold released")
        await expect(said).to_contain_text("I would rather not")
