"""A forgotten password is reset by mail."""

from tests.stories.people import OWNER, browsing, hired, mailed_link, recipients
from tests.stories.shop import Shop

OTHER = "four green bottles"


async def test_and_whoever_was_signed_in_is_out(shop: Shop) -> None:
    await hired(shop)
    async with browsing(shop) as before, browsing(shop) as browser:
        await before.sign_in()
        await browser.get("/reset")
        await browser.post("/reset", email=OWNER)
        await shop.work()
        link = mailed_link(shop, OWNER)
        await browser.get(link)
        await browser.post(link, password=OTHER)
        await browser.follow()
        assert "The password is changed" in browser.text
        assert (await before.get("/console/account")).status_code == 303
        assert (await browser.sign_in()).status_code == 403
        assert (await browser.sign_in(password=OTHER)).headers["location"] == "/console"


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(shop: Shop) -> None:
    await hired(shop)
    async with browsing(shop) as browser:
        answers = []
        for email in (OWNER, "nobody@example.com"):
            await browser.get("/reset")
            await browser.post("/reset", email=email)
            await browser.follow()
            answers.append("a mail with a link is on its way" in browser.text)
        await shop.work()
    assert (answers, recipients(shop)) == ([True, True], [OWNER])
