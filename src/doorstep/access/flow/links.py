"""Making and using links that work once. Whoever makes or uses a person's link has locked the person before."""

from datetime import datetime

from doorstep.access.model.links import LIFETIMES, Link, Purpose, usable
from doorstep.access.model.sessions import digest_of
from doorstep.access.store import links
from doorstep.kernel.ids import new_secret
from doorstep.storage.transaction import Tx


async def new_link(tx: Tx, purpose: Purpose, staff_id: str, at: datetime) -> str:
    """The token of a new link; the older ones of the same purpose and person work no more."""
    token = new_secret()
    await links.withdraw(tx, purpose, staff_id)
    await links.insert(tx, Link(digest_of(token), purpose, staff_id, at + LIFETIMES[purpose], None))
    return token


async def known_link(tx: Tx, purpose: Purpose, token: str, at: datetime) -> Link:
    """The link of a token, not used by looking; Missing when it does not work."""
    found = await links.load(tx, digest_of(token))
    return usable(found if found and found.purpose is purpose else None, at)


async def use_link(tx: Tx, link: Link, at: datetime) -> None:
    """Use a link up. Of two uses at once one is Missing."""
    locked = await links.lock(tx, link.purpose, link.staff_id)
    found = next((one for one in locked if one.digest == link.digest), None)
    await links.use(tx, usable(found, at), at)
