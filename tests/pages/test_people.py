"""What people do on their pages, in a browser."""

from playwright.async_api import Browser

from doorstep.access.model.permissions import Role
from tests.pages.a_console import Served, a_console
from tests.pages.browser import NARROW
from tests.pages.console import Console
from tests.pages.people_pages import REACHES
from tests.stories.shop import Shop


async def test_the_language_takes_effect_at_once(browser: Browser, served: Served) -> None:
    async with a_console(browser, served) as console:
        await console.page.get_by_label("Language").select_option("de")
        await console.page.get_by_role("button", name="Save").click()
        await console.page.locator("[role=status]").wait_for()
        assert await console.page.locator("html").get_attribute("lang") == "de"


async def test_a_password_can_be_looked_at(console: Console, shop: Shop) -> None:
    await REACHES["set_up"](console, shop)
    await console.page.locator("#password").fill("a heap of red wool")
    await console.page.get_by_label("Show the password").check()
    assert await console.page.locator("#password").get_attribute("type") == "text"


async def test_the_menu_opens_on_a_phone_and_shows_what_the_role_allows(browser: Browser, served: Served) -> None:
    async with a_console(browser, served, NARROW, Role.FINANCE) as console:
        await console.page.get_by_text("Menu").click()
        names = await console.page.locator(".places a").all_inner_texts()
        assert "Audit trail" in names
        assert "Staff" not in names


async def test_a_key_is_revoked_with_a_reason(console: Console, shop: Shop) -> None:
    await REACHES["keys"](console, shop)
    await console.page.get_by_text("Revoke Storefront").click()
    await console.page.get_by_label("Why?").locator("visible=true").fill("it was lost")
    await console.page.get_by_role("button", name="Revoke the key").locator("visible=true").click()
    await console.page.get_by_text("The key is revoked").wait_for()
    await console.goto("/console/audit?act=key.revoke")
    assert "it was lost" in await console.page.inner_text("main")
