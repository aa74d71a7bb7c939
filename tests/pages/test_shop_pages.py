"""The shop and the checkout in a browser: for everyone, by keyboard, on a phone, light, and without a script."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.pages.at_the_checkout import (
    BUTTON,
    chooses_the_delivery,
    goes_to_the_checkout,
    pays,
    puts_into_the_cart,
    says_who,
)
from tests.pages.axe import expect_accessible
from tests.pages.browser import LAPTOP, PHONE, Screen
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, on, visiting
from tests.stories.a_shopper import serve_shop
from tests.stories.shop import Shop

PLACES = ("shop", "item", "nothing", "cart", "who", "wrong", "delivery", "payment", "declined", "bank", "thanks")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def house(tmp_path_factory: object) -> AsyncIterator[tuple[Shop, str]]:
    """A shop for all of these, with its worker."""
    folder: Path = tmp_path_factory.mktemp("shop")  # type: ignore[attr-defined]
    async with serve_shop(f"sqlite:///{folder}/shop.db") as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session", params=PLACES)
async def there(request: object, browser: Browser, house: tuple[Shop, str], screen: Screen) -> AsyncIterator[Console]:
    """Each of the pages in turn, as somebody comes to it who shops."""
    name: str = request.param  # type: ignore[attr-defined]
    async with visiting(browser, house[1], screen) as console:
        await _comes_to(console, name)
        yield console


@on(LAPTOP, PHONE)
async def test_it_is_for_everyone_and_fits(there: Console) -> None:
    await expect_accessible(there.page)
    await expect_targets(there.page)
    await expect_fits(there.page)


async def test_it_needs_no_mouse(there: Console) -> None:
    assert await expect_keyboard_only(there.page)


async def test_it_is_light(there: Console) -> None:
    there.expect_status(405)
    await expect_light_enough(there)


async def _comes_to(console: Console, name: str) -> None:
    """Shop as far as a page."""
    page, at = console.page, PLACES.index(name)
    first = {"shop": "/shop?lang=de", "item": "/shop/items/POT", "nothing": "/shop/cart"}
    if name in first:
        await console.goto(first[name])
        return
    await puts_into_the_cart(page, "Assam", "Tea pot")
    await page.goto("/shop/cart")
    if at > PLACES.index("cart"):
        await goes_to_the_checkout(page)
    if name == "wrong":
        console.expect_status(422)
        await page.get_by_role("button", name="Go on to the delivery").last.click()
        await page.get_by_text("Please look at this:").wait_for()
    elif at > PLACES.index("wrong"):
        await _comes_further(console, at)


async def _comes_further(console: Console, at: int) -> None:
    page = console.page
    await says_who(page)
    if at > PLACES.index("delivery"):
        await chooses_the_delivery(page)
    ends = {
        "declined": ("The bank says no", "Your payment was declined"),
        "bank": ("The bank wants to see you first", "Is it you?"),
        "thanks": ("The bank says yes", "Thank you. Your order is placed."),
    }
    if PLACES[at] in ends:
        turn, text = ends[PLACES[at]]
        await pays(page, turn)
        await page.get_by_text(text).wait_for()


async def test_without_a_script_everything_works(browser: Browser, house: tuple[Shop, str]) -> None:
    context = await browser.new_context(base_url=house[1], java_script_enabled=False)
    page = await context.new_page()
    await puts_into_the_cart(page, "Assam", "Tea pot")
    await goes_to_the_checkout(page)
    await says_who(page)
    await chooses_the_delivery(page, 1)
    await pays(page, "The bank wants to see you first")
    await page.get_by_role("button", name="Yes, it is me").click()
    await page.get_by_text("Thank you. Your order is placed.").wait_for()
    assert page.url == f"{house[1]}/checkout/done"
    await context.close()


async def test_what_is_wrong_is_in_focus_and_leads_to_its_field(browser: Browser, house: tuple[Shop, str]) -> None:
    async with visiting(browser, house[1]) as console:
        await _comes_to(console, "wrong")
        assert await console.page.evaluate("document.activeElement.id") == "wrong"
        await console.page.get_by_role("link", name="E-mail address").click()
        assert await console.page.evaluate("document.activeElement.name") == "buyer.email"


async def test_a_slow_bank_is_waited_for_and_the_page_goes_on(browser: Browser, house: tuple[Shop, str]) -> None:
    async with visiting(browser, house[1], PHONE) as console:
        await _comes_to(console, "payment")
        await pays(console.page, "The bank wants to see you first")
        await console.page.get_by_text("Is it you?").wait_for()
        await console.goto("/checkout/waiting")
        async with console.page.context.expect_page() as opened:
            await console.page.evaluate("open(document.querySelector('a.main').href)")
        bank = await opened.value
        await bank.get_by_role("button", name="Yes, it is me").click()
        await console.page.get_by_text("Thank you. Your order is placed.").wait_for()
        assert console.page.url.endswith("/checkout/done")


async def test_another_country_changes_the_fields_at_once(browser: Browser, house: tuple[Shop, str]) -> None:
    async with visiting(browser, house[1]) as console:
        await _comes_to(console, "who")
        await console.page.get_by_label("Full name").first.fill("Ada Lovelace")
        async with console.page.expect_navigation():
            await console.page.get_by_label("Country").first.select_option("DE")
        assert await console.page.get_by_label("Full name").first.input_value() == "Ada Lovelace"
        assert await console.page.get_by_label("Country").first.input_value() == "DE"


async def test_the_button_says_what_it_costs(browser: Browser, house: tuple[Shop, str]) -> None:
    async with visiting(browser, house[1], PHONE) as console:
        await _comes_to(console, "payment")
        assert await console.page.get_by_role("button", name=f"{BUTTON} £38.50").is_visible()
