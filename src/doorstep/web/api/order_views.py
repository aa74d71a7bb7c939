"""An order as the API shows it: what was agreed, how every line and its money stand, all that happened, in words."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from doorstep.journey import facts as f
from doorstep.journey.order import Address, Buyer, Counts, Order
from doorstep.journey.overview.lists import Row
from doorstep.journey.overview.story import Story, due_of
from doorstep.journey.standing import Stage, Standing
from doorstep.journey.units import LineUnits
from doorstep.kernel.clock import from_ms
from doorstep.messages.model import NoticeState, Stored
from doorstep.web.api.question_views import QuestionView, order_question_views


class Quantities(Struct, frozen=True):
    """How many units of a line are, or ever were, that far."""

    ordered: int
    canceled: int
    allocated: int
    picked: int
    packed: int
    shipped: int
    delivered: int
    lost: int
    return_requested: int
    returned: int
    restocked: int
    written_off: int
    sent_back: int


class OrderLineView(Struct, frozen=True, kw_only=True):
    """A line as it was agreed, and how far its units are."""

    position: int
    sku: str
    description: str
    unit_price_minor: int
    total_minor: int
    tax_minor: int
    tax_rate: str
    discount_minor: int
    quantities: Quantities


class UnitsView(Struct, frozen=True):
    """Units of the line at a position, counted from 1."""

    position: int
    quantity: int


class DeliveryView(Struct, frozen=True):
    """One delivery as it was agreed: what comes from which location."""

    location: str
    units: tuple[UnitsView, ...]


class DiscountView(Struct, frozen=True):
    """What a code took off the goods, and off the delivery."""

    code: str
    goods_minor: int
    delivery_minor: int


class MoneyView(Struct, frozen=True, kw_only=True):
    """The order's money. `due_minor` is its total less what was canceled and what was captured; `discount_minor` is
    off the total already.
    """

    currency: str
    state: str
    total_minor: int
    delivery_minor: int
    delivery_tax_minor: int
    discount_minor: int
    discounts: tuple[DiscountView, ...]
    authorized_minor: int
    voided_minor: int
    captured_minor: int
    refund_granted_minor: int
    refunded_minor: int
    due_minor: int


class ParcelView(Struct, frozen=True, kw_only=True):
    """A parcel, what is in it, and how far it is: packed, shipped, delivered or lost."""

    id: str
    location: str
    state: str
    units: tuple[UnitsView, ...]
    tracking_number: str | None
    delivered_at: datetime | None


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened. `about` names the payment, parcel or return; the rest is there where it applies."""

    at: datetime
    kind: str
    about: str
    amount_minor: int | UnsetType = UNSET
    units: tuple[UnitsView, ...] | UnsetType = UNSET
    location: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    tracking_number: str | UnsetType = UNSET


class NoticeView(Struct, frozen=True, kw_only=True):
    """What was said to whom. `note` is the provider's reference, or why it refused."""

    channel: str
    recipient: str
    subject: str
    text: str
    state: NoticeState
    tries: int
    note: str


class OrderView(Struct, frozen=True, kw_only=True):
    """One order across all stages. `owner` is who moves it on, `deadline` by when the plan promises that.

    `version` counts what has happened to it; it is the number in the ETag.
    """

    id: str
    number: str
    version: int
    reference: str
    stage: Stage
    since: datetime
    owner: str
    deadline: datetime | None
    held: str
    trouble: tuple[str, ...]
    placed_at: datetime
    locale: str
    buyer: Buyer
    address: Address
    service: str
    method: str
    deliveries_max: int
    deliveries: tuple[DeliveryView, ...]
    lines: tuple[OrderLineView, ...]
    money: MoneyView
    parcels: tuple[ParcelView, ...]
    timeline: tuple[Event, ...]
    notices: tuple[NoticeView, ...]
    questions: tuple[QuestionView, ...] = ()


class OrderRow(Struct, frozen=True, kw_only=True):
    """An order in a list. `due_at` is by when it should move on; null when it has ended."""

    id: str
    number: str
    placed_at: datetime
    stage: Stage
    since: datetime
    due_at: datetime | None
    late: bool
    payment: str
    buyer: str
    country: str
    total_minor: int
    currency: str
    units: int
    service: str


class OrderPage(Struct, frozen=True):
    """Orders. `next_cursor` asks for those after them; null on the last page.

    A page with a next one may be short, even empty, when few of the orders that were looked at were asked for.
    """

    orders: tuple[OrderRow, ...]
    next_cursor: str | None


