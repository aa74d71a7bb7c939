"""How often codes were used: looked up, counted for an order, given back, inside the caller's transaction.

Locks are taken after checkouts and orders and before stock, in order of code and customer. Giving back locks nothing
but uses and counters, so that it can meet no other order of locks.
"""

from collections.abc import Iterable, Sequence

from doorstep.jobs.model import Task
from doorstep.journey.codes import store
from doorstep.journey.codes.model import Counter, Counts, Freed, Use, counters_of, summed
from doorstep.storage.transaction import Tx


class Codes:
    """The uses of discount codes."""

    async def counts(self, tx: Tx, counters: Iterable[Counter]) -> Counts:
        """How often each was used as things stand; nothing is locked."""
        return await store.read(tx, set(counters))

    async def lock(self, tx: Tx, uses: Sequence[Use]) -> Counts:
        """Lock what some uses would be counted at, and read it: nobody else can use these codes meanwhile."""
        counters = counters_of(uses)
        await store.begin(tx, counters)
        return await store.lock(tx, counters)

    async def spend(self, tx: Tx, uses: Sequence[Use]) -> None:
        """Count uses of new orders, whose counters are locked."""
        await store.write(tx, uses)
        await store.add(tx, summed(uses))

    async def give_back(self, tx: Tx, tasks: Sequence[Task[Freed]]) -> None:
        """Orders came to nothing: their codes can be used again, by this customer too. Asked twice it happens once."""
        ids = [task.body.order_id for task in tasks]
        uses = await store.lock_uses(tx, ids)
        await store.forget(tx, ids)
        await store.lock(tx, counters_of(uses))
        await store.add(tx, {counter: -count for counter, count in summed(uses).items()})
