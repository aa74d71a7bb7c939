"""A colleague is invited and signs in with a code."""

import re
from datetime import timedelta

from msgspec.structs import replace
from pyotp import TOTP

from doorstep.kernel.clock import SimulatedClock
from tests.stories.people import PASSWORD, Browser, browsing, hired, mailed_link
from tests.stories.shop import SETTINGS, Shop

COLLEAGUE = "paul@example.com"


async def _invited(shop: Shop) -> str:
    """The path of the link that the colleague gets by mail."""
    await hired(shop)
    async with browsing(shop) as owner:
        await owner.sign_in()
        await owner.get("/console/staff/invitation")
        await owner.post("/console/staff/invitation", email=COLLEAGUE, role="packer", language="en", way="mail")
        await owner.follow()
        assert f"{COLLEAGUE} is invited by mail" in owner.text
    await shop.work()
    return mailed_link(shop, COLLEAGUE)


async def _joined(browser: Browser, link: str) -> None:
    await browser.get(link)
    assert COLLEAGUE in browser.text
    await browser.post(link, name="Paul", password=PASSWORD)
    await browser.follow()
    assert "Welcome" in browser.text


async def _enrolled(shop: Shop, browser: Browser) -> TOTP:
    """The phone of somebody who is signed in, and who sets up a second factor by the page."""
    await browser.get("/console/account/second-factor")
    await browser.post("/console/account/second-factor")
    await browser.follow()
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7]+)<', browser.text)
    assert secret
    phone = TOTP(secret[1])
    shown = await browser.post("/console/account/second-factor/proof", code=phone.at(shop.clock.now()))
    assert (shown.status_code, "Keep these recovery codes" in browser.text) == (200, True)
    return phone


async def test_from_the_mail_to_the_console(shop: Shop) -> None:
    link = await _invited(shop)
    async with browsing(shop) as browser:
        await _joined(browser, link)
        await browser.sign_in(COLLEAGUE)
        phone = await _enrolled(shop, browser)
        await browser.get("/console/account")
        await browser.post("/sign-out")
        assert isinstance(shop.clock, SimulatedClock)
        shop.clock.advance_to(shop.clock.now() + timedelta(minutes=2))
        entered = await browser.sign_in(COLLEAGUE)
        assert entered.headers["location"].startswith("/second-factor")
        await browser.follow()
        await browser.post("/second-factor", code=phone.at(shop.clock.now()))
        assert (await browser.get("/console/account")).status_code == 200
        assert "10 recovery codes are left" in browser.text


async def test_a_recovery_code_serves_once_in_place_of_the_phone(shop: Shop) -> None:
    link = await _invited(shop)
    async with browsing(shop) as browser:
        await _joined(browser, link)
        await browser.sign_in(COLLEAGUE)
        await _enrolled(shop, browser)
        code = re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>", browser.text)[0]
    assert [await _entering_with(shop, code.lower()) for _ in range(2)] == [303, 403]


async def _entering_with(shop: Shop, code: str) -> int:
    """The answer to a code, in a browser of its own."""
    async with browsing(shop) as browser:
        await browser.sign_in(COLLEAGUE)
        await browser.follow()
        return (await browser.post("/second-factor", code=code)).status_code


async def test_where_everybody_needs_a_second_factor_it_comes_first(shop: Shop) -> None:
    link = await _invited(shop)
    async with browsing(shop, replace(SETTINGS, require_second_factor=True)) as browser:
        await _joined(browser, link)
        assert (await browser.sign_in(COLLEAGUE)).headers["location"].startswith("/console/account/second-factor")
        assert (await browser.get("/console/account")).headers["location"].startswith("/sign-in")
        await _enrolled(shop, browser)
        assert (await browser.get("/console/account")).status_code == 200
