"""The staff of the small shop, and browsers without scripts by which they use the console."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from pyotp import TOTP

from doorstep.access.flow.doors import Doors
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import Visit
from doorstep.access.model.staff import Invitation, StaffMember
from doorstep.app import doors
from doorstep.plug.notification import Message
from doorstep.providers.kept_messages import KeptMessages
from doorstep.serving import application
from doorstep.settings import Settings
from tests.stories.shop import FAST, SETTINGS, Shop

PASSWORD = "a heap of red wool"
OWNER = "olga@example.com"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_LINK = re.compile(r"https?://\S+")


@dataclass
class Browser:
    """A browser that keeps cookies and follows no redirect; `seen` is the last page that it got."""

    http: httpx.AsyncClient
    seen: httpx.Response | None = None

    @property
    def text(self) -> str:
        """What the last page says."""
        assert self.seen is not None
        return html.unescape(self.seen.text)

    @property
    def session(self) -> str:
        """The session's token, or nothing."""
        return self.http.cookies.get("doorstep_session") or ""

    async def get(self, path: str) -> httpx.Response:
        """Open a page."""
        self.seen = await self.http.get(path)
        return self.seen

    async def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form of the page that was seen last."""
        assert self.seen is not None
        token = _CSRF.search(self.seen.text)
        assert token, "There is no form on the page that was seen last."
        self.seen = await self.http.post(path, data={"csrf": html.unescape(token[1]), **fields})
        return self.seen

    async def follow(self) -> httpx.Response:
        """Go where the last answer leads."""
        assert self.seen is not None
        assert self.seen.status_code == 303, f"{self.seen.status_code}: {self.seen.text[:2000]}"
        return await self.get(self.seen.headers["location"])

    async def sign_in(self, email: str = OWNER, password: str = PASSWORD) -> httpx.Response:
        """Give an address and a password."""
        await self.get("/sign-in")
        return await self.post("/sign-in", email=email, password=password)


@asynccontextmanager
async def browsing(shop: Shop, settings: Settings = SETTINGS, address: str = "192.0.2.7") -> AsyncIterator[Browser]:
    """A browser of somebody's own, on the console of a shop."""
    transport = httpx.ASGITransport(application(shop.app, settings, FAST), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
        yield Browser(http)


def people(shop: Shop, settings: Settings = SETTINGS) -> Doors:
    """Who comes in and who may do what."""
    return doors(shop.app, settings, FAST)


async def hired(shop: Shop, role: Role = Role.OWNER, email: str = OWNER, name: str = "Olga Owner") -> StaffMember:
    """Somebody who can sign in."""
    hashed = await FAST.hash(PASSWORD)
    async with shop.app.database.begin() as tx:
        invitation = Invitation(email=email, name=name, role=role, by_mail=False)
        return await people(shop).staff.enter(tx, By(COMMAND, shop.clock.now()), invitation, hashed)


async def second_factor_of(shop: Shop, member: StaffMember) -> TOTP:
    """A phone that makes the codes of somebody's second factor, from here on asked for."""
    door, now = people(shop), shop.clock.now()
    entered = await door.sign_in.enter(member.email, PASSWORD, Visit("192.0.2.1"))
    async with shop.app.database.begin() as tx:
        signed = await door.sign_in.whose(tx, entered.token, now)
        assert signed is not None
        phone = TOTP((await door.second_factor.begin(tx, signed, now)).secret)
        await door.second_factor.prove(tx, By(member.actor, now), signed, phone.at(now))
    return phone


def mailed_link(shop: Shop, recipient: str) -> str:
    """The path of the link in the last mail to somebody."""
    found = [message for message in _mails(shop) if message.recipient == recipient]
    link = _LINK.search(found[-1].text)
    assert link, found[-1].text
    return urlsplit(link[0]).path


def recipients(shop: Shop) -> list[str]:
    """Who was written to, mail by mail."""
    return [message.recipient for message in _mails(shop)]


def _mails(shop: Shop) -> tuple[Message, ...]:
    kept = shop.app.providers.notifications["kept"]
    assert isinstance(kept, KeptMessages)
    return kept.messages()
