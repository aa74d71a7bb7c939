"""Who may: every page of the console for everybody there can be, as the page's own line in the table says."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from doorstep.access.model.permissions import ROLES, Permission, Role
from doorstep.access.model.sessions import Visit
from doorstep.serving import given_to_web
from doorstep.web.asgi import Receive, Scope, Send
from doorstep.web.pages.assets import Assets
from doorstep.web.pages.exchange import PageDoor
from doorstep.web.pages.page import Page, Shown, Who
from doorstep.web.pages.page import Visit as PageVisit
from doorstep.web.pages.rendering import Rendering
from doorstep.web.pages.shop.table import SHOP
from doorstep.web.pages.table import PAGES
from doorstep.web.pages.tokens import form_token
from tests.house.source import report
from tests.stories.people import PASSWORD, hired, people, second_factor_of
from tests.stories.shop import FAST, SETTINGS, Shop

NOBODY, SIGNING_IN = "nobody", "signing in"
CALLERS = (NOBODY, SIGNING_IN, *Role)

FOR_ANYBODY = {
    "/",
    "/sign-in",
    "/set-up/{name}",
    "/invitation/{name}",
    "/reset",
    "/reset/{name}",
    "/order/{name}",
    "/order/{name}/answer",
    "/order/{name}/cancel",
    "/order/{name}/change",
    "/order/{name}/change/agreement",
    *(page.path for page in SHOP),
}
WHILE_SIGNING_IN = {
    "/sign-out",
    "/second-factor",
    "/console/confirm",
    "/console/account/second-factor",
    "/console/account/second-factor/proof",
}
FOR_EVERY_ROLE = {
    "/console/account",
    "/console/account/password",
    "/console/account/sessions/end",
    "/console/account/sessions/end-others",
    "/console/account/second-factor/removal",
    "/console/account/second-factor/recovery-codes",
}


def test_each_page_without_a_permission_is_one_that_needs_none() -> None:
    found = {who: {page.path for page in PAGES if page.who is who and page.needs is None} for who in Who}
    decided = {Who.ANYBODY: FOR_ANYBODY, Who.SIGNING_IN: WHILE_SIGNING_IN, Who.SIGNED_IN: FOR_EVERY_ROLE}
    wrong = [f"{path} for {who.name}" for who in Who for path in sorted(found[who] ^ decided[who])]
    assert not wrong, report(wrong, "Give the page what it `needs`, or add it to the list here that is meant.")


def test_who_needs_a_permission_has_signed_in() -> None:
    wrong = [page.path for page in PAGES if page.needs and page.who is not Who.SIGNED_IN]
    assert not wrong, report(wrong, "Only who is signed in has permissions: leave `who` away.")


def test_no_page_stands_twice_in_the_table() -> None:
    lines = [(page.method, page.path) for page in PAGES]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("caller", CALLERS)
async def test_everybody_gets_what_the_table_says(probed: httpx.AsyncClient, shop: Shop, caller: str) -> None:
    token = await _token(shop, caller)
    got = [(page, await _answer(probed, page, token)) for page in PAGES]
    wrong = [
        f"{page.method} {page.path}: {answer}, not {_expected(page, caller)}"
        for page, answer in got
        if answer != _expected(page, caller)
    ]
    assert not wrong, report(wrong, f"What the table says of {caller} is not what happens.")


def _expected(page: Page, caller: str) -> str:
    who = {NOBODY: Who.ANYBODY, SIGNING_IN: Who.SIGNING_IN}.get(caller, Who.SIGNED_IN)
    if who < page.who:
        return "sign in first"
    has: frozenset[Permission] = ROLES[Role(caller)] if who is Who.SIGNED_IN else frozenset()
    return "refused" if page.needs and page.needs not in has else "let in"


async def _token(shop: Shop, caller: str) -> str:
    if caller == NOBODY:
        return ""
    role = Role.OWNER if caller == SIGNING_IN else Role(caller)
    member = await hired(shop, role, "somebody@example.com", "Somebody")
    if caller == SIGNING_IN:
        await second_factor_of(shop, member)
    return (await people(shop).sign_in.enter(member.email, PASSWORD, Visit("192.0.2.1"))).token


async def _answer(probed: httpx.AsyncClient, page: Page, token: str) -> str:
    """What becomes of a request that has nothing wrong with it but perhaps who makes it."""
    secret = token or "a-browser-of-nobody"
    cookies = {"doorstep_session" if token else "doorstep_visit": secret}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    path = page.path.replace("{name}", "some-name")
    data = {"csrf": form_token(secret)} if page.method == "POST" else None
    answer = await probed.request(page.method, path, data=data, headers=headers)
    if answer.status_code == 303 and answer.headers["location"].partition("?")[0] == "/sign-in":
        return "sign in first"
    return {200: "let in", 403: "refused"}.get(answer.status_code, f"{answer.status_code}")


async def _probe(visit: PageVisit) -> Shown:
    """Stands in for a page, so that nothing happens but the decision who may have it."""
    return Shown("error.html", {"title": visit.path, "detail": "", "instance": "", "status": 200, "back": ("/", "")})


@pytest_asyncio.fixture
async def probed(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The console with its doors as they are, and nothing behind them."""
    store = shop.app.plans.in_force.store
    rendering, given = Rendering(Assets(), store.name, store.currency), given_to_web(shop.app, SETTINGS, FAST)
    by_path: dict[str, dict[str, Page]] = {}
    for page in PAGES:
        path = page.path.replace("{name}", "some-name")
        by_path.setdefault(path, {})[page.method] = replace(page, run=_probe, form=None, again=None)
    doors: Mapping[str, PageDoor] = {path: PageDoor(pages, given, rendering) for path, pages in by_path.items()}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await doors[scope["path"]].answer("some-name", scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(answer), base_url="http://shop") as http:
        yield http
