"""A new shopper on a phone: three things from two warehouses, of which one vanishes; paid without reading a manual."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.pages.at_the_checkout import (
    chooses_the_delivery,
    goes_to_the_checkout,
    pays,
    puts_into_the_cart,
    says_who,
)
from tests.pages.browser import LAPTOP, PHONE
from tests.pages.console import Console, visiting
from tests.stories.a_shopper import serve_shop
from tests.stories.shop import Shop

Served = tuple[Shop, str]


@pytest_asyncio.fixture(loop_scope="session")
async def house(sqlite_url: str) -> AsyncIterator[Served]:
    """A shop with its worker, and its address."""
    async with serve_shop(sqlite_url) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def ada(browser: Browser, house: Served) -> AsyncIterator[Console]:
    """Her phone."""
    async with visiting(browser, house[1], PHONE) as console:
        yield console


async def someone_buys_all_cups(browser: Browser, address: str) -> None:
    async with visiting(browser, address, LAPTOP) as other:
        page = other.page
        await other.goto("/shop/items/CUP")
        await page.get_by_label("How many").fill("3")
        await page.get_by_role("button", name="Into the cart").click()
        await page.get_by_text("is in your cart.").wait_for()
        await goes_to_the_checkout(page)
        await says_who(page)
        await chooses_the_delivery(page)
        await pays(page)
        await page.get_by_text("Thank you. Your order is placed.").wait_for()


async def comes_to_the_delivery(page: Page) -> None:
    await puts_into_the_cart(page, "Assam", "Tea pot", "Two cups")
    await goes_to_the_checkout(page)
    await says_who(page)


async def test_what_vanishes_is_replaced_live_and_all_is_paid(browser: Browser, house: Served, ada: Console) -> None:
    page = ada.page
    await comes_to_the_delivery(page)
    await someone_buys_all_cups(browser, house[1])
    await page.get_by_role("button", name="Take Two bowls instead").click()
    await page.get_by_text("Thank you, that is done.").wait_for()
    await chooses_the_delivery(page)
    await pays(page)
    await page.get_by_text("Thank you. Your order is placed.").wait_for()
    await page.get_by_role("link", name="Follow your order").click()
    await page.get_by_text("Two bowls").wait_for()
    assert await page.get_by_text("Two cups").count() == 0


async def test_what_vanishes_is_asked_about_where_she_is(browser: Browser, house: Served, ada: Console) -> None:
    await comes_to_the_delivery(ada.page)
    await chooses_the_delivery(ada.page)
    await someone_buys_all_cups(browser, house[1])
    await ada.page.get_by_text("Please choose until").wait_for()
    assert ada.page.url.endswith("/checkout/payment")
    question = await ada.page.locator(".question").bounding_box()
    assert question is not None
    assert 0 <= question["y"] < PHONE.height
