"""The count of one day's orders, a page at a time: how far it is, and what it has come to."""

from collections.abc import Iterable

from msgspec import Struct

from doorstep.journey.numbers.model.counting import OneOrder
from doorstep.journey.numbers.model.days import CountedDay
from doorstep.journey.numbers.model.metrics import Pair, Slot, Sums, add


class Counting(Struct, frozen=True):
    """A count that is under way: what it carries from one page to the next. `after` is the last order counted.

    `facts` is what the day's orders had been told when it began; what is told meanwhile makes the next one.
    """

    placed_day: int
    after: str = ""
    facts: int = 0
    orders: int = 0
    open: int = 0
    sums: tuple[tuple[Slot, Pair], ...] = ()


def grown(counting: Counting, after: str, page: Iterable[OneOrder]) -> Counting:
    """A count after one more page."""
    sums: Sums = dict(counting.sums)
    orders, still_open = counting.orders, counting.open
    for one in page:
        orders, still_open = orders + 1, still_open + one.is_open
        for slot, (count, total) in one.sums.items():
            add(sums, slot, count, total)
    kept = tuple((slot, pair) for slot, pair in sums.items() if pair != (0, 0))
    return Counting(counting.placed_day, after, counting.facts, orders, still_open, kept)


def counted_day(counting: Counting, rules: str, at_ms: int) -> CountedDay:
    """What is known of a day when its count is at its end."""
    return CountedDay(counting.placed_day, rules, at_ms, counting.orders, counting.facts, counting.open)


def is_as_counted(stored: CountedDay | None, orders: int, facts: int, rules: str) -> bool:
    """Whether nothing was told since a day was counted."""
    return stored is not None and (stored.orders, stored.facts, stored.rules) == (orders, facts, rules)


def is_overtaken(counting: Counting, stored: CountedDay, rules: str) -> bool:
    """Whether a count that began later, and so knows more, is there already."""
    return stored.rules == rules and stored.facts > counting.facts
