"""What is secret is shown to whom it belongs, once, and is written down nowhere."""

import io
import re

import pytest

from doorstep.access.model.sessions import Visit
from doorstep.kernel.errors import DoorstepError
from doorstep.serving import log_to
from tests.stories.people import OWNER, PASSWORD, Browser, people
from tests.stories.shop import Shop

PAGES = ("/console/account", "/console/staff", "/console/keys", "/console/audit", "/console/audit.csv", "/no-such-page")


async def test_the_token_of_a_session_is_on_no_page_and_in_no_log(owner: Browser, shop: Shop) -> None:
    log_to(log := io.StringIO())
    for path in PAGES:
        assert owner.session not in (await owner.get(path)).text, path
    member = (await _staff(shop))[0]
    assert owner.session not in (await owner.get(f"/console/staff/{member}")).text
    assert owner.session not in log.getvalue()


async def test_a_failure_tells_the_token_to_nobody(owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_arguments: object) -> None:
        raise RuntimeError("a bug")

    log_to(log := io.StringIO())
    monkeypatch.setattr(type(people(shop).staff), "everyone", fail)
    answer = await owner.get("/console/staff")
    assert (answer.status_code, "a bug" in answer.text, "a bug" in log.getvalue()) == (500, False, True)
    assert owner.session not in answer.text + log.getvalue()


async def test_cookies_are_for_this_site_and_no_script(browser: Browser) -> None:
    answer = await browser.sign_in()
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("doorstep_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_pages_are_kept_by_nobody(owner: Browser) -> None:
    answer = await owner.get("/console/account")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_key_is_shown_once_as_the_answer_to_its_form(owner: Browser) -> None:
    await owner.get("/console/keys/making")
    answer = await owner.post("/console/keys/making", name="storefront", scopes=["orders:read"], days="90")
    key = re.search(r"dsk_\w+", answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert key
    for path in PAGES:
        assert key[0].rpartition("_")[2] not in (await owner.get(path)).text


async def test_a_form_of_a_key_that_is_sent_again_makes_no_other(owner: Browser, shop: Shop) -> None:
    form = await owner.get("/console/keys/making")
    once = re.search(r'name="once" value="([^"]+)"', form.text)
    assert once
    fields: dict[str, str | list[str]] = {"name": "storefront", "scopes": ["orders:read"], "once": once[1]}
    await owner.post("/console/keys/making", **fields)
    owner.seen = form
    assert (await owner.post("/console/keys/making", **fields)).status_code == 409
    assert "It was shown once, and never again." in owner.text
    async with shop.app.database.read() as tx:
        assert len(await people(shop).access.everything(tx)) == 1


async def test_a_key_opens_no_more_than_it_is_for(owner: Browser) -> None:
    await owner.get("/console/keys/making")
    answer = await owner.post("/console/keys/making", name="storefront", days="90")
    assert (answer.status_code, "Choose what the key is to open." in owner.text) == (422, True)


async def test_a_key_is_revoked_with_a_reason_that_is_kept(owner: Browser, shop: Shop) -> None:
    await owner.get("/console/keys/making")
    await owner.post("/console/keys/making", name="storefront", scopes=["orders:read"], days="")
    async with shop.app.database.read() as tx:
        (key,) = await people(shop).access.everything(tx)
    await owner.get("/console/keys")
    assert (await owner.post(f"/console/keys/{key.id}/revoke")).status_code == 422
    await owner.post(f"/console/keys/{key.id}/revoke", reason="it was on a lost laptop")
    await owner.get("/console/audit?act=key.")
    assert "it was on a lost laptop" in owner.text


async def test_a_shown_link_lets_in_and_its_token_is_in_no_trail(owner: Browser, shop: Shop) -> None:
    await owner.get("/console/staff/invitation")
    await owner.post("/console/staff/invitation", email="pia@example.com", role="picker", way="link")
    link = re.search(r"/invitation/(\w+)", owner.text)
    assert link
    assert link[1] not in (await owner.get("/console/audit.csv")).text
    with pytest.raises(DoorstepError, match="wrong"):
        await people(shop).sign_in.enter("pia@example.com", PASSWORD, Visit("192.0.2.1"))
    assert OWNER in (await owner.get("/console/staff")).text


async def _staff(shop: Shop) -> list[str]:
    async with shop.app.database.read() as tx:
        return [one.id for one in await people(shop).staff.everyone(tx)]
