"""A store with staff: who comes in, and what they are told.

async with open_house(url) as house:
    owner = await house.owner()
    entered = await house.signs_in()
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from pyotp import TOTP

from doorstep.access.flow.doors import Doors
from doorstep.access.flow.passwords import Passwords
from doorstep.access.model.actor import COMMAND, Actor
from doorstep.access.model.audit import AuditQuery, By
from doorstep.access.model.permissions import Role
from doorstep.access.model.sessions import Entered, SignedIn, Visit
from doorstep.access.model.staff import Invitation, Newcomer, StaffMember
from doorstep.app import doors
from doorstep.messages import store as messages
from doorstep.messages.model import Stored
from doorstep.plug.notification import NotificationProvider
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate
from tests.an_order import Store, running

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ANNA, PASSWORD = "anna@tea.example", "correct horse battery"
HERE = Visit("192.0.2.1", "Firefox")
SETTINGS = Settings(public_url="https://tea.example/")


@dataclass(frozen=True)
class House:
    """A store in operation, and its doors."""

    store: Store
    doors: Doors

    async def owner(self) -> StaffMember:
        """Anna, who sets the store up."""
        async with self.store.app.database.begin() as tx:
            link = await self.doors.joining.set_up_link(tx, self.store.now)
        newcomer = Newcomer(name="Anna", password=PASSWORD, email=ANNA)
        return await self.doors.joining.set_up(token_of(link or ""), newcomer, HERE)

    async def anna(self) -> StaffMember:
        """Anna, as she is now."""
        async with self.store.app.database.read() as tx:
            return await self.doors.staff.by_email(tx, ANNA)

    async def added(self, email: str, role: Role) -> StaffMember:
        """Somebody with the same password."""
        hashed = await Passwords(CHEAP).hash(PASSWORD)
        async with self.store.app.database.begin() as tx:
            invitation = Invitation(email=email, name=email.partition("@")[0], role=role)
            return await self.doors.staff.enter(tx, self.by(), invitation, hashed)

    async def signs_in(self, email: str = ANNA, password: str = PASSWORD, visit: Visit = HERE) -> Entered:
        return await self.doors.sign_in.enter(email, password, visit)

    async def whose(self, entered: Entered) -> SignedIn | None:
        async with self.store.app.database.read() as tx:
            return await self.doors.sign_in.whose(tx, entered.token, self.store.now)

    async def signed_in(self, entered: Entered) -> SignedIn:
        found = await self.whose(entered)
        assert found is not None
        return found

    async def enrolled(self) -> tuple[Entered, str, tuple[str, ...]]:
        """Anna's session, the secret of her phone, and her recovery codes."""
        second, signed = self.doors.second_factor, await self.signed_in(await self.signs_in())
        async with self.store.app.database.begin() as tx:
            secret = (await second.begin(tx, signed, self.store.now)).secret
            done = await second.prove(tx, self.by(signed.actor), signed, self.code(secret))
        self.later(minutes=1)
        return done.entered, secret, done.codes

    def code(self, secret: str) -> str:
        """What the phone shows."""
        return TOTP(secret).at(self.store.now)

    def by(self, actor: Actor = COMMAND) -> By:
        return By(actor, self.store.now)

    def later(self, **span: float) -> None:
        self.store.clock.advance_to(self.store.now + timedelta(**span))

    async def acts(self) -> list[str]:
        """What the audit trail says was done, oldest first."""
        async with self.store.app.database.read() as tx:
            page = await self.doors.access.audit(tx, AuditQuery(most=100))
        return [one.act for one in reversed(page.entries)]

    async def written(self, member: StaffMember) -> list[Stored]:
        """What was written to a person, as it is kept."""
        async with self.store.app.database.read() as tx:
            return await messages.of_order(tx, member.id)

    def mailed(self) -> list[str]:
        """The texts of all mails, as they were sent."""
        return [one.text for one in self.store.mail.messages()]


@asynccontextmanager
async def open_house(
    url: str, settings: Settings = SETTINGS, mail: NotificationProvider | None = None
) -> AsyncIterator[House]:
    """A new store on an empty database, with nobody in it yet."""
    await migrate(url)
    async with running(url, mail=mail) as store:
        yield House(store, doors(store.app, settings, Passwords(CHEAP)))


def token_of(text: str) -> str:
    """The token of the link in a text."""
    return next(word for word in text.split() if word.startswith("https://")).rpartition("/")[2]
