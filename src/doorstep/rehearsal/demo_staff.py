"""The staff of the demo, whose password is invented once and kept in the demo's own database."""

from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from textwrap import wrap

from doorstep.access.flow.doors import Doors
from doorstep.access.flow.passwords import Passwords
from doorstep.access.model.actor import COMMAND
from doorstep.access.model.audit import By
from doorstep.access.model.permissions import Role
from doorstep.access.model.staff import Invitation, StaffMember
from doorstep.app import App

OWNER = "owner@demo.example"
NAMES: Mapping[Role, str] = {
    Role.OWNER: "Olive Owens",
    Role.PICKER: "Pim Pickering",
    Role.PACKER: "Paula Packham",
    Role.CARE: "Carmen Carey",
}
_SECRET = "demo_password"  # noqa: S105 - the name of a secret


async def password_of(app: App, people: Doors) -> str:
    """The password of the demo's staff, such as `mfzw-3k2a-q7pl-xy4d`: the same for as long as the database is."""
    async with app.database.begin() as tx:
        secret = await people.access.secret_of(tx, _SECRET)
    return "-".join(wrap(b32encode(sha256(secret.encode()).digest()[:10]).decode().lower(), 4))


async def hired(app: App, people: Doors, at: datetime) -> Mapping[Role, StaffMember]:
    """The staff, by role; whoever is not there yet is entered."""
    async with app.database.read() as tx:
        there = {member.email: member for member in await people.staff.everyone(tx)}
    missing = {role: name for role, name in NAMES.items() if email_of(role) not in there}
    if missing:
        hashed = await Passwords().hash(await password_of(app, people))  # slow on purpose, so one for all
        async with app.database.begin() as tx:
            for role, name in missing.items():
                invitation = Invitation(email=email_of(role), name=name, role=role, by_mail=False)
                member = await people.staff.enter(tx, By(COMMAND, at, "the demo"), invitation, hashed)
                there[member.email] = member
    return {role: there[email_of(role)] for role in NAMES}


def email_of(role: Role) -> str:
    """The address by which the demo's person of a role signs in."""
    return f"{role.value}@demo.example"
