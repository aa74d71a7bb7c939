"""Stock as the stages use it, inside their own transactions and in batches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError, LawBroken
from doorstep.live.teller import Note, nobody, stock_topic
from doorstep.stock import store
from doorstep.stock.model.adjusting import Adjusted, Adjustment, judge_adjustment
from doorstep.stock.model.balances import Movement, MovementKind, Place, Stock, broken, summed
from doorstep.stock.model.counting import Found, Tallied, Tally, tallied
from doorstep.stock.model.holding import Grip, Reservation, ReservationState
from doorstep.stock.model.sourcing import Hold, Moved, Shelves, Source, Taken, Want, by_place
from doorstep.storage.transaction import Tx


class Shelf:
    """The stock of all locations, under one policy for safety stock and backorder.

    It notes which items are sold out somewhere, for whoever waits for them.
    """

    def __init__(self, *, safety_stock: int = 0, backorder: bool = False, note: Note = nobody) -> None:
        self._safety_stock = safety_stock
        self._backorder = backorder
        self._note = note

    async def hold(self, tx: Tx, holds: Sequence[Hold]) -> list[Taken]:
        """Reserve for many orders at once: for each its sources, or its shortages and what was held before stays so.

        All rows are locked first, in order; orders take in turn from the sums; each item is written once.
        """
        grip = await self.grip(tx, [hold.want for hold in holds], [hold.want.key for hold in holds if hold.again])
        taken = [grip.take(hold) for hold in holds]
        await self.settle(tx, grip)
        return taken

    async def could_take(self, tx: Tx, want: Want, freed: Sequence[Source]) -> Taken:
        """What a wish would get if some units were free as well. Their balances are locked; nothing is taken."""
        shelves = await self._shelves(tx, [want])
        shelves.give(freed)
        return shelves.take(want)

    async def lock(self, tx: Tx, skus: Iterable[str]) -> None:
        """Lock the balances of items, in order: for whoever changes them in more than one step."""
        await store.lock_skus(tx, skus)

    async def grip(self, tx: Tx, wants: Sequence[Want], keys: Iterable[str]) -> Grip:
        """Lock what is held under some keys, and every item of it and of what is wanted, for several to take in turn.

        Keys under which something may have been held before must be among those given.
        """
        reservations = await store.lock_reservations(tx, keys)
        held = {source.sku for one in reservations.values() for source in one.held}
        return Grip(await self._shelves(tx, wants, held), reservations)

    async def settle(self, tx: Tx, grip: Grip) -> None:
        """Write what was taken and freed."""
        changes = grip.changes()
        await self._post_locked(tx, changes.movements)
        await store.reserve(tx, changes.new)
        await store.change(tx, changes.changed)

    async def commit(self, tx: Tx, keys: Mapping[str, datetime]) -> dict[str, tuple[Source, ...]]:
        """Turn reservations into allocations. Those that are no longer active are left out of the answer."""
        active = await self._active(tx, keys)
        await self._post(
            tx,
            [
                Movement(key, MovementKind.ALLOCATED, *place, keys[key], reserved=-count, allocated=count)
                for key, one in active.items()
                for place, count in by_place(one.sources).items()
            ],
        )
        await store.change(tx, [replace(one, state=ReservationState.COMMITTED) for one in active.values()])
        return {key: one.sources for key, one in active.items()}

    async def let_go(
        self, tx: Tx, keys: Mapping[str, datetime], state: ReservationState = ReservationState.RELEASED
    ) -> set[str]:
        """Free what reservations hold; returns those that were active."""
        active = await self._active(tx, keys)
        grip = Grip(Shelves([]), active)
        for key in active:
            grip.drop(key, keys[key], state)
        changes = grip.changes()
        await self._post(tx, changes.movements)
        await store.change(tx, changes.changed)
        return set(active)

    async def allocate(self, tx: Tx, wants: Sequence[tuple[Want, datetime]]) -> list[Taken]:
        """Allocate at once, without a reservation before; for each its sources, or its shortages."""
        shelves = await self._shelves(tx, [want for want, _ in wants])
        taken = [shelves.take(want) for want, _ in wants]
        movements = [
            Movement(want.key, MovementKind.ALLOCATED, *place, at, allocated=count)
            for (want, at), result in zip(wants, taken, strict=True)
            for place, count in by_place(_held(result)).items()
        ]
        await self._post_locked(tx, movements)
        return taken

    async def pick(self, tx: Tx, picked: Sequence[Moved]) -> None:
        """Take allocated units off the shelf."""
        await self._post(tx, _movements(picked, MovementKind.PICKED, (-1, 0, -1)))

    async def miss(self, tx: Tx, missed: Sequence[Moved]) -> None:
        """Allocated units were not on the shelf: they are neither promised nor there any more."""
        await self._post(tx, _movements(missed, MovementKind.ADJUSTED, (-1, 0, -1)))

    async def release(self, tx: Tx, released: Sequence[Moved]) -> None:
        """Free allocated units that will not be sent."""
        await self._post(tx, _movements(released, MovementKind.RELEASED, (0, 0, -1)))

    async def put_back(self, tx: Tx, returned: Sequence[Moved]) -> None:
        """Put returned units on the shelf, once for each cause."""
        await self._post(tx, _movements(returned, MovementKind.RETURNED, (1, 0, 0)))

    async def receive(self, tx: Tx, received: Sequence[Moved]) -> None:
        """Put new goods on the shelf."""
        await self._post(tx, _movements(received, MovementKind.RECEIVED, (1, 0, 0)))

    async def count(self, tx: Tx, tally: Tally) -> Tallied:
        """Make balances what was counted, once for each name of a count, item and location."""
        places = {one.place for one in tally.counts}
        new = await store.new_places(tx, places)
        stocks = {(stock.sku, stock.location): stock for stock in await store.lock_places(tx, places)}
        earlier = await store.adjusted(tx, tally.name, places)
        outcome = tallied(tally, Found(stocks=stocks, new=new, earlier=earlier), backorder=self._backorder)
        await self._post_locked(tx, outcome.movements)
        return outcome

    async def adjust(self, tx: Tx, wish: Adjustment) -> Adjusted | DoorstepError:
        """Change what is on hand at a place, once for each cause; answers how it was, or why it stays so."""
        place = (wish.sku, wish.location)
        await store.new_places(tx, [place])
        (stock,) = await store.lock_places(tx, [place])
        answer = judge_adjustment(wish, stock, backorder=self._backorder)
        if isinstance(answer, Adjusted):
            kind = MovementKind.ADJUSTED
            await self._post_locked(tx, [Movement(wish.cause, kind, *place, wish.at, on_hand=answer.difference)])
        return answer

    async def page(self, tx: Tx, after: Place, most: int, location: str = "") -> list[Stock]:
        """Balances in order of SKU and location, after a place."""
        return await store.page(tx, after, most, location)

    async def read(self, tx: Tx, skus: Iterable[str]) -> list[Stock]:
        """Balances of items, not locked."""
        return await store.read_skus(tx, skus)

    async def expired(self, tx: Tx, now: datetime, most: int) -> list[str]:
        """Reservations whose time has passed, oldest first."""
        return await store.expired(tx, to_ms(now), most)

    async def _active(self, tx: Tx, keys: Iterable[str]) -> dict[str, Reservation]:
        locked = await store.lock_reservations(tx, keys)
        return {key: one for key, one in locked.items() if one.state is ReservationState.ACTIVE}

    async def _shelves(self, tx: Tx, wants: Sequence[Want], others: Iterable[str] = ()) -> Shelves:
        if self._backorder:  # a place that never had stock can be promised from, so it needs a balance
            await store.new_places(
                tx, {(sku, place) for want in wants for _, sku, _ in want.lines for place in want.locations}
            )
        stocks = await store.lock_skus(tx, [*others, *(sku for want in wants for _, sku, _ in want.lines)])
        return Shelves(stocks, self._safety_stock, backorder=self._backorder)

    async def _post(self, tx: Tx, movements: Sequence[Movement]) -> None:
        places = {(one.sku, one.location) for one in movements}
        if any(one.kind in (MovementKind.RECEIVED, MovementKind.RETURNED) for one in movements):
            await store.new_places(tx, places)
        await store.only_lock(tx, places)
        await self._post_locked(tx, movements)

    async def _post_locked(self, tx: Tx, movements: Sequence[Movement]) -> None:
        fresh = await store.post(tx, movements)
        news = [one for one in movements if (one.cause, one.kind.value, one.sku, one.location) in fresh]
        after = await store.add(tx, summed(news))
        if said := [sentence for stock in after if (sentence := broken(stock, backorder=self._backorder))]:
            raise LawBroken("stock_law_broken", "; ".join(said))
        if gone := {stock.sku for stock in after if stock.available <= self._safety_stock}:
            self._note(tx, map(stock_topic, gone))


def _held(taken: Taken) -> tuple[Source, ...]:
    return tuple(one for one in taken if isinstance(one, Source))


def _movements(moved: Iterable[Moved], kind: MovementKind, signs: tuple[int, int, int]) -> list[Movement]:
    on_hand, reserved, allocated = signs
    return [
        Movement(one.cause, kind, *place, one.at, on_hand * count, reserved * count, allocated * count)
        for one in moved
        for place, count in by_place(one.sources).items()
    ]
