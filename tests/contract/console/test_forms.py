"""Forms that are forged, too large, hostile or none at all."""

import pytest

from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import FRESH
from doorstep.kernel.clock import SimulatedClock
from tests.stories.people import OWNER, PASSWORD, Browser, browsing, hired
from tests.stories.shop import Shop

HOSTILE = """"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}${7*7}"""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_a_forged_token_is_told(owner: Browser) -> None:
    await owner.get("/console/account")
    answer = await owner.http.post("/console/account", data={"csrf": "A" * 88, "name": "Mallory", "language": "en"})
    assert answer.status_code == 403
    assert "too old or not ours. Reload the page first." in answer.text


async def test_a_token_of_another_session_is_a_forged_one(owner: Browser, shop: Shop) -> None:
    async with browsing(shop) as other:
        await other.sign_in()
        await other.get("/console/account")
        owner.seen = other.seen
        answer = await owner.post("/console/account", name="Mallory", language="en")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
async def test_a_form_from_elsewhere_is_not_taken(owner: Browser, header: dict[str, str]) -> None:
    await owner.get("/console/account")
    owner.http.headers.update(header)
    assert (await owner.post("/console/account", name="Mallory", language="en")).status_code == 403
    await owner.get("/console/account")
    assert "Mallory" not in owner.text


async def test_one_can_sign_in_by_no_form_from_elsewhere(browser: Browser) -> None:
    answer = await browser.http.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
    assert answer.status_code == 403
    assert "doorstep_session" not in answer.headers.get("set-cookie", "")


async def test_a_form_that_is_too_large_is_not_read(owner: Browser) -> None:
    body = "name=" + "x" * 1_000_001
    answer = await owner.http.post("/console/account", content=body, headers=_FORM)
    assert (answer.status_code, "This is too large" in answer.text) == (413, True)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{}", "application/json", 415),
        ("name=%ff%fe", "application/x-www-form-urlencoded", 400),
        ("&".join(["x=1"] * 2_001), "application/x-www-form-urlencoded", 400),
        ("no part at all", "multipart/form-data; boundary=b", 400),
    ],
)
async def test_what_is_no_form_is_told(owner: Browser, body: str, kind: str, status: int) -> None:
    answer = await owner.http.post("/console/account", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "<h1>" in answer.text


async def test_hostile_text_is_shown_as_text(owner: Browser) -> None:
    await owner.get("/console/account")
    await owner.post("/console/account", name=HOSTILE, language="en")
    for path in ("/console/account", "/console/staff", "/console/audit"):
        page = (await owner.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert HOSTILE in owner.text


@pytest.mark.parametrize(
    ("page", "form", "fields"),
    [
        ("/sign-in", "/sign-in", ("email", "password", "next")),
        ("/reset", "/reset", ("email",)),
        ("/console/account", "/console/account", ("name", "language")),
        ("/console/account", "/console/account/password", ("old", "password")),
        ("/console/account", "/console/account/sessions/end", ("session",)),
        ("/console/confirm", "/console/confirm", ("password", "next")),
        ("/console/staff/invitation", "/console/staff/invitation", ("email", "name", "role", "language", "way")),
        ("/console/keys/making", "/console/keys/making", ("name", "scopes", "days")),
    ],
)
async def test_hostile_text_in_a_field_is_inert(owner: Browser, page: str, form: str, fields: tuple[str, ...]) -> None:
    for field in fields:
        await owner.get(page if page != "/sign-in" else "/console/account")
        answer = await owner.post(form, **{field: HOSTILE})
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text


@pytest.mark.parametrize("query", ["actor", "act", "about", "id", "since", "until", "cursor"])
async def test_hostile_text_in_a_query_is_inert(owner: Browser, query: str) -> None:
    answer = await owner.http.get("/console/audit", params={query: HOSTILE})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text


async def test_another_roles_page_is_refused_and_tells_nothing(shop: Shop, browser: Browser) -> None:
    member = await hired(shop, Role.PICKER, "pia@example.com", "Pia")
    await browser.sign_in("pia@example.com")
    for path in ("/console/staff", f"/console/staff/{member.id}", "/console/staff/nobody", "/console/keys"):
        answer = await browser.get(path)
        assert (answer.status_code, "This is not for you to do" in answer.text) == (403, True)
        assert OWNER not in answer.text


async def test_a_dangerous_form_asks_for_the_password_and_is_not_sent_by_itself(owner: Browser, shop: Shop) -> None:
    member = await hired(shop, Role.PICKER, "pia@example.com", "Pia")
    await owner.get(f"/console/staff/{member.id}")
    assert isinstance(shop.clock, SimulatedClock)
    shop.clock.advance_to(shop.clock.now() + FRESH)
    answer = await owner.post(f"/console/staff/{member.id}/role", role="owner")
    assert answer.headers["location"] == f"/console/confirm?next=/console/staff/{member.id}"
    await owner.follow()
    assert "Nothing is done yet" in owner.text
    await owner.post("/console/confirm", password=PASSWORD, next=f"/console/staff/{member.id}")
    await owner.follow()
    assert "pia@example.com · Picker" in owner.text


async def test_a_wrong_password_does_not_confirm(owner: Browser) -> None:
    await owner.get("/console/confirm?next=/console/staff/invitation")
    answer = await owner.post("/console/confirm", password="not the password", next="/console/staff/invitation")
    assert (answer.status_code, "This is not your password." in owner.text) == (403, True)
