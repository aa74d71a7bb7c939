"""One order in words: what was agreed, how far it is, its money, its parcels, all that happened, what was said."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from doorstep.journey import facts as f
from doorstep.journey.order import Counts, Order
from doorstep.journey.overview.story import Story, due_of
from doorstep.journey.units import LineUnits
from doorstep.kernel.clock import from_ms
from doorstep.kernel.money import format_minor

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_PROGRESS = ("canceled", "delivered", "lost", "returned", "restocked", "written_off", "sent_back")


def told(story: Story, now: datetime) -> Iterator[str]:
    """The whole story, line by line. Times are UTC."""
    yield from _head(story, now)
    yield from _section("Lines", _lines(story))
    yield from _section("Money", _money(story))
    yield from _section("Parcels", _parcels(story))
    yield from _section("What happened", (f"{_second(fact.at)}  {_said(fact, story.order)}" for fact in story.facts))
    yield from _section("What was said", _notices(story))


def _head(story: Story, now: datetime) -> Iterator[str]:
    order, standing = story.order, story.standing
    yield f"Order {order.number}: {standing.stage.replace('_', ' ')} since {_second(from_ms(standing.since_ms))}"
    who = f"{order.buyer.name} <{order.buyer.email}>" if order.buyer.name else order.buyer.email
    yield f"Placed {_second(order.placed_at)} by {who}"
    where = (order.address.name, order.address.street, order.address.postcode, order.address.city)
    yield f"To {', '.join(part for part in (*where, order.address.region, order.address.country) if part)}"
    if story.deadline:
        late = ", which has passed" if story.deadline < now else ""
        yield f"The next step is for: {story.owner}, until {_second(story.deadline)}{late}"
    yield from (f"Trouble: {trouble}" for trouble in standing.trouble)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _lines(story: Story) -> Iterator[str]:
    order = story.order
    for line, units in zip(order.lines, story.standing.units.lines, strict=True):
        price = f"{_amount(line.unit_price_minor, order)} each, {_amount(line.total_minor, order)}"
        yield f"{line.quantity} × {line.description} ({line.sku}), {price}: {_far(units)}"


def _far(units: LineUnits) -> str:
    """How far a line's units are: what became of them, or the furthest step of those on their way."""
    said = [f"{getattr(units, name)} {name.replace('_', ' ')}" for name in _PROGRESS if getattr(units, name)]
    steps = ("shipped", "packed", "picked", "allocated")
    on_the_way = units.ordered - units.canceled - units.delivered - units.lost
    if on_the_way:
        reached = next((step for step in steps if getattr(units, step) > units.delivered + units.lost), "ordered")
        said.append(f"{on_the_way} on the way, {reached}")
    return ", ".join(said)


def _money(story: Story) -> Iterator[str]:
    order, balance = story.order, story.standing.balance
    total, delivery = _amount(order.total_minor, order), _amount(order.delivery_minor, order)
    yield f"{total} {order.currency} in all, {delivery} of it for delivery"
    sums = {
        "authorized": balance.authorized,
        "given back unused": balance.voided,
        "taken": balance.captured,
        "refunded": balance.refunded,
        "still to be paid": due_of(order, story.standing),
    }
    yield ", ".join(f"{_amount(amount, order)} {name}" for name, amount in sums.items() if amount)


def _parcels(story: Story) -> Iterator[str]:
    labels = {fact.parcel_id: fact.tracking_number for fact in story.facts if isinstance(fact, f.LabelBought)}
    for parcel_id, parcel in story.standing.units.parcels.items():
        number = f", tracking number {labels[parcel_id]}" if parcel_id in labels else ""
        yield f"{_units(parcel.units, story.order)} from {parcel.location}: {parcel.progress}{number}"


def _notices(story: Story) -> Iterator[str]:
    for stored in story.notices:
        notice = stored.notice
        yield f"{notice.channel} to {notice.recipient}: {notice.subject} ({stored.state.value})"


def _said(fact: f.Fact, order: Order) -> str:
    """A fact's name in words, with what it carries that a person wants to know."""
    words = _WORD.sub(" ", fact.kind).capitalize()
    details = [
        _amount(fact.amount, order) if hasattr(fact, "amount") else "",
        _units(fact.units, order) if hasattr(fact, "units") else "",
        *(str(getattr(fact, name, "")) for name in ("location", "status", "tracking_number", "reason")),
    ]
    said = ", ".join(detail for detail in details if detail)
    return f"{words}: {said}" if said else words


def _units(counts: Counts, order: Order) -> str:
    return ", ".join(f"{count} × {order.line(position).sku}" for position, count in counts)


def _amount(minor: int, order: Order) -> str:
    return format_minor(minor, order.currency)


def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
