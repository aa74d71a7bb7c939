"""The API's documentation in a browser: for everyone, by keyboard, on a phone."""

from tests.pages.axe import expect_accessible
from tests.pages.browser import LAPTOP, PHONE
from tests.pages.checks import expect_fits, expect_keyboard_only, expect_light_enough, expect_targets
from tests.pages.console import Console, on

DOCS = "/api/docs"


@on(LAPTOP, PHONE)
async def test_it_is_for_everyone(console: Console) -> None:
    await console.goto(DOCS)
    await expect_accessible(console.page)
    await expect_targets(console.page)


async def test_it_needs_no_mouse(console: Console) -> None:
    await console.goto(DOCS)
    await expect_keyboard_only(console.page, "OpenAPI", "Problems")


async def test_it_fits_a_phone(console: Console) -> None:
    await console.goto(DOCS)
    await expect_fits(console.page)


async def test_it_is_light(console: Console) -> None:
    await console.goto(DOCS)
    await expect_light_enough(console)


async def test_a_link_leads_to_its_endpoint(console: Console) -> None:
    await console.goto(DOCS)
    await console.page.get_by_role("link", name="Problems").click()
    assert await console.page.evaluate("document.querySelector(':target').id") == "problems"
