"""The pages of people, and how a person comes to each."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from pyotp import TOTP

from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.keys import KeyWish
from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import Visit
from doorstep.access.model.staff import Invitation
from tests.pages.a_console import signed_in
from tests.pages.console import Console
from tests.stories.people import OWNER, hired, people, second_factor_of
from tests.stories.shop import Shop

Reach = Callable[[Console, Shop], Awaitable[None]]


def _at(path: str, status: int = 200) -> Reach:
    async def go(console: Console, _shop: Shop) -> None:
        await console.goto(path, status)

    return go


def _signed_in_at(path: str) -> Reach:
    async def go(console: Console, shop: Shop) -> None:
        await a_crew(shop)
        await signed_in(console)
        await console.goto(path)

    return go


async def a_crew(shop: Shop) -> None:
    """An owner, colleagues in every state, and keys of every kind."""
    await hired(shop)
    await hired(shop, Role.CARE, "carl@example.com", "Carl Care")
    door, by = people(shop), By(COMMAND, shop.clock.now(), "they left")
    async with shop.app.database.begin() as tx:
        await door.staff.invite(tx, by, Invitation(email="ida.with.a.long.name@example.com", by_mail=False))
        gone = await door.staff.invite(tx, by, Invitation(email="dora@example.com", name="Dora", by_mail=False))
        await door.staff.disable(tx, by, gone.member.id)
        await door.access.issue(tx, by, KeyWish("Storefront", ("orders:read", "stock:read"), 90))
        await door.access.issue(tx, by, KeyWish("Everything", tuple(sorted(COMMAND.permissions)), None))
        long_ago = By(COMMAND, by.at - timedelta(days=40))
        await door.access.issue(tx, long_ago, KeyWish("Old import", ("stock:write",), 30))
        keys = {one.name: one.id for one in await door.access.everything(tx)}
        await door.access.revoke(tx, by, keys["Everything"])


async def _set_up(console: Console, shop: Shop) -> None:
    async with shop.app.database.begin() as tx:
        link = await people(shop).joining.set_up_link(tx, shop.clock.now())
    await console.goto(urlsplit(link or "").path)


async def _invitation(console: Console, shop: Shop) -> None:
    await hired(shop)
    async with shop.app.database.begin() as tx:
        wish = Invitation(email="ida@example.com", name="Ida", by_mail=False)
        made = await people(shop).staff.invite(tx, By(COMMAND, shop.clock.now()), wish)
    await console.goto(urlsplit(made.link).path)


async def _reset(console: Console, shop: Shop) -> None:
    member = await hired(shop)
    async with shop.app.database.begin() as tx:
        made = await people(shop).staff.reset_link(tx, By(COMMAND, shop.clock.now()), member.id)
    await console.goto(urlsplit(made.link).path)


async def _second_factor(console: Console, shop: Shop) -> None:
    await second_factor_of(shop, await hired(shop))
    await console.goto("/sign-in")
    await console.page.get_by_label("E-mail address").fill(OWNER)
    await console.page.locator("#password").fill("a heap of red wool")
    await console.page.get_by_role("button", name="Sign in").click()
    await console.page.wait_for_url("**/second-factor**")


async def _enrolment(console: Console, shop: Shop) -> None:
    await hired(shop)
    await signed_in(console)
    await console.page.get_by_role("link", name="Set a second factor up").click()
    await console.page.get_by_role("button", name="Begin").click()
    await console.page.get_by_text("Scan this").wait_for()


async def _recovery_codes(console: Console, shop: Shop) -> None:
    await _enrolment(console, shop)
    secret = await console.page.locator(".secret").inner_text()
    await console.page.get_by_label("Code", exact=False).last.fill(code_of(shop, secret))
    await console.page.get_by_role("button", name="Use it from here on").click()
    await console.page.get_by_text("Keep these recovery codes").wait_for()


async def _protected_account(console: Console, shop: Shop) -> None:
    await _recovery_codes(console, shop)
    await console.page.get_by_role("link", name="I have kept them").click()
    await console.page.get_by_text("10 recovery codes are left").wait_for()


async def _person(console: Console, shop: Shop) -> None:
    await a_crew(shop)
    await people(shop).sign_in.enter("carl@example.com", "a heap of red wool", Visit("2001:db8::7", _PHONE))
    await signed_in(console, at="/console/staff")
    await console.page.get_by_role("link", name="Carl Care").click()
    await console.page.get_by_text("The way in").wait_for()


async def _shown_link(console: Console, shop: Shop) -> None:
    await _person(console, shop)
    await console.page.get_by_role("button", name="Show a link for another password").click()
    await console.page.get_by_text("It is shown only now").wait_for()


async def _key(console: Console, shop: Shop) -> None:
    await hired(shop)
    await signed_in(console, at="/console/keys/making")
    await console.page.get_by_label("What is it for?").fill("Storefront")
    await console.page.get_by_label("See orders").check()
    await console.page.get_by_role("button", name="Make the key").click()
    await console.page.get_by_text("shown only this once").wait_for()


async def _wrong_key(console: Console, shop: Shop) -> None:
    await hired(shop)
    await signed_in(console, at="/console/keys/making")
    console.expect_status(422)
    await console.page.get_by_label("What is it for?").fill("Storefront")
    await console.page.get_by_role("button", name="Make the key").click()
    await console.page.locator("[role=alert]").wait_for()


_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1"

REACHES: Mapping[str, Reach] = {
    "sign_in": _at("/sign-in"),
    "second_factor": _second_factor,
    "set_up": _set_up,
    "invitation": _invitation,
    "reset_ask": _at("/reset"),
    "reset": _reset,
    "link_over": _at("/reset/gone", 404),
    "account": _signed_in_at("/console/account"),
    "enrolment": _enrolment,
    "recovery_codes": _recovery_codes,
    "account_protected": _protected_account,
    "confirm": _signed_in_at("/console/confirm?next=/console/staff"),
    "staff": _signed_in_at("/console/staff"),
    "invite": _signed_in_at("/console/staff/invitation"),
    "person": _person,
    "shown_link": _shown_link,
    "keys": _signed_in_at("/console/keys"),
    "key_form": _signed_in_at("/console/keys/making"),
    "key_form_wrong": _wrong_key,
    "key": _key,
    "audit": _signed_in_at("/console/audit"),
    "audit_nothing": _signed_in_at("/console/audit?act=nothing"),
}
"""By the page's name: how somebody comes there who has just opened a browser."""


def code_of(shop: Shop, secret: str) -> str:
    """The code that a phone shows for a secret."""
    return TOTP(secret).at(shop.clock.now())
