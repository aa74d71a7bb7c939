"""What a recording asks the store to do, as the requests that its customers would send. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol, TypeVar

from msgspec import Struct

from doorstep.catalog.model import Item
from doorstep.journey.order import Counts, counted
from doorstep.journey.placement.model.checkout import Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.clock import to_ms
from doorstep.kernel.ids import CheckoutId, OrderId, id_from, order_of
from doorstep.plan.records import Plan
from doorstep.rehearsal.customers import address_of, buyer_of
from doorstep.rehearsal.recording.invoices import Invoice
from doorstep.rehearsal.recording.journal import Recording
from doorstep.stock.model.sourcing import Moved, Source

_BEFORE_OPENING = timedelta(hours=3)
_KEPT_AT_BOTH = 10  # of 50 items


class Timed(Protocol):
    """Anything that happened at a moment."""

    @property
    def at(self) -> datetime: ...


SomeTimed = TypeVar("SomeTimed", bound=Timed)


class Change(Struct, frozen=True):
    """Units of one order that one cancellation is about."""

    order_id: OrderId
    name: str
    units: Counts
    at: datetime


class Script(Struct, frozen=True):
    """A recording as days of orders and changes, and the goods that arrive for them.

    `tokens` are the sandbox's words for how a payment goes, by invoice; the payments of others go well.
    """

    items: tuple[Item, ...]
    orders: dict[datetime, tuple[Invoice, ...]]
    changes: dict[datetime, tuple[Change, ...]]
    goods: dict[datetime, tuple[Moved, ...]]
    days: tuple[datetime, ...]
    tokens: dict[str, str] = {}


def script(recording: Recording, plan: Plan) -> Script:
    """The whole recording, day by day."""
    orders = _by_day(recording.invoices)
    changes = _by_day(_changes(recording))
    goods = _goods(recording.invoices, [location.id for location in plan.locations])
    days = sorted({*orders, *changes, *goods})
    items = tuple(Item(i.sku, i.description or i.sku, i.price_minor, i.weight_grams) for i in recording.items)
    return Script(items, orders, changes, goods, tuple(days))


def checkout_id(invoice: str, at: datetime) -> CheckoutId:
    """The checkout of an invoice: the same whenever the recording is replayed."""
    return CheckoutId(id_from("chk", to_ms(at), int.from_bytes(sha256(invoice.encode()).digest()[:10], "big")))


def create_request(invoice: Invoice, plan: Plan) -> Create:
    """The checkout that a customer would fill in for an invoice, at the prices that were recorded."""
    wishes = Wishes(
        lines=tuple(LineWish(line.sku, line.quantity, line.unit_price_minor) for line in invoice.lines),
        buyer=buyer_of(invoice.customer),
        address=address_of(invoice.country),
        service=plan.shipping.services[0].id,
        method=plan.payment.methods[0].id,
        reference=invoice.number,
    )
    return Create(checkout_id(invoice.number, invoice.at), invoice.at, wishes)


def canceled_units(recording: Recording) -> Mapping[str, int]:
    """How many units of each invoice its cancellations take back."""
    sums: dict[str, int] = {}
    for cancellation in recording.cancellations:
        for part in cancellation.parts:
            sums[part.order_invoice] = sums.get(part.order_invoice, 0) + part.quantity
    return sums


def _changes(recording: Recording) -> Iterable[Change]:
    placed = {invoice.number: invoice.at for invoice in recording.invoices}
    for cancellation in recording.cancellations:
        by_order: dict[str, list[tuple[int, int]]] = {}
        for part in cancellation.parts:
            by_order.setdefault(part.order_invoice, []).append((part.position + 1, part.quantity))
        for number, pairs in by_order.items():
            order_id = order_of(checkout_id(number, placed[number]))
            yield Change(order_id, cancellation.number, _merged(pairs), cancellation.at)


def _merged(pairs: Iterable[tuple[int, int]]) -> Counts:
    sums: dict[int, int] = {}
    for position, count in pairs:
        sums[position] = sums.get(position, 0) + count
    return counted(sums.items())


def _by_day(things: Iterable[SomeTimed]) -> dict[datetime, tuple[SomeTimed, ...]]:
    days: dict[datetime, list[SomeTimed]] = {}
    for thing in things:
        days.setdefault(day_of(thing.at), []).append(thing)
    return {day: tuple(sorted(those, key=lambda one: one.at)) for day, those in days.items()}


def day_of(moment: datetime) -> datetime:
    """The midnight (UTC) before a moment."""
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def _goods(invoices: Sequence[Invoice], locations: Sequence[str]) -> dict[datetime, tuple[Moved, ...]]:
    """What each week's orders need arrives before the week begins.

    Where an item is kept follows from its number: most at the first location, some at both, a few at the second only.
    """
    needs: dict[datetime, dict[str, int]] = {}
    for invoice in invoices:
        week = day_of(invoice.at) - timedelta(days=invoice.at.weekday())
        for line in invoice.lines:
            skus = needs.setdefault(week, {})
            skus[line.sku] = skus.get(line.sku, 0) + line.quantity
    return {week: (_delivery(week, skus, locations),) for week, skus in needs.items()}


def _delivery(week: datetime, skus: Mapping[str, int], locations: Sequence[str]) -> Moved:
    sources = [
        Source(location, 0, sku, count)
        for sku, needed in sorted(skus.items())
        for location, count in _shelved(sku, needed, locations)
        if count
    ]
    return Moved(f"week-{week:%Y-%m-%d}", week + _BEFORE_OPENING, tuple(sources))


def _shelved(sku: str, needed: int, locations: Sequence[str]) -> list[tuple[str, int]]:
    chance = sha256(sku.encode()).digest()[0]
    first, second = locations[0], locations[-1]
    if first == second or chance % 50 > _KEPT_AT_BOTH:
        return [(first, needed)]
    if chance % 50 == 0:
        return [(second, needed)]
    return [(first, needed - needed // 2), (second, needed // 2)]
