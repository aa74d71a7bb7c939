"""The reading side: one order across all stages, lists, the story of its facts, the board."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from doorstep.journey import standing as fold
from doorstep.journey.facts import Fact, PaymentActionRequired, PaymentDeclined
from doorstep.journey.ledger import store
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.order import Order
from doorstep.journey.standing import ENDS, OWNERS, Stage, Standing
from doorstep.kernel.clock import from_ms
from doorstep.kernel.errors import Missing
from doorstep.kernel.ids import OrderId
from doorstep.messages import store as messages
from doorstep.messages.model import Stored
from doorstep.plan.records import Plan
from doorstep.storage.transaction import Tx

_LAST = "ord_~"


class Story(Struct, frozen=True):
    """One order: what was agreed, how it stands, everything that happened, what was said."""

    order: Order
    standing: Standing
    facts: tuple[Fact, ...]
    notices: tuple[Stored, ...]
    owner: str
    deadline: datetime | None


class Column(Struct, frozen=True):
    """A column of the board: a stage, how many orders are in it, and since when the longest is."""

    stage: Stage
    orders: int
    oldest_since: datetime | None


class Happened(Struct, frozen=True):
    """A fact as whoever watches an order is told of it: its number, what kind it is, when it was."""

    number: int
    kind: str
    at: datetime


class PaymentStep(Struct, frozen=True, kw_only=True):
    """How the payment of an order stands, as far as it is its shopper's affair.

    When the state is `declined` there is a reason; when it is `action_required` the shopper must go to `action_url`.
    """

    state: str
    attempts: int
    reason: str | None = None
    action_url: str | None = None


class Overview:
    """Reads; it changes nothing."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def story(self, tx: Tx, name: str) -> Story:
        """One order, by its id or its public number."""
        order_id = await self._id_of(tx, name)
        order = (await self._ledger.orders(tx, [order_id])).get(order_id)
        if order is None:
            raise Missing("no_such_order", f"There is no order {name}.")
        standing = (await store.standings(tx, [order_id]))[order_id]
        told = (await store.load_facts(tx, [order_id])).get(order_id, [])
        said = await messages.of_order(tx, order_id)
        plan = self._ledger.plans[order.plan_version]
        return Story(
            order=order,
            standing=standing,
            facts=tuple(fact for _, fact in told),
            notices=tuple(said),
            owner=owner_of(standing),
            deadline=deadline_of(standing, plan),
        )

    async def number(self, tx: Tx, name: str) -> tuple[OrderId, int]:
        """The id of an order, by its id or its public number, and the number of its latest fact."""
        order_id = await self._id_of(tx, name)
        standing = (await store.standings(tx, [order_id])).get(order_id)
        if standing is None:
            raise Missing("no_such_order", f"There is no order {name}.")
        return order_id, standing.seq

    async def since(self, tx: Tx, order_id: OrderId, after: int) -> list[Happened]:
        """What happened to an order after the fact of a number."""
        found = await store.facts_since(tx, order_id, after)
        return [Happened(number, kind, from_ms(at_ms)) for number, kind, at_ms in found]

    async def newest(self, tx: Tx, *, before: str = "", most: int = 50, stage: str = "") -> list[store.Headline]:
        """Orders from the newest to the oldest, before a given id."""
        return await store.newest(tx, before or _LAST, most, stage)

    async def payment(self, tx: Tx, order_id: OrderId) -> PaymentStep:
        """How the payment of an order that exists stands."""
        standing = (await store.standings(tx, [order_id]))[order_id]
        if standing.balance.state not in ("declined", "action_required"):
            return _step(standing, ())
        told = (await store.load_facts(tx, [order_id]))[order_id]
        return _step(standing, [fact for _, fact in told])

    async def _id_of(self, tx: Tx, name: str) -> OrderId:
        order_id = OrderId(name)
        if name.startswith("ord_"):
            return order_id
        return (await store.ids_by_number(tx, [name])).get(name, order_id)

    async def board(self, tx: Tx) -> list[Column]:
        """Every stage in the order of the journey, with what is in it."""
        found = await store.stages(tx)
        return [_column(stage, found.get(stage)) for stage in Stage]


def _column(stage: Stage, found: tuple[int, int] | None) -> Column:
    if found is None:
        return Column(stage, 0, None)
    return Column(stage, found[0], from_ms(found[1]))


def _step(standing: Standing, facts: Sequence[Fact]) -> PaymentStep:
    balance = standing.balance
    if balance.state == "declined":
        declined = [fact.reason for fact in facts if isinstance(fact, PaymentDeclined)]
        return PaymentStep(state=balance.state, attempts=balance.attempts, reason=declined[-1])
    if balance.state == "action_required":
        urls = [fact.action_url for fact in facts if isinstance(fact, PaymentActionRequired)]
        return PaymentStep(state=balance.state, attempts=balance.attempts, action_url=urls[-1])
    return PaymentStep(state=balance.state, attempts=balance.attempts)


def due_of(order: Order, standing: Standing) -> int:
    """What is still to be paid for an order: its total less what was canceled and what was taken."""
    units = standing.units
    if standing.ended or units.total("canceled") == units.total("ordered"):
        return 0
    pairs = zip(order.lines, units.lines, strict=True)
    canceled = sum(line.value(line.quantity - count.canceled, count.canceled) for line, count in pairs)
    return max(0, order.total_minor - canceled - standing.balance.captured)


def owner_of(standing: Standing) -> str:
    """Who moves an order on; nobody when it has ended."""
    return "" if standing.stage in ENDS else OWNERS[standing.stage].who


def deadline_of(standing: Standing, plan: Plan) -> datetime | None:
    """By when an order should have moved on, as its plan promises; None when it has ended."""
    if standing.stage in ENDS:
        return None
    name = OWNERS[standing.stage].promise
    unit = name.rsplit("_", 1)[1]
    return from_ms(standing.since_ms) + timedelta(**{unit: getattr(plan.promises, name)})


def refold(order: Order, facts: Sequence[tuple[int, Fact]]) -> Standing:
    """How an order stands, made again from its facts alone."""
    standing = fold.start(order)
    for seq, fact in facts:
        fold.apply(standing, fact, seq)
    return standing
