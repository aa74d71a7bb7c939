"""Lists of orders: what is asked for, which order answers it, what a row shows. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from doorstep.journey.ledger.store import Headline
from doorstep.journey.order import Order
from doorstep.journey.standing import ENDS, OWNERS, Stage
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import OrderId

SCANNED_MAX = 2_000
OPEN = tuple(stage for stage in Stage if stage not in ENDS)


class Sorting(StrEnum):
    """In which order a list comes."""

    NEWEST = "newest"
    DUE = "due"


class OrderQuery(Struct, frozen=True, kw_only=True):
    """What is asked for; what is left empty asks for nothing. All that is given must hold.

    `text` searches (see `journey/search`). Sorted by what is due soonest, only orders that have not ended are listed.
    `placed_from` is the first moment, `placed_to` the first that is too late.
    """

    text: str = ""
    stages: tuple[Stage, ...] = ()
    payments: tuple[str, ...] = ()
    placed_from: datetime | None = None
    placed_to: datetime | None = None
    late: bool = False
    owner: str = ""
    sorting: Sorting = Sorting.NEWEST
    most: int = 50
    after: str = ""


class Row(Struct, frozen=True, kw_only=True):
    """An order in a list. `due_at` is None when it has ended."""

    order_id: OrderId
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


class RowPage(Struct, frozen=True):
    """A page. `next_cursor` asks for what comes after it; None on the last. A page with a next one may be short, even
    empty, when few of the orders that were looked at were asked for.
    """

    rows: tuple[Row, ...]
    next_cursor: str | None


def stages_of(query: OrderQuery) -> tuple[Stage, ...]:
    """The stages whose orders can answer a query."""
    wanted: Sequence[Stage] = query.stages or tuple(Stage)
    if query.late or query.owner or query.sorting is Sorting.DUE:
        wanted = [stage for stage in wanted if stage in OPEN]
    if query.owner:
        wanted = [stage for stage in wanted if OWNERS[stage].who == query.owner]
    return tuple(stage for stage in Stage if stage in wanted)


def asked_for(query: OrderQuery, found: Iterable[Headline], now: datetime) -> list[Headline]:
    """Those of some orders that are asked for, apart from the text."""
    stages = frozenset(stages_of(query))
    return [headline for headline in found if headline.stage in stages and _matches(query, headline, now)]


def _matches(query: OrderQuery, headline: Headline, now: datetime) -> bool:
    return (
        (not query.payments or headline.payment in query.payments)
        and (query.placed_from is None or headline.placed_at_ms >= to_ms(query.placed_from))
        and (query.placed_to is None or headline.placed_at_ms < to_ms(query.placed_to))
        and (not query.late or is_late(headline, now))
    )


def is_late(headline: Headline, now: datetime) -> bool:
    """Whether an order should have moved on by now."""
    return 0 < headline.due_at_ms < to_ms(now)


def rows_of(found: Iterable[Headline], orders: dict[OrderId, Order], now: datetime) -> tuple[Row, ...]:
    """Rows as lists show them."""
    return tuple(_row(headline, orders[headline.order_id], late=is_late(headline, now)) for headline in found)


def _row(headline: Headline, order: Order, *, late: bool) -> Row:
    return Row(
        order_id=order.id,
        number=order.number,
        placed_at=order.placed_at,
        stage=headline.stage,
        since=from_ms(headline.since_ms),
        due_at=from_ms(headline.due_at_ms) if headline.due_at_ms else None,
        late=late,
        payment=headline.payment,
        buyer=order.buyer.name or order.buyer.email,
        country=order.address.country,
        total_minor=order.total_minor,
        currency=order.currency,
        units=sum(line.quantity for line in order.lines),
        service=order.service,
    )