def order_row(row: Row) -> OrderRow:
    """A row of the list."""
    told = {name: getattr(row, name) for name in OrderRow.__struct_fields__ if name != "id"}
    return OrderRow(id=row.order_id, **told)


def order_view(story: Story) -> OrderView:
    """The whole order."""
    order, standing = story.order, story.standing
    return OrderView(
        id=order.id,
        number=order.number,
        version=standing.seq,
        reference=order.reference,
        stage=standing.stage,
        since=from_ms(standing.since_ms),
        owner=story.owner,
        deadline=story.deadline,
        held=standing.held,
        trouble=tuple(standing.trouble),
        placed_at=order.placed_at,
        locale=order.locale,
        buyer=order.buyer,
        address=order.address,
        service=order.service,
        method=order.method,
        deliveries_max=order.deliveries_max,
        deliveries=tuple(DeliveryView(group.location, _units(group.units)) for group in order.groups),
        lines=tuple(_lines(order, standing.units.lines)),
        money=_money(order, standing),
        parcels=tuple(_parcels(standing, _tracking(story.facts))),
        timeline=tuple(_event(fact) for fact in story.facts),
        questions=order_question_views(story.facts),
        notices=tuple(_notice(stored) for stored in story.notices),
    )


def _units(counts: Counts) -> tuple[UnitsView, ...]:
    return tuple(UnitsView(position, count) for position, count in counts)


def _lines(order: Order, counts: Iterable[LineUnits]) -> Iterable[OrderLineView]:
    for line, units in zip(order.lines, counts, strict=True):
        yield OrderLineView(
            position=line.position,
            sku=line.sku,
            description=line.description,
            unit_price_minor=line.unit_price_minor,
            total_minor=line.total_minor,
            tax_minor=line.tax_minor,
            tax_rate=line.tax_rate,
            discount_minor=line.discount_minor,
            quantities=Quantities(**asdict(units)),
        )


def _money(order: Order, standing: Standing) -> MoneyView:
    balance = standing.balance
    return MoneyView(
        currency=order.currency,
        state=balance.state,
        total_minor=order.total_minor,
        delivery_minor=order.delivery_minor,
        delivery_tax_minor=order.delivery_tax_minor,
        discount_minor=order.discount_minor,
        discounts=tuple(DiscountView(one.code, one.goods_minor, one.delivery_minor) for one in order.discounts),
        authorized_minor=balance.authorized,
        voided_minor=balance.voided,
        captured_minor=balance.captured,
        refund_granted_minor=balance.granted,
        refunded_minor=balance.refunded,
        due_minor=due_of(order, standing),
    )


def _parcels(standing: Standing, tracking: Mapping[str, str]) -> Iterable[ParcelView]:
    for parcel_id, parcel in standing.units.parcels.items():
        yield ParcelView(
            id=parcel_id,
            location=parcel.location,
            state=parcel.progress,
            units=_units(parcel.units),
            tracking_number=tracking.get(parcel_id),
            delivered_at=from_ms(parcel.delivered_at_ms) if parcel.delivered_at_ms else None,
        )


def _tracking(facts: Iterable[f.Fact]) -> dict[str, str]:
    return {fact.parcel_id: fact.tracking_number for fact in facts if isinstance(fact, f.LabelBought)}


def _event(fact: f.Fact) -> Event:
    """A fact without what is nobody's affair, such as the token of a payment."""
    units = getattr(fact, "units", UNSET)
    return Event(
        at=fact.at,
        kind=kind_of(fact.kind),
        about=fact.cause,
        amount_minor=getattr(fact, "amount", UNSET),
        units=units if units is UNSET else _units(units),
        location=getattr(fact, "location", UNSET),
        reason=getattr(fact, "reason", UNSET),
        tracking_number=getattr(fact, "tracking_number", UNSET),
    )


def kind_of(name: str) -> str:
    """The kind of a fact as the API writes it: `OrderPlaced` is `order_placed`."""
    return _WORD.sub(r"_\1", name).lower()


_WORD = re.compile(r"(?<!^)([A-Z])")


def _notice(stored: Stored) -> NoticeView:
    notice = stored.notice
    return NoticeView(
        channel=notice.channel,
        recipient=notice.recipient,
        subject=notice.subject,
        text=notice.text,
        state=stored.state,
        tries=stored.tries,
        note=stored.note,
    )
