"""What is held for shoppers and orders, and how that changes while several take from the same shelves. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from doorstep.stock.model.balances import Movement, MovementKind, Place
from doorstep.stock.model.sourcing import Hold, Shelves, Shortage, Source, Taken, Want, by_place


class ReservationState(StrEnum):
    """Whether a reservation still holds, and how it ended."""

    ACTIVE = "active"
    COMMITTED = "committed"
    RELEASED = "released"
    EXPIRED = "expired"


class Reservation(Struct, frozen=True):
    """What is held under a key until when. `revision` counts how often that changed: each change moves stock under a
    name of its own.
    """

    key: str
    state: ReservationState
    sources: tuple[Source, ...]
    expires_at: datetime
    revision: int = 0

    @property
    def held(self) -> tuple[Source, ...]:
        """What it keeps from others now."""
        return self.sources if self.state is ReservationState.ACTIVE else ()


class Changes(Struct, frozen=True):
    """What comes of a grip: movements, reservations that are new, and those that changed."""

    movements: list[Movement]
    new: list[Reservation]
    changed: list[Reservation]


class Grip:
    """Shelves and reservations, locked, while a batch of shoppers takes from them in turn.

    What somebody holds counts as free for them alone. `changes` says what is to be written in the end.
    """

    def __init__(self, shelves: Shelves, reservations: Mapping[str, Reservation]) -> None:
        self._shelves = shelves
        self._before = reservations
        self._after: dict[str, tuple[Reservation, datetime]] = {}

    def held(self, key: str) -> tuple[Source, ...]:
        """What is held under a key by now."""
        if key in self._after:
            return self._after[key][0].held
        return self._before[key].held if key in self._before else ()

    def free(self, keys: Iterable[str], skus: Iterable[str]) -> dict[Place, int]:
        """How many of some items are free, and where, for whoever holds under keys; places with none are left out."""
        return self._shelves.free(skus, [source for key in keys for source in self.held(key)])

    def take(self, hold: Hold) -> Taken:
        """Hold all that is wanted, instead of what was held; or the shortages, and what was held stays so."""
        own = self._give_up(hold.want.key)
        taken = self._shelves.take(hold.want, own)
        if sources := tuple(one for one in taken if isinstance(one, Source)):
            self._keep(hold, sources)
        else:
            self._shelves.take_back(own)
        return taken

    def take_most(self, hold: Hold) -> tuple[Shortage, ...]:
        """Hold every line that can be had whole, instead of what was held; returns what is short of the others."""
        own, want = self._give_up(hold.want.key), hold.want
        short: list[Shortage] = []
        taken = self._shelves.take(want, own)
        while missing := [one for one in taken if isinstance(one, Shortage)]:
            want, gone = _without(want, missing)
            short += gone
            taken = self._shelves.take(want, own) if want.lines else ()
        self._keep(hold, tuple(one for one in taken if isinstance(one, Source)))
        return tuple(sorted(short, key=lambda one: one.position))

    def drop(self, key: str, at: datetime, state: ReservationState = ReservationState.RELEASED) -> bool:
        """Free what is held under a key; whether anything was."""
        own, before = self._give_up(key), self._before.get(key)
        if before and before.held:
            self._after[key] = (replace(before, state=state), at)
        else:
            self._after.pop(key, None)
        return bool(own)

    def restore(self, key: str) -> bool:
        """Hold again just what was held under a key before all, if that is still free; whether it is held."""
        before = self._before.get(key)
        if before is None or not before.held or not self._shelves.are_free(before.held):
            return False
        self._shelves.take_back(before.held)
        self._after.pop(key, None)
        return True

    def changes(self) -> "Changes":
        """What is to be written."""
        changes = Changes([], [], [])
        for key, (after, at) in self._after.items():
            before = self._before.get(key)
            if before is None:
                changes.new.append(after)
                changes.movements.extend(_moved(key, at, (), after.held))
            elif before != after:
                changed = replace(after, revision=before.revision + 1)
                changes.changed.append(changed)
                changes.movements.extend(_moved(_cause(before, changed), at, before.held, after.held))
        return changes

    def _give_up(self, key: str) -> tuple[Source, ...]:
        own = self.held(key)
        self._shelves.give(own)
        return own

    def _keep(self, hold: Hold, sources: tuple[Source, ...]) -> None:
        key, before = hold.want.key, self._before.get(hold.want.key)
        if not sources and before is None:
            self._after.pop(key, None)
            return
        state = ReservationState.ACTIVE if sources else ReservationState.RELEASED
        revision = before.revision if before else 0
        self._after[key] = (Reservation(key, state, sources, hold.expires_at, revision), hold.at)


def _without(want: Want, missing: Iterable[Shortage]) -> tuple[Want, list[Shortage]]:
    """What is wanted without the lines that cannot be whole: of one item the first lines have what there is."""
    left = {one.sku: one.available for one in missing}
    kept: list[tuple[int, str, int]] = []
    gone: list[Shortage] = []
    for position, sku, count in want.lines:
        if count > left.get(sku, count):
            gone.append(Shortage(position, sku, count, left[sku]))
            continue
        if sku in left:
            left[sku] -= count
        kept.append((position, sku, count))
    return replace(want, lines=tuple(kept)), gone


def _cause(before: Reservation, after: Reservation) -> str:
    """What a change is called among the movements: a reservation that never changed ends under its own key."""
    ends_unchanged = not after.held and before.revision == 0
    return after.key if ends_unchanged else f"{after.key}#{after.revision}"


def _moved(cause: str, at: datetime, before: Iterable[Source], after: Iterable[Source]) -> Iterable[Movement]:
    """What a change of a reservation moves: more held here, less there."""
    was, becomes = by_place(before), by_place(after)
    for place in sorted({**was, **becomes}):
        count = becomes.get(place, 0) - was.get(place, 0)
        if count:
            kind = MovementKind.RESERVED if count > 0 else MovementKind.RELEASED
            yield Movement(cause, kind, *place, at, reserved=count)
