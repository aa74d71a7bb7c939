"""One order: acts by form, each once, and what happens when somebody else was faster."""

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from doorstep.access.model.permissions import Role
from doorstep.kernel.clock import SimulatedClock
from doorstep.providers.sandbox_payment import SandboxPayments
from tests.stories.people import Browser, browsing, hired
from tests.stories.shop import CAREFUL, MORNING, Shop, opened_shop

HOSTILE = "\"'><script>alert(1)</script> \u202egnirts\u202c 👩‍👩‍👧 {{7*7}} " + "x" * 100
LIVELY = '"\' onmouseover="alert(1)" \u202egnirts\u202c 👩‍👩‍👧 %(x)s ' + "x" * 100
"""What a name or a street may be, of all that is hostile: brackets are refused at the checkout."""


@pytest_asyncio.fixture
async def shop(sqlite_url: str) -> AsyncIterator[Shop]:
    """A shop that has an owner, who looks at every order of more than one mug."""
    async with opened_shop(sqlite_url, SandboxPayments(), SimulatedClock(MORNING), CAREFUL) as shop:
        await hired(shop)
        await shop.app.worker.start()
        yield shop
        await shop.app.worker.leave()


def _form(browser: Browser, act: str) -> dict[str, str]:
    """The hidden fields of the form on the page that can be sent to an act."""
    assert browser.seen is not None
    forms = re.findall(r"<form.*?</form>", browser.seen.text, re.S)
    form = next(one for one in forms if f'/{act}"' in one)
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in pairs if name != "csrf"}


async def _send(browser: Browser, number: str, act: str, **fields: str) -> httpx.Response:
    return await browser.post(f"/console/orders/{number}/{act}", **{**_form(browser, act), **fields})


async def test_a_form_that_is_sent_twice_is_done_once(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get(f"/console/orders/{number}")
    page = owner.seen
    for _ in range(2):
        owner.seen = page
        assert (await _send(owner, number, "order.note", text="Called the customer.")).status_code == 303
    await owner.follow()
    assert owner.text.count("Called the customer.") == 1


async def test_a_key_that_was_used_for_something_else_is_refused(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get(f"/console/orders/{number}")
    page = owner.seen
    await _send(owner, number, "order.note", text="One thing.")
    owner.seen = page
    answer = await _send(owner, number, "order.note", text="Another thing.")
    assert (answer.status_code, "Another thing." in owner.text) == (409, True)


async def test_who_comes_second_is_told_and_keeps_what_they_wrote(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered(quantity=2)
    await hired(shop, Role.CARE, "carl@example.com", "Carl Care")
    async with browsing(shop) as colleague:
        await colleague.sign_in("carl@example.com")
        for browser in (owner, colleague):
            await browser.get(f"/console/orders/{number}")
        assert (await _send(owner, number, "hold.release", reason="fine")).status_code == 303
        answer = await _send(colleague, number, "hold.reject", reason="The address is odd.")
    assert answer.status_code == 409
    assert f"Order {number} has changed since you looked: hold released. Look again" in colleague.text
    assert "The address is odd." in colleague.text
    assert "Carl Care" in colleague.text


async def test_numbers_that_were_written_are_still_there_when_the_order_has_changed(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get(f"/console/orders/{number}")
    before = owner.seen
    await _send(owner, number, "order.note", text="meanwhile")  # leaves the version as it is
    await shop.later(45)  # given to the warehouse
    owner.seen = before
    answer = await _send(owner, number, "order.cancel", reason="Ordered twice", **{"units.1": "1"})
    assert (answer.status_code, 'value="Ordered twice"' in owner.text) == (409, True)
    assert re.search(r'name="units.1"[^>]*value="1"', owner.text)
    assert (await _send(owner, number, "order.cancel", reason="Ordered twice", **{"units.1": "1"})).status_code == 303
    await owner.follow()
    assert "The units are canceled." in owner.text


async def test_a_note_that_is_refused_is_not_lost(owner: Browser, shop: Shop) -> None:
    number = await shop.ordered()
    await owner.get(f"/console/orders/{number}")
    answer = await _send(owner, number, "order.note", text="n" * 2_001)
    assert (answer.status_code, "n" * 2_001 in owner.text) == (422, True)


@pytest.mark.parametrize("path", ["/console/orders", "/console/orders/{number}", "/console/work", "/console/orders?q="])
async def test_hostile_text_of_a_customer_is_inert(owner: Browser, shop: Shop, path: str) -> None:
    number = await shop.ordered(quantity=2, street="1 Weg &lt;b&gt; & Söhne", name=LIVELY)
    await owner.get(f"/console/orders/{number}")
    await _send(owner, number, "order.note", text=HOSTILE)
    answer = await owner.get(path.format(number=number))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert 'onmouseover="alert' not in answer.text
    assert "49" not in re.findall(r"\{\{.*?\}\}|>49<", answer.text)


@pytest.mark.parametrize("field", ["reason", "text", "expected", "once", "fulfillment_id", "units.1", "choice"])
@pytest.mark.parametrize("act", ["hold.reject", "order.note", "order.cancel"])
async def test_hostile_text_in_a_field_is_inert(owner: Browser, shop: Shop, act: str, field: str) -> None:
    number = await shop.ordered(quantity=2)
    await owner.get(f"/console/orders/{number}")
    answer = await owner.post(f"/console/orders/{number}/{act}", **{field: HOSTILE})
    assert answer.status_code < 500
    assert "<script>alert" not in answer.text


async def test_an_order_that_is_not_there_is_said(owner: Browser) -> None:
    answer = await owner.get("/console/orders/999999")
    assert (answer.status_code, "There is no order 999999." in owner.text) == (404, True)
