"""Whether the process lives, and whether it can do its work."""

from msgspec import Struct

from doorstep.kernel.errors import TryLater
from doorstep.kernel.ids import CheckoutId
from doorstep.web.endpoint import Ask


class Health(Struct, frozen=True):
    """All is well; when it is not, the answer is another."""

    status: str


async def lives(ask: Ask[None]) -> Health:
    """The process answers."""
    del ask
    return Health("ok")


async def is_ready(ask: Ask[None]) -> Health:
    """The database answers too: looking for a checkout that does not exist finds nothing."""
    if not ask.given.is_fit():
        raise TryLater("not_ready", "This process is stopping, or its worker has died.")
    async with ask.given.database.read() as tx:
        await ask.given.placement.read(tx, [CheckoutId("chk_none")])
    return Health("ready")
