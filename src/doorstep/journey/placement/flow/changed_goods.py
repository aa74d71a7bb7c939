"""The goods of a change: taken, held until it is paid, kept or let go."""

from datetime import datetime, timedelta

from msgspec import Struct

from doorstep.journey.order import Order, sources_of
from doorstep.journey.placement.model import placing
from doorstep.journey.placement.model.amending import concluding, moving
from doorstep.journey.placement.model.amending.records import Draft, OrderChange
from doorstep.journey.standing import Standing, holds_of
from doorstep.kernel.errors import Refused
from doorstep.plan.records import Plan
from doorstep.stock.flow import Shelf
from doorstep.stock.model.sourcing import Hold, Moved, Source, Taken, Want
from doorstep.storage.transaction import Tx

_NOWHERE = Refused("not_deliverable", "No location sends these goods there. Nothing was changed.")


class When(Struct, frozen=True):
    """When goods are taken, and until when they wait for the change to be paid; None: it is made at once."""

    at: datetime
    until: datetime | None = None


class Goods:
    """Takes what a change needs from the shelves, and gives back what it does not need any more."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(
        self, tx: Tx, draft: Draft, before: tuple[Order, Standing, Plan], when: When
    ) -> tuple[Source, ...] | Refused:
        """Take what is needed, or refuse and take nothing. A change made at once frees what it does not need."""
        order, standing, plan = before
        change = draft.change
        if draft.is_short:
            return _NOWHERE
        frees = () if when.until else _frees(draft, order, standing)
        await self._lock(tx, change)
        want = await self._found(tx, draft.wants, frees)
        if isinstance(want, Refused):
            return want
        if when.until is None:
            await self._free(tx, change, standing, frees, when.at)
        if want is None:
            return ()
        if when.until is None and standing.confirmed:
            return placing.sources((await self._shelf.allocate(tx, [(want, when.at)]))[0])
        until = when.until or when.at + timedelta(minutes=plan.stock.hold_minutes)
        return placing.sources((await self._shelf.hold(tx, [Hold(want, when.at, until)]))[0])

    async def keep(self, tx: Tx, change: OrderChange, standing: Standing, at: datetime) -> tuple[Source, ...]:
        """What was held for a change is the order's now, and what it does not need is free."""
        await self._lock(tx, change)
        frees = moving.frees(change.order, concluding.voided(change, standing)) if standing.confirmed else ()
        await self._free(tx, change, standing, frees, at)
        if not standing.confirmed:
            return ()
        return (await self._shelf.commit(tx, {change.id: at})).get(change.id, ())

    async def let_go(self, tx: Tx, change: OrderChange, at: datetime) -> None:
        """What was held for a change is free again."""
        await self._shelf.let_go(tx, {change.id: at})

    async def _free(
        self, tx: Tx, change: OrderChange, standing: Standing, frees: tuple[Source, ...], at: datetime
    ) -> None:
        if not standing.confirmed and change.is_moved:
            await self._shelf.let_go(tx, dict.fromkeys(holds_of(change.order_id, standing), at))
        elif standing.confirmed and frees:
            await self._shelf.release(tx, [Moved(change.id, at, frees)])

    async def _found(self, tx: Tx, wants: tuple[Want, ...], frees: tuple[Source, ...]) -> Want | Refused | None:
        """The first wish that can be had; None when nothing is wanted."""
        taken: Taken = ()
        for want in wants:
            taken = await self._shelf.could_take(tx, want, frees)
            if placing.is_held(taken):
                return want
        return placing.short(taken) if wants else None

    async def _lock(self, tx: Tx, change: OrderChange) -> None:
        if change.is_moved or change.added or change.canceled:
            await self._shelf.lock(tx, [line.sku for line in change.order.lines])


def _frees(draft: Draft, order: Order, standing: Standing) -> tuple[Source, ...]:
    """Where units are free once the change is made: of a held order all that is held, when it is held anew."""
    if standing.confirmed or not draft.change.is_moved:
        return draft.frees
    return tuple(source for group in order.groups for source in sources_of(order, group.location, group.units))
