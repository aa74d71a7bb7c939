"""Who calls: the deployment itself by its token, or a program by its API key."""

from collections.abc import Mapping
from hmac import compare_digest

from doorstep.access.flow.access import Access
from doorstep.access.model.actor import ANYBODY, DEPLOYMENT, Actor
from doorstep.access.model.keys import ApiKey, actor_of
from doorstep.access.model.permissions import Permission
from doorstep.kernel.errors import NotAllowed
from doorstep.storage.gate import Priority
from doorstep.web.given import Given
from doorstep.web.respond import HttpError

_CHALLENGE = ((b"www-authenticate", b"Bearer"),)
_NEEDED = (
    "Send the header Authorization: Bearer with an API key (doorstep keys add) "
    "or the token of this deployment (DOORSTEP_API_TOKEN)."
)


async def caller_of(
    headers: Mapping[bytes, bytes], address: str, given: Given, needs: Permission | None, *, is_limited: bool = True
) -> Actor:
    """Who calls; refused unless they may, and when they ask too often.

    Strangers are counted by their address, as are keys that are none, so that nobody tries many; programs by their key.
    """
    if needs is None:
        if is_limited:
            given.limits.check_stranger(address)
        return ANYBODY
    given.limits.check_not_guessing(address)
    try:
        actor = await _known(headers, given, needs)
    except HttpError:
        given.limits.check_stranger(address)
        raise
    given.limits.check_keyed(actor.id)
    return actor


async def known_caller(headers: Mapping[bytes, bytes], given: Given, needs: Permission) -> Actor:
    """Who calls; how often is not counted."""
    return await _known(headers, given, needs)


async def _known(headers: Mapping[bytes, bytes], given: Given, needs: Permission) -> Actor:
    """Whoever brings the token of the deployment, or a key that has the permission."""
    presented = bearer(headers)
    if given.api_token and compare_digest(presented, given.api_token.encode()):
        return DEPLOYMENT
    if not presented.startswith(b"dsk_") or not presented.isascii():
        raise HttpError(401, "token_needed", _NEEDED, _CHALLENGE)
    now = given.clock.now()
    async with given.database.read() as tx:
        try:
            key = await Access().check(tx, presented.decode("ascii"), needs, now)
        except NotAllowed as error:
            if error.code == "scope_missing":
                raise
            raise HttpError(401, error.code, error.message, _CHALLENGE) from None
    if key.is_due_to_be_marked(now):
        await _mark(given, key)
    return actor_of(key)


async def _mark(given: Given, key: ApiKey) -> None:
    async with given.database.begin(Priority.BACKGROUND) as tx:
        await Access().used(tx, key, given.clock.now())


def bearer(headers: Mapping[bytes, bytes]) -> bytes:
    """What follows `Bearer` in the header Authorization."""
    scheme, _, presented = headers.get(b"authorization", b"").partition(b" ")
    return presented.strip() if scheme.lower() == b"bearer" else b""
