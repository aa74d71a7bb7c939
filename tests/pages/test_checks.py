"""Every check can fail: each is shown a page that is wrong in its way, and says what is wrong."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser

from tests.pages.axe import expect_accessible
from tests.pages.browser import PHONE
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, visiting
from tests.pages.site import serving_site

Check = Callable[[Console], Awaitable[object]]

BUTTON = '<button type="button">Pack</button>'
TRAP = "document.querySelector('button').onkeydown = event => { if (event.key === 'Tab') event.preventDefault(); };"

# The body and the style of a page, the check that it is shown to, and what that says.
WRONG: dict[str, tuple[str, str, Check, str]] = {
    "no name for a field": ("<input>", "", lambda it: expect_accessible(it.page), "label .critical."),
    "pale text": ("<p>Pale</p>", "p { color: #ddd }", lambda it: expect_accessible(it.page), "color-contrast"),
    "no alternative": ('<img src="/style.css">', "", lambda it: expect_accessible(it.page), r"img: .*alt"),
    "focus not shown": (BUTTON, "button { outline: none }", lambda it: expect_keyboard_only(it.page), "not visible: b"),
    "nothing of that name": (BUTTON, "", lambda it: expect_keyboard_only(it.page, "Ship"), "no stop is named Ship"),
    "too wide": ("<pre>" + "wide " * 99 + "</pre>", "", lambda it: expect_fits(it.page), "pre .* ends at"),
    "too long a word": ("<p>" + "w" * 99 + "</p>", "", lambda it: expect_fits(it.page), "at 360 the page is"),
    "too small": (BUTTON, "button { height: 20px }", lambda it: expect_targets(it.page), r'"Pack": .* × 20\.0'),
    "too heavy": (f"<p>{'heavy ' * 40_000}</p>", "", expect_light_enough, r"load less than 150 kB"),
}

FAULTS = {
    "a script fails": ("", "null.packed", "script: Cannot read"),
    "an error is logged": ("", "console.error('Not packed')", "console: Not packed"),
    "an inline script": ("<script>packed = true</script>", "", "console: .*inline script"),
    "an inline style": ('<p style="color: red">Packed</p>', "", "console: .*inline style"),
    "a file is missing": ('<img src="/none.svg" alt="Nothing">', "", "answer 404: GET .*/none.svg"),
    "another host is asked": ("", "location = 'http://elsewhere.example/'", "another host: http://elsewhere.example/"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_check_tells_what_is_wrong(browser: Browser, wrong: str) -> None:
    body, style, check, told = WRONG[wrong]
    async with serving_site(body, style) as address, visiting(browser, address) as console:
        await console.goto("/")
        with pytest.raises(AssertionError, match=told):
            await check(console)
        console.faults.clear()


@pytest.mark.parametrize("wrong", FAULTS)
async def test_what_the_browser_complains_about_fails_the_test(browser: Browser, wrong: str) -> None:
    body, script, told = FAULTS[wrong]
    with pytest.raises(AssertionError, match=told):
        async with serving_site(body, script=script) as address, visiting(browser, address) as console:
            await console.goto("/")


async def test_a_trap_is_found(browser: Browser) -> None:
    body = f'{BUTTON}<a href="/">Home</a>'
    async with serving_site(body, script=TRAP) as address, visiting(browser, address) as console:
        await console.goto("/")
        with pytest.raises(AssertionError, match='never reached: a "Home"'):
            await expect_keyboard_only(console.page)


async def test_what_sticks_out_on_a_phone_is_named(browser: Browser) -> None:
    body = '<p class="wide">Wide</p>'
    async with serving_site(body, ".wide { width: 500px }") as address, visiting(browser, address, PHONE) as console:
        await console.goto("/")
        with pytest.raises(AssertionError, match='p "Wide" ends at 508'):
            await expect_fits(console.page)


async def test_a_page_that_is_right_passes_every_check(browser: Browser) -> None:
    body = f'{BUTTON}<p>See the <a href="/">start</a> of it.</p><label>Day <input type="date" name="day"></label>'
    style = "input, button { height: 2rem }"
    async with serving_site(body, style) as address, visiting(browser, address) as console:
        await console.goto("/")
        await expect_accessible(console.page)
        await expect_fits(console.page)
        await expect_targets(console.page)
        await expect_light_enough(console)
        stops = await expect_keyboard_only(console.page)
    assert stops == ['button "Pack"', 'a "start"', 'input "day"']


async def test_an_answer_that_is_expected_is_no_fault(browser: Browser) -> None:
    async with serving_site("") as address, visiting(browser, address) as console:
        answer = await console.goto("/none", 404)
    assert answer.status == 404
