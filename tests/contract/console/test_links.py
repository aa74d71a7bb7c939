"""Links that were used, have expired, were replaced, or are of another kind: each is told, and none lets in."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.links import LIFETIMES, Purpose
from doorstep.access.model.staff import Invitation
from doorstep.kernel.clock import SimulatedClock
from tests.stories.people import OWNER, PASSWORD, Browser, people
from tests.stories.shop import Shop

OTHER = "four green bottles"


async def _link(shop: Shop, purpose: Purpose) -> str:
    """The path of a link for the owner, or for somebody who is invited."""
    staff, by = people(shop).staff, By(COMMAND, shop.clock.now())
    async with shop.app.database.begin() as tx:
        if purpose is Purpose.RESET:
            made = await staff.reset_link(tx, by, (await staff.by_email(tx, OWNER)).id)
        else:
            made = await staff.invite(tx, by, Invitation(email="ida@example.com", by_mail=False))
    return urlsplit(made.link).path


def _later(shop: Shop, span: timedelta) -> None:
    assert isinstance(shop.clock, SimulatedClock)
    shop.clock.advance_to(shop.clock.now() + span)


@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITATION])
async def test_an_expired_link_is_told(browser: Browser, shop: Shop, purpose: Purpose) -> None:
    link = await _link(shop, purpose)
    _later(shop, LIFETIMES[purpose])
    assert (await browser.get(link)).status_code == 404
    assert "This link does not work" in browser.text


@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITATION])
async def test_a_link_that_expires_before_the_form_is_sent(browser: Browser, shop: Shop, purpose: Purpose) -> None:
    link = await _link(shop, purpose)
    await browser.get(link)
    _later(shop, LIFETIMES[purpose])
    assert (await browser.post(link, name="Ida", password=OTHER)).status_code == 404
    assert (await browser.sign_in(OWNER, OTHER)).status_code == 403


@pytest.mark.parametrize("purpose", [Purpose.RESET, Purpose.INVITATION])
async def test_a_used_link_is_told(browser: Browser, shop: Shop, purpose: Purpose) -> None:
    link = await _link(shop, purpose)
    page = await browser.get(link)
    assert (await browser.post(link, name="Ida", password=OTHER)).status_code == 303
    browser.seen = page
    assert (await browser.post(link, name="Mallory", password=PASSWORD)).status_code == 404
    assert "This link does not work" in browser.text


async def test_a_newer_link_takes_the_place_of_the_older_one(browser: Browser, shop: Shop) -> None:
    older, newer = await _link(shop, Purpose.RESET), await _link(shop, Purpose.RESET)
    assert [(await browser.get(path)).status_code for path in (older, newer)] == [404, 200]


async def test_a_link_is_for_one_thing(browser: Browser, shop: Shop) -> None:
    token = (await _link(shop, Purpose.RESET)).rpartition("/")[2]
    for kind in ("invitation", "set-up"):
        assert (await browser.get(f"/{kind}/{token}")).status_code == 404


async def test_to_look_at_a_link_does_not_use_it(browser: Browser, shop: Shop) -> None:
    link = await _link(shop, Purpose.RESET)
    answers = [(await browser.get(link)).status_code for _ in range(3)]
    assert answers == [200, 200, 200]


async def test_a_weak_password_does_not_use_the_link_up(browser: Browser, shop: Shop) -> None:
    link = await _link(shop, Purpose.RESET)
    await browser.get(link)
    assert (await browser.post(link, password="mugs and mugs")).status_code == 422
    assert "The password may not contain the name of the store." in browser.text
    assert (await browser.post(link, password=OTHER)).status_code == 303


async def test_asking_too_often_for_a_mail_has_to_wait(browser: Browser) -> None:
    answers = []
    for _ in range(11):
        await browser.get("/reset")
        answers.append(await browser.post("/reset", email="nobody@example.com"))
    answer = answers[-1]
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
