"""What discount codes take off, and why one takes nothing off. Pure.

Each code takes off what its items still cost after the codes before it, split over their lines to the cent.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from doorstep.journey.codes.model import EVERYBODY, Counter, Counts, code_key, customer_key
from doorstep.journey.order import CodeDiscount
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.journey.placement.model.summing import Delivered, Ware
from doorstep.journey.placement.model.wishes import Wishes
from doorstep.kernel.money import Money, split_minor
from doorstep.kernel.phrase import Phrase, phrase
from doorstep.plan.price_records import Discount
from doorstep.plan.records import Plan

_ONE = 1_000_000

Wrong: TypeAlias = tuple[str, Phrase]
"""The kind of a problem, and what it says."""


class Applied(Struct, frozen=True):
    """A code that holds, and what it takes off the goods."""

    rule: Discount
    off: int


class Cut(Struct, frozen=True):
    """Goods with what codes take off them, the codes that hold, and what is wrong with the others."""

    wares: tuple[Ware, ...]
    applied: tuple[Applied, ...] = ()
    problems: tuple[Problem, ...] = ()

    def delivered(self, price: int) -> Delivered:
        """The delivery: one code that makes it free is enough."""
        return Delivered(price, price if any(one.rule.free_delivery for one in self.applied) else 0)

    def discounts(self, delivered: Delivered) -> tuple[CodeDiscount, ...]:
        """What each code takes off; the first that makes delivery free has all of that."""
        left, found = delivered.discount, []
        for one in self.applied:
            carried = left if one.rule.free_delivery else 0
            left -= carried
            found.append(CodeDiscount(one.rule.id, one.off, carried))
        return tuple(found)


class Moment(Struct, frozen=True):
    """When and by whom codes are used, how often they were before, and the currency of it all."""

    today: date
    customer: str
    counts: Counts
    currency: str


def cut(wishes: Wishes, wares: tuple[Ware, ...], plan: Plan, counts: Counts, at: datetime) -> Cut:
    """What the codes of a checkout take off its goods, in the order in which they were given."""
    done, seen = Cut(wares), set[str]()
    if not wishes.codes:
        return done
    moment = Moment(day(plan, at), customer_of(wishes), counts, plan.store.currency)
    for place, code in enumerate(wishes.codes):
        if code_key(code) not in seen:
            done = _after(done, f"codes[{place}]", code, rule_of(plan, code), moment)
        seen.add(code_key(code))
    return done


def _after(done: Cut, path: str, code: str, rule: Discount | None, moment: Moment) -> Cut:
    """What was done, and one more code."""
    if rule is None:
        return _without(done, path, "code_unknown", phrase("There is no code {code}.", code=code.strip()))
    if wrong := _wrong(rule, done, moment):
        return _without(done, path, *wrong)
    wares, off = _taken_off(rule, done.wares)
    return replace(done, wares=wares, applied=(*done.applied, Applied(rule, off)))


def _without(done: Cut, path: str, kind: str, why: Phrase) -> Cut:
    return replace(done, problems=(*done.problems, Problem(kind, path, Severity.RECOVERABLE, why)))


def rule_of(plan: Plan, code: str) -> Discount | None:
    """What the plan says of a code, if it knows it."""
    return next((rule for rule in plan.discounts if code_key(rule.id) == code_key(code)), None)


def customer_of(wishes: Wishes) -> str:
    """Who is counted as the one who uses the codes."""
    return customer_key(wishes.buyer.email) if wishes.buyer else EVERYBODY


def counters_for(wishes: Wishes) -> list[Counter]:
    """What must be known of earlier uses to judge the codes of a checkout."""
    customer = customer_of(wishes)
    return [(code_key(code), who) for code in wishes.codes for who in dict.fromkeys((EVERYBODY, customer))]


def day(plan: Plan, at: datetime) -> date:
    """The day that it is in the store."""
    return at.astimezone(ZoneInfo(plan.store.time_zone)).date()


def out_of_time(rule: Discount, today: date) -> Wrong | None:
    """Why a code does not hold on a day."""
    if rule.valid_from and today < rule.valid_from:
        return "code_not_yet", phrase("The code {code} holds from {day} on.", code=rule.id, day=rule.valid_from)
    if rule.valid_until and rule.valid_until < today:
        return "code_ended", phrase("The code {code} was valid until {day}.", code=rule.id, day=rule.valid_until)
    return None


def used_up(rule: Discount, customer: str, counts: Counts) -> Wrong | None:
    """Why a code cannot be used once more."""
    key = code_key(rule.id)
    if rule.total is not None and counts.get((key, EVERYBODY), 0) >= rule.total:
        return "code_used_up", phrase("The code {code} was used up by others.", code=rule.id)
    if rule.per_customer is not None and customer and counts.get((key, customer), 0) >= rule.per_customer:
        return "code_used_up", phrase("You have used the code {code} as often as you can.", code=rule.id)
    return None


def _wrong(rule: Discount, done: Cut, moment: Moment) -> Wrong | None:
    return (
        out_of_time(rule, moment.today)
        or used_up(rule, moment.customer, moment.counts)
        or _not_combinable(rule, [one.rule for one in done.applied])
        or _too_little(rule, done.wares, moment.currency)
    )


def _not_combinable(rule: Discount, others: Iterable[Discount]) -> Wrong | None:
    clash = next((other for other in others if not (rule.combines and other.combines)), None)
    if clash is None:
        return None
    said = phrase("The code {code} cannot be used together with {other}.", code=rule.id, other=clash.id)
    return "code_not_combinable", said


def _too_little(rule: Discount, wares: Iterable[Ware], currency: str) -> Wrong | None:
    eligible = [ware.price for ware in wares if _is_for(rule, ware.sku)]
    if not eligible:
        return "code_excluded", phrase("The code {code} is not for anything in the cart.", code=rule.id)
    missing = rule.minimum - sum(eligible)
    if missing <= 0:
        return None
    return "code_minimum", phrase(
        "The code {code} needs {missing} more of what it is for.", code=rule.id, missing=Money(missing, currency)
    )


def _is_for(rule: Discount, sku: str) -> bool:
    return (not rule.only or _is_one_of(sku, rule.only)) and not _is_one_of(sku, rule.excluded)


def _is_one_of(sku: str, patterns: Iterable[str]) -> bool:
    """Whether a SKU is named, or begins as a pattern with a * at its end."""
    return any(sku.startswith(one[:-1]) if one.endswith("*") else sku == one for one in patterns)


def _taken_off(rule: Discount, wares: tuple[Ware, ...]) -> tuple[tuple[Ware, ...], int]:
    """The goods after a code, and what it took off them."""
    amounts = [ware.amount if _is_for(rule, ware.sku) else 0 for ware in wares]
    off = min(_wanted(rule, sum(amounts)), sum(amounts))
    if not off:
        return wares, 0
    parts = split_minor(off, amounts)
    return tuple(replace(ware, discount=ware.discount + part) for ware, part in zip(wares, parts, strict=True)), off


def _wanted(rule: Discount, amount: int) -> int:
    """What a code takes off an amount, if that is enough for it; halves are rounded up."""
    off = (2 * amount * _millionths(rule.percent) + _ONE) // (2 * _ONE) if rule.percent else rule.amount
    return off if rule.at_most is None else min(off, rule.at_most)


@lru_cache(1024)
def _millionths(percent: str) -> int:
    """A percentage with at most four digits after the point, exactly."""
    whole, _, fraction = percent.partition(".")
    return int(whole) * 10_000 + int(f"{fraction:0<4}")
