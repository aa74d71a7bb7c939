"""One order as it is read: how it stands, whose turn it is, by when, and the records of all stages. Pure."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.jobs.model import Outstanding
from doorstep.journey import standing as fold
from doorstep.journey.care.model import Case, Note, Question
from doorstep.journey.facts import Fact, PaymentActionRequired, PaymentDeclined
from doorstep.journey.fulfillment.model import FulfillmentOrder
from doorstep.journey.order import Order
from doorstep.journey.payment.model import MoneyCall, Payment
from doorstep.journey.placement.model.amending.records import OrderChange
from doorstep.journey.returns.model import Return
from doorstep.journey.shipping.model import Shipment
from doorstep.journey.standing import ENDS, OWNERS, Standing
from doorstep.kernel.clock import from_ms
from doorstep.messages.model import Stored
from doorstep.plan.records import Plan
from doorstep.stock.model.balances import Movement


class Story(Struct, frozen=True):
    """One order: what was agreed, how it stands, everything that happened, what was said."""

    order: Order
    standing: Standing
    facts: tuple[Fact, ...]
    notices: tuple[Stored, ...]
    owner: str
    deadline: datetime | None


class Seen(Struct, frozen=True):
    """What a carrier saw of a parcel."""

    parcel_id: str
    event_id: str
    at: datetime
    status: str
    place: str


class Happened(Struct, frozen=True):
    """A fact as whoever watches an order is told of it: its number, what kind it is, when it was."""

    number: int
    kind: str
    at: datetime


class Records(Struct, frozen=True, kw_only=True):
    """What the stages keep about one order, each in the order in which it came to be."""

    plan: Plan
    fulfillments: tuple[FulfillmentOrder, ...]
    shipments: tuple[Shipment, ...]
    tracking: tuple[Seen, ...]
    returns: tuple[Return, ...]
    cases: tuple[Case, ...]
    questions: tuple[Question, ...]
    payments: tuple[Payment, ...]
    calls: tuple[MoneyCall, ...]
    movements: tuple[Movement, ...]
    jobs: tuple[Outstanding, ...]
    notes: tuple[Note, ...]
    changes: tuple[OrderChange, ...]


class PaymentStep(Struct, frozen=True, kw_only=True):
    """How the payment of an order stands, as far as it is its shopper's affair.

    When the state is `declined` there is a reason; when it is `action_required` the shopper must go to `action_url`.
    """

    state: str
    attempts: int
    reason: str | None = None
    action_url: str | None = None


def payment_step(standing: Standing, facts: Sequence[Fact]) -> PaymentStep:
    """The payment's state, with what the latest facts say about it."""
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
    """By when an order should have moved on, as its plan promises or a hold, case or question says; None when it has
    ended.
    """
    due = fold.due_ms(standing, plan)
    return from_ms(due) if due else None


def refold(order: Order, facts: Sequence[tuple[int, Fact]]) -> Standing:
    """How an order stands, made again from its facts alone."""
    standing = fold.start(order)
    for seq, fact in facts:
        fold.apply(standing, fact, seq)
    return standing


def causes_of(order: Order, facts: Sequence[Fact]) -> set[str]:
    """What the order's stock movements name as their causes: the order itself, and what its facts are about."""
    names = ("fulfillment_id", "pick_id", "request_id", "return_id", "change_id")
    found = {getattr(fact, name, "") for fact in facts for name in names}
    return (found | {order.id}) - {""}


def ids_in(facts: Sequence[Fact], name: str) -> list[str]:
    """The ids of a kind that facts name, each once, in order."""
    return [found for found in dict.fromkeys(getattr(fact, name, "") for fact in facts) if found]
