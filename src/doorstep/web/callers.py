"""Who calls: the deployment itself by its token, or a program by its API key."""

from collections.abc import Mapping
from hmac import compare_digest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import DEPLOYMENT, Actor, ActorKind
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import NotAllowed
from doorstep.web.given import Given
from doorstep.web.respond import HttpError

_CHALLENGE = ((b"www-authenticate", b"Bearer"),)
_NEEDED = (
    "Send the header Authorization: Bearer with an API key (doorstep keys add) "
    "or the token of this deployment (DOORSTEP_API_TOKEN)."
)


async def known_caller(headers: Mapping[bytes, bytes], given: Given, needs: Permission) -> Actor:
    """Who calls; refused unless the request brings the token of the deployment, or a key that has the permission."""
    presented = bearer(headers)
    if given.api_token and compare_digest(presented, given.api_token.encode()):
        return DEPLOYMENT
    if not presented.startswith(b"dsk_") or not presented.isascii():
        raise HttpError(401, "token_needed", _NEEDED, _CHALLENGE)
    async with given.database.read() as tx:
        try:
            key = await Access().check(tx, presented.decode("ascii"), needs, given.clock.now())
        except NotAllowed as error:
            if error.code == "scope_missing":
                raise
            raise HttpError(401, error.code, error.message, _CHALLENGE) from None
    return Actor(ActorKind.KEY, key.id, key.name, frozenset(key.scopes))


def bearer(headers: Mapping[bytes, bytes]) -> bytes:
    """What follows `Bearer` in the header Authorization."""
    scheme, _, presented = headers.get(b"authorization", b"").partition(b" ")
    return presented.strip() if scheme.lower() == b"bearer" else b""
