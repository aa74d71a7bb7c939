"""Something is done once for each key of a caller, however often it is asked: the answer is kept with the effect."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from hashlib import sha256

from msgspec import Struct

from doorstep.desk import store
from doorstep.jobs.halving import patiently
from doorstep.jobs.model import FlowKind, Kind, Task
from doorstep.kernel.clock import Clock, to_ms
from doorstep.kernel.errors import Conflict
from doorstep.storage.database import Database
from doorstep.storage.gate import Priority
from doorstep.storage.transaction import Tx

KEPT_FOR = timedelta(days=7)
_TIDIED_EVERY = timedelta(hours=1)


class Keyed(Struct, frozen=True):
    """A request that must not be done twice: whose it is, their own key for it, and a digest of all it says."""

    caller: str
    key: str
    digest: str


class Kept(Struct, frozen=True):
    """An answer: a status and a body, and whether it was given before. `kept` is what is kept in place of the body."""

    status: int
    body: bytes
    kept: bytes | None = None
    replayed: bool = False


Answering = Callable[[Tx], Awaitable[Kept]]


def digest_of(*parts: bytes) -> str:
    """A digest of the parts of a request; where one part ends is part of it."""
    said = sha256()
    for part in parts:
        said.update(len(part).to_bytes(8, "big") + part)
    return said.hexdigest()


class Once:
    """Keeps answers for a week."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def answer(self, keyed: Keyed, answering: Answering) -> Kept:
        """Do something and keep its answer in the same transaction, or give the answer that was kept.

        Raises Conflict when the key was used for something else. When `answering` raises, nothing is kept.
        """

        async def attempt() -> Kept:
            async with self._database.begin(Priority.REQUEST) as tx:
                return await self._answer(tx, keyed, answering)

        return await patiently(attempt)

    def kinds(self) -> tuple[Kind, ...]:
        """The job that tidies up."""
        return (FlowKind(name="desk.tidy", body=None, run=self.tidy, every=_TIDIED_EVERY),)

    async def tidy(self, tx: Tx, tasks: Sequence[Task[None]]) -> None:
        """Forget answers after their time."""
        for task in tasks:
            await store.tidy(tx, to_ms(task.at - KEPT_FOR))

    async def _answer(self, tx: Tx, keyed: Keyed, answering: Answering) -> Kept:
        if not await store.claim(tx, keyed.caller, keyed.key, keyed.digest, to_ms(self._clock.now())):
            digest, status, body = await store.read(tx, keyed.caller, keyed.key)
            if digest != keyed.digest:
                raise Conflict("key_reused", "This Idempotency-Key was used for another request before.")
            return Kept(status, body.encode(), replayed=True)
        kept = await answering(tx)
        await store.keep(tx, keyed.caller, keyed.key, kept.status, (kept.kept or kept.body).decode())
        return kept
