"""What a parcel can cost, as steps: up to which weight and for which kinds of goods. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.delivering.tariffs import billable
from doorstep.journey.placement.model.delivering.ways import Case


class Level(Struct, frozen=True, kw_only=True):
    """A parcel with a billable weight above `low` and up to `cap`, of no other kinds than `kinds`, costs `price`.

    It goes by the tariff at that place. `low` is -1 unless something lighter is dearer.
    """

    price: int
    cap: int
    kinds: int
    tariff: int
    low: int = -1


class Levels:
    """The levels of a case, by the tariffs that may be used."""

    def __init__(self, case: Case) -> None:
        self._tariffs = case.tariffs
        everything = case.contents
        self._most = billable(everything, case.tariffs[0].divisor)
        self._kinds = tuple(_subsets(everything.kinds))
        self._known: dict[tuple[int, ...], tuple[Level, ...]] = {}

    def of(self, tariffs: tuple[int, ...]) -> tuple[Level, ...]:
        """The levels when these tariffs may be used, the cheapest first, without those that are never better."""
        known = self._known.get(tariffs)
        if known is None:
            every = [level for kinds in self._kinds for level in self._steps(tariffs, kinds)]
            every.sort(key=lambda one: (one.price, -one.cap, one.tariff, -one.kinds.bit_count(), one.kinds))
            known = self._known[tariffs] = _useful(every)
        return known

    def _steps(self, tariffs: Sequence[int], kinds: int) -> Iterable[Level]:
        added = {at: self._tariffs[at].added(kinds) for at in tariffs}
        usable = [(at, more) for at, more in added.items() if more is not None]
        caps = sorted({cap for at, _ in usable for cap in self._tariffs[at].steps(self._most)})
        dearer: list[tuple[int, int]] = []
        for cap in caps:
            bases = ((self._tariffs[at].base(cap), more, at) for at, more in usable)
            price, tariff = min((base + more, at) for base, more, at in bases if base is not None)
            low = max((before for before, costs in dearer if costs > price), default=-1)
            dearer.append((cap, price))
            yield Level(price=price, cap=cap, kinds=kinds, tariff=tariff, low=low)


def _useful(levels: Sequence[Level]) -> tuple[Level, ...]:
    kept: list[Level] = []
    for level in levels:
        if not any(_is_as_good(other, level) for other in kept):
            kept.append(level)
    return tuple(kept)


def _is_as_good(other: Level, level: Level) -> bool:
    """Whether all that fits a level fits another one that costs no more."""
    return other.low <= level.low and other.cap >= level.cap and not level.kinds & ~other.kinds


def _subsets(kinds: int) -> Iterable[int]:
    """Every choice of some of the bits."""
    some = kinds
    while some:
        yield some
        some = (some - 1) & kinds
    yield 0
