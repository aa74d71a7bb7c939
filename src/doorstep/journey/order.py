"""The placed order: written once, never changed. What happens to it afterwards is told by facts; what was agreed anew
because the customer wished it is written beside it, once for each change."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct

from doorstep.kernel.ids import CheckoutId, OrderId
from doorstep.kernel.money import part_of
from doorstep.plan.places import Place
from doorstep.stock.model.sourcing import Source

Counts: TypeAlias = tuple[tuple[int, int], ...]
"""Units of an order: pairs of (line position, quantity), in order of position, each quantity at least 1."""


class Buyer(Struct, frozen=True):
    """Who ordered. Personal data: kept out of facts and logs. `tax_id` is the VAT number of a business."""

    email: str
    name: str
    phone: str = ""
    tax_id: str = ""


class Address(Struct, frozen=True):
    """Where the goods go, or the bill. `country` is ISO 3166 alpha-2; what else is needed depends on it.

    `phone` is for the courier, `instructions` say where to leave a parcel, `access_code` opens the door to it.
    """

    country: str
    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""
    instructions: str = ""
    access_code: str = ""

    @property
    def place(self) -> Place:
        """Where that is, as the plan's zones tell places apart."""
        return Place(self.country, self.region, self.postcode)


class OrderLine(Struct, frozen=True, array_like=True):
    """One line. `total_minor` is what the customer pays for it, tax included and the discount off; `tax_minor` is the
    tax within it by `tax_rate`, a decimal such as "0.20"; `discount_minor` is what the codes took off it.
    """

    position: int
    sku: str
    description: str
    quantity: int
    unit_price_minor: int
    total_minor: int
    tax_minor: int
    weight_grams: int
    discount_minor: int = 0
    tax_rate: str = ""

    def value(self, first: int, count: int) -> int:
        """Worth of `count` units after the `first` ones, so that all parts of a line sum to its total exactly."""
        return part_of(self.total_minor, self.quantity, first + count) - part_of(self.total_minor, self.quantity, first)


class Group(Struct, frozen=True, array_like=True):
    """One delivery of the plan that the customer agreed to: what comes from which location.

    `service` and the days on which it is to arrive are what was promised; empty where nothing was said of them.
    """

    location: str
    units: Counts
    service: str = ""
    arrives_from: date | None = None
    arrives_until: date | None = None


class Before(Struct, frozen=True, array_like=True):
    """What an order that was changed was when it was placed: how many lines it had, and what it came to."""

    lines: int
    total_minor: int


class CodeDiscount(Struct, frozen=True, array_like=True):
    """What a code took off the goods and off the delivery, as the shopper reads the code in the plan."""

    code: str
    goods_minor: int
    delivery_minor: int = 0

    @property
    def minor(self) -> int:
        """All that it took off."""
        return self.goods_minor + self.delivery_minor


class Order(Struct, frozen=True, kw_only=True):
    """All that was agreed when the order was placed, or since. Amounts are minor units of `currency`.

    The placed order is written once. An order that was changed is read as it is in force: lines are only ever added,
    and `before` says what there was at first.
    """

    id: OrderId
    checkout_id: CheckoutId
    number: str
    reference: str
    placed_at: datetime
    plan_version: str
    currency: str
    locale: str
    buyer: Buyer
    address: Address
    lines: tuple[OrderLine, ...]
    groups: tuple[Group, ...]
    deliveries_max: int
    service: str
    delivery_minor: int
    delivery_tax_minor: int
    total_minor: int
    method: str
    billing_address: Address | None = None
    codes: tuple[str, ...] = ()
    discount_minor: int = 0
    discounts: tuple[CodeDiscount, ...] = ()
    note: str = ""
    gift_message: str = ""
    before: Before | None = None

    def line(self, position: int) -> OrderLine:
        """The line at a position, counted from 1."""
        return self.lines[position - 1]

    def weight_grams(self, units: Counts) -> int:
        """Net weight of some units."""
        return sum(self.line(position).weight_grams * count for position, count in units)

    def service_from(self, location: str) -> str:
        """The delivery service by which a location sends its part: as it was agreed, or the order's own."""
        agreed = (group.service for group in self.groups if group.location == location and group.service)
        return next(agreed, self.service)

    @property
    def all_units(self) -> Counts:
        """Every unit ordered."""
        return tuple((line.position, line.quantity) for line in self.lines)

    @property
    def placed_lines(self) -> int:
        """How many lines it had when it was placed; those after them were added since."""
        return self.before.lines if self.before else len(self.lines)

    @property
    def placed_minor(self) -> int:
        """What it came to when it was placed."""
        return self.before.total_minor if self.before else self.total_minor


def groups_of(sources: Iterable[Source]) -> tuple[Group, ...]:
    """Units grouped by the location that sends them, locations in the order of their first source."""
    by_location: dict[str, list[tuple[int, int]]] = {}
    for source in sources:
        by_location.setdefault(source.location, []).append((source.position, source.quantity))
    return tuple(Group(location, counted(units)) for location, units in by_location.items())


def sources_of(order: Order, location: str, units: Counts) -> tuple[Source, ...]:
    """Units of an order at a location, as stock knows them."""
    return tuple(Source(location, position, order.line(position).sku, count) for position, count in units)


def added(*parts: Counts) -> Counts:
    """The sum of several counts."""
    sums: dict[int, int] = {}
    for part in parts:
        for position, count in part:
            sums[position] = sums.get(position, 0) + count
    return counted(sums.items())


def less(units: Counts, taken: Counts) -> Counts:
    """What is left of `units` when `taken` are gone; never less than nothing."""
    gone = dict(taken)
    return counted((position, count - gone.get(position, 0)) for position, count in units)


def common(units: Counts, others: Counts) -> Counts:
    """What is in both, line by line."""
    there = dict(others)
    return counted((position, min(count, there.get(position, 0))) for position, count in units)


def counted(pairs: Iterable[tuple[int, int]]) -> Counts:
    """Counts in their normal form: by position, nothing below 1."""
    return tuple(sorted((position, count) for position, count in pairs if count > 0))


def total_of(units: Counts) -> int:
    """How many units that is."""
    return sum(count for _, count in units)
