"""Signing in with what is wrong, too often, too late, or not one's own."""

from datetime import timedelta

import httpx

from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import IDLE
from doorstep.kernel.clock import SimulatedClock
from tests.stories.people import OWNER, PASSWORD, Browser, browsing, hired, second_factor_of
from tests.stories.shop import Shop


def _later(shop: Shop, span: timedelta) -> None:
    assert isinstance(shop.clock, SimulatedClock)
    shop.clock.advance_to(shop.clock.now() + span)


async def _guess(browser: Browser, times: int, email: str = OWNER) -> httpx.Response:
    answers = [await browser.sign_in(email, f"guess number {number}") for number in range(times)]
    return answers[-1]


async def test_a_wrong_password_is_told_without_saying_what_was_wrong(browser: Browser) -> None:
    wrong = await browser.sign_in(password="not the password")
    known = browser.text
    unknown = await browser.sign_in("nobody@example.com", "not the password")
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert "The e-mail address or the password is wrong." in known
    assert "The e-mail address or the password is wrong." in browser.text


async def test_what_was_typed_as_a_password_is_not_shown_again(browser: Browser) -> None:
    await browser.sign_in(password="not the password")
    assert "not the password" not in browser.text
    assert f'value="{OWNER}"' in browser.text


async def test_too_many_tries_have_to_wait_and_are_told_how_long(browser: Browser) -> None:
    answer = await _guess(browser, 6)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert "Please try again in 30 seconds." in browser.text


async def test_a_locked_account_refuses_the_right_password_too_until_then(browser: Browser, shop: Shop) -> None:
    await _guess(browser, 6)
    assert (await browser.sign_in()).status_code == 429
    _later(shop, timedelta(seconds=31))
    assert (await browser.sign_in()).status_code == 303


async def test_an_unknown_address_is_locked_like_a_known_one(browser: Browser) -> None:
    assert (await _guess(browser, 6, "nobody@example.com")).status_code == 429


async def test_codes_cannot_be_guessed_for_long(shop: Shop, browser: Browser) -> None:
    await second_factor_of(shop, await hired(shop, Role.CARE, "carl@example.com"))
    await browser.sign_in("carl@example.com")
    await browser.follow()
    answers = [(await browser.post("/second-factor", code=f"00000{number}")).status_code for number in range(6)]
    assert answers == [403] * 5 + [429]


async def test_before_the_code_nothing_opens(shop: Shop, browser: Browser) -> None:
    await second_factor_of(shop, await hired(shop, Role.CARE, "carl@example.com"))
    await browser.sign_in("carl@example.com")
    answer = await browser.get("/console/account")
    assert answer.headers["location"] == "/sign-in?next=/console/account"
    assert (await browser.get("/console/account/second-factor")).headers["location"] == "/second-factor"


async def test_one_comes_to_the_page_that_was_asked_for(browser: Browser) -> None:
    assert (await browser.get("/console/audit?act=staff.")).headers["location"] == (
        "/sign-in?next=/console/audit%3Fact%3Dstaff."
    )
    await browser.follow()
    answer = await browser.post("/sign-in", email=OWNER, password=PASSWORD, next="/console/audit?act=staff.")
    assert answer.headers["location"] == "/console/audit?act=staff."


async def test_one_is_led_to_no_other_place(browser: Browser) -> None:
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", email=OWNER, password=PASSWORD, next="https://elsewhere.example/console")
    assert answer.headers["location"] == "/console"


async def test_a_session_after_logout_opens_nothing(owner: Browser, shop: Shop) -> None:
    token = owner.session
    await owner.get("/console/account")
    await owner.post("/sign-out")
    async with browsing(shop) as thief:
        thief.http.cookies.set("doorstep_session", token)
        assert (await thief.get("/console/account")).headers["location"].startswith("/sign-in")


async def test_a_session_that_was_idle_too_long_has_ended(owner: Browser, shop: Shop) -> None:
    _later(shop, IDLE + timedelta(seconds=1))
    assert (await owner.get("/console/account")).headers["location"].startswith("/sign-in")


async def test_a_cookie_from_before_the_login_is_worth_nothing_after_it(browser: Browser, shop: Shop) -> None:
    planted = "chosen-by-somebody-else"
    browser.http.cookies.set("doorstep_session", planted, domain="shop.local")
    await browser.get("/sign-in")
    await browser.post("/sign-in", email=OWNER, password=PASSWORD)
    async with browsing(shop) as thief:
        thief.http.cookies.set("doorstep_session", planted)
        assert (await thief.get("/console/account")).headers["location"].startswith("/sign-in")
    assert browser.session not in ("", planted)


async def test_the_session_of_before_ends_when_somebody_signs_in_with_it(owner: Browser, shop: Shop) -> None:
    planted = owner.session
    await owner.get("/console/account")
    async with browsing(shop) as victim:
        victim.http.cookies.set("doorstep_session", planted)
        victim.seen = owner.seen
        await victim.post("/sign-in", email=OWNER, password=PASSWORD)
    assert (await owner.get("/console/account")).headers["location"].startswith("/sign-in")
