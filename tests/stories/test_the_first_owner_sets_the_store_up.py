"""The first owner sets the store up."""

from urllib.parse import urlsplit

from tests.stories.people import OWNER, PASSWORD, browsing, people
from tests.stories.shop import Shop


async def _link(shop: Shop) -> str:
    async with shop.app.database.begin() as tx:
        link = await people(shop).joining.set_up_link(tx, shop.clock.now())
    return urlsplit(link).path if link else ""


async def test_by_the_link_of_the_first_start(shop: Shop) -> None:
    async with browsing(shop) as browser:
        link = await _link(shop)
        await browser.get(link)
        assert "at least 10 characters" in browser.text.lower()
        await browser.post(link, name="Olga", email=OWNER, password=PASSWORD)
        await browser.follow()
        assert "The store has an owner" in browser.text
        await browser.sign_in()
        await browser.get("/console/staff")
        assert "Olga" in browser.text


async def test_a_weak_password_is_told_and_what_was_typed_is_kept(shop: Shop) -> None:
    async with browsing(shop) as browser:
        link = await _link(shop)
        await browser.get(link)
        refused = await browser.post(link, name="Olga", email=OWNER, password="password123")
        assert refused.status_code == 422
        assert "among the first that anybody would try" in browser.text
        assert f'value="{OWNER}"' in browser.text
        assert "password123" not in browser.text


async def test_the_link_works_once_and_there_is_no_other(shop: Shop) -> None:
    async with browsing(shop) as browser:
        link = await _link(shop)
        await browser.get(link)
        await browser.post(link, name="Olga", email=OWNER, password=PASSWORD)
        assert (await browser.get(link)).status_code == 404
        assert "This link does not work" in browser.text
        assert await _link(shop) == ""
