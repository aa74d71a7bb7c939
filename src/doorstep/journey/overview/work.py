"""What waits for a person: items decided from an order's records, each with its legal actions only. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from doorstep.access.model.permissions import Permission
from doorstep.jobs.model import Exhausted
from doorstep.journey.asking import QUESTION
from doorstep.journey.care.model import CASE, Case, Question
from doorstep.journey.confirmation.model import ACCEPTANCE, state_of
from doorstep.journey.fulfillment.model import FULFILLMENT_ORDER, FulfillmentOrder
from doorstep.journey.ledger.store import Headline, OpenStage
from doorstep.journey.order import total_of
from doorstep.journey.returns.model import RETURN, Return
from doorstep.journey.shipping.model import SHIPMENT, Shipment
from doorstep.journey.standing import OWNERS, Stage, Standing
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.kernel.ids import OrderId
from doorstep.kernel.states import StateTable
from doorstep.messages.model import NOTICE, Stored

_P = Permission


class WorkKind(StrEnum):
    """What kind of thing waits."""

    HOLD = "hold"
    CASE = "case"
    QUESTION = "question"
    PICK = "pick"
    PACK = "pack"
    HAND_OVER = "hand_over"
    RETURN = "return"
    NOTICE = "notice"
    JOB = "job"
    LATE = "late"


class Action(Struct, frozen=True):
    """What can be done about an item: the permission it needs, and the event of the state table that it is.

    A job has no state table: one that is exhausted can be tried again or given up.
    """

    permission: Permission
    table: StateTable[Any] | None = None
    event: str = ""

    def is_legal(self, state: StrEnum) -> bool:
        """Whether the state table has it."""
        return self.table is None or self.table.allows(state, self.event)


ACTIONS: Mapping[str, Action] = {
    "hold.release": Action(_P.HOLDS_DECIDE, ACCEPTANCE, "confirm"),
    "hold.reject": Action(_P.HOLDS_DECIDE, ACCEPTANCE, "reject"),
    "case.take": Action(_P.CASES_WORK, CASE, "assign"),
    "case.resolve": Action(_P.CASES_WORK, CASE, "resolve"),
    "question.answer": Action(_P.CASES_WORK, QUESTION, "answer"),
    "pick.report": Action(_P.PICKS_REPORT, FULFILLMENT_ORDER, "pick"),
    "pack.report": Action(_P.PARCELS_REPORT, FULFILLMENT_ORDER, "pack"),
    "parcel.hand_over": Action(_P.PARCELS_REPORT, SHIPMENT, "hand_over"),
    "return.approve": Action(_P.RETURNS_DECIDE, RETURN, "approve"),
    "return.decline": Action(_P.RETURNS_DECIDE, RETURN, "decline"),
    "return.receive": Action(_P.RETURNS_RECEIVE, RETURN, "receive"),
    "return.inspect": Action(_P.RETURNS_RECEIVE, RETURN, "inspect"),
    "notice.send_again": Action(_P.CASES_WORK, NOTICE, "send_again"),
    "job.retry": Action(_P.JOBS_DECIDE),
    "job.give_up": Action(_P.JOBS_DECIDE),
}
"""Every action by its name, and the permission that it needs."""

_PICKED_STAGES = frozenset({Stage.PICKING, Stage.PACKING, Stage.SHIPPING, Stage.RETURNING, Stage.TROUBLE})
STAGES: Mapping[WorkKind, frozenset[Stage]] = {
    WorkKind.HOLD: frozenset({Stage.HELD}),
    WorkKind.PICK: _PICKED_STAGES,
    WorkKind.PACK: _PICKED_STAGES,
    WorkKind.HAND_OVER: _PICKED_STAGES,
    WorkKind.RETURN: frozenset({Stage.RETURNING, Stage.TROUBLE}),
}
"""The stages of the orders in which each kind is found; anything that is late may be in any stage."""

_COUNTED = {
    WorkKind.HOLD: Stage.HELD,
    WorkKind.PICK: Stage.PICKING,
    WorkKind.PACK: Stage.PACKING,
    WorkKind.HAND_OVER: Stage.SHIPPING,
    WorkKind.RETURN: Stage.RETURNING,
}


class WorkQuery(Struct, frozen=True, kw_only=True):
    """Which items are asked for: of some kinds (none: all), at a location, after a cursor."""

    kinds: tuple[WorkKind, ...] = ()
    location: str = ""
    most: int = 50
    after: str = ""


class Item(Struct, frozen=True, kw_only=True):
    """Something that waits. `subject` is the record's id, `note` what is to be known in the record's own words, `who`
    has taken it; `minutes_left` is negative when a promise is broken already.
    """

    kind: WorkKind
    order_id: OrderId
    number: str
    subject: str
    due_at: datetime
    minutes_left: int
    state: str
    location: str = ""
    note: str = ""
    units: int = 0
    who: str = ""
    actions: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it stands in the list."""
        return to_ms(self.due_at), self.order_id, self.kind.value, self.subject


class WorkPage(Struct, frozen=True):
    """The most urgent items, where to go on (None: these are all), and about how many there are of each kind: of what
    is done with goods it is the orders in the stage for it.
    """

    items: tuple[Item, ...]
    next_cursor: str | None
    counts: Mapping[WorkKind, int]


class Waiting(Struct, frozen=True, kw_only=True):
    """An open order and those of its records that are not finished."""

    headline: Headline
    standing: Standing
    fulfillments: tuple[FulfillmentOrder, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()


def items_of(order: Waiting, now: datetime) -> list[Item]:
    """All that waits for a person at an order, its cases and questions apart; that it is late, when nobody acts."""
    items = [*_hold(order, now), *_fulfillments(order, now), *_parcels(order, now), *_returns(order, now)]
    if not items and order.headline.due_at_ms < to_ms(now) and not order.standing.deadlines:
        stage = order.standing.stage
        items = [_item(order, WorkKind.LATE, now, subject=order.headline.order_id, state=stage, note=OWNERS[stage].who)]
    return items


def _hold(order: Waiting, now: datetime) -> Iterator[Item]:
    state = state_of(order.standing)
    if state == ACCEPTANCE.next(ACCEPTANCE.start, "hold"):
        actions = legal(("hold.release", "hold.reject"), state)
        note, subject = order.standing.held, order.headline.order_id
        yield _item(order, WorkKind.HOLD, now, subject=subject, state=state, note=note, actions=actions)


def _fulfillments(order: Waiting, now: datetime) -> Iterator[Item]:
    for one in order.fulfillments:
        promise = order.standing.units.promises[one.id]
        for kind, name, units in (
            (WorkKind.PICK, "pick.report", promise.to_pick),
            (WorkKind.PACK, "pack.report", promise.picked),
        ):
            if units and (actions := legal((name,), one.state)):
                told = {"subject": one.id, "state": one.state, "location": one.location, "actions": actions}
                yield _item(order, kind, now, units=total_of(units), **told)


def _parcels(order: Waiting, now: datetime) -> Iterator[Item]:
    for one in order.shipments:
        if actions := legal(("parcel.hand_over",), one.state):
            told = {"state": one.state, "location": one.location, "actions": actions}
            units = total_of(order.standing.units.parcels[one.parcel_id].units)
            note = f"{one.carrier} {one.tracking_number}".strip()
            yield _item(order, WorkKind.HAND_OVER, now, subject=one.parcel_id, units=units, note=note, **told)


def _returns(order: Waiting, now: datetime) -> Iterator[Item]:
    names = ("return.approve", "return.decline", "return.receive", "return.inspect")
    for one in order.returns:
        if actions := legal(names, one.state):
            told = {"subject": one.id, "state": one.state, "location": one.location, "actions": actions}
            yield _item(order, WorkKind.RETURN, now, units=total_of(one.units), **told)


def case_item(case: Case, number: str, now: datetime) -> Item:
    """A case that is not resolved."""
    return Item(
        kind=WorkKind.CASE,
        order_id=case.order_id,
        number=number,
        subject=case.id,
        due_at=case.deadline,
        minutes_left=minutes_left(case.deadline, now),
        state=case.state,
        note=case.reason,
        who=case.assignee,
        actions=legal(("case.take", "case.resolve"), case.state),
    )


def question_item(question: Question, number: str, now: datetime) -> Item:
    """A question that the customer has not answered; it can be answered for them."""
    return Item(
        kind=WorkKind.QUESTION,
        order_id=question.order_id,
        number=number,
        subject=question.id,
        due_at=question.deadline,
        minutes_left=minutes_left(question.deadline, now),
        state=question.state,
        note=", ".join(question.options),
        actions=legal(("question.answer",), question.state),
    )


def notice_item(stored: Stored, at: datetime, now: datetime) -> Item:
    """A notice of which nobody knows whether it was sent."""
    return Item(
        kind=WorkKind.NOTICE,
        order_id=OrderId(stored.notice.order_id),
        number=stored.notice.order_number,
        subject=stored.notice.key,
        due_at=at,
        minutes_left=minutes_left(at, now),
        state=stored.state,
        note=stored.notice.subject,
        actions=legal(("notice.send_again",), stored.state),
    )


def job_item(job: Exhausted, number: str, now: datetime) -> Item:
    """A job that was tried too often."""
    at = from_ms(job.due_at_ms)
    return Item(
        kind=WorkKind.JOB,
        order_id=OrderId(job.about),
        number=number,
        subject=job.key,
        due_at=at,
        minutes_left=minutes_left(at, now),
        state="exhausted",
        note=f"{job.kind}: {job.error}"[:200],
        actions=("job.retry", "job.give_up"),
    )


def counts(stages: Mapping[Stage, OpenStage], others: Mapping[WorkKind, int]) -> dict[WorkKind, int]:
    """About how many items there are of each kind."""
    by_stage = {kind: stages[stage].orders if stage in stages else 0 for kind, stage in _COUNTED.items()}
    staffed = frozenset().union(*STAGES.values())
    late = sum(found.late for stage, found in stages.items() if stage not in staffed)
    return {kind: ({**by_stage, **others, WorkKind.LATE: late})[kind] for kind in WorkKind}


def legal(names: Iterable[str], state: StrEnum) -> tuple[str, ...]:
    """Those of some actions that are legal in a state."""
    return tuple(name for name in names if ACTIONS[name].is_legal(state))


def minutes_left(due_at: datetime, now: datetime) -> int:
    """Whole minutes until a moment, negative after it."""
    return (to_ms(due_at) - to_ms(now)) // 60_000


def open_ids(standing: Standing) -> tuple[list[str], list[str], list[str]]:
    """The ids of an order's fulfillment orders, parcels and returns that may wait for somebody."""
    units = standing.units
    fulfillments = [i for i, one in units.promises.items() if one.released and (one.to_pick or one.picked)]
    parcels = [i for i, parcel in units.parcels.items() if parcel.progress == "packed"]
    return fulfillments, parcels, list(units.returns) if standing.stage in STAGES[WorkKind.RETURN] else []


def _item(order: Waiting, kind: WorkKind, now: datetime, **told: Any) -> Item:
    line, due_at = order.headline, from_ms(order.headline.due_at_ms)
    left = minutes_left(due_at, now)
    return Item(kind=kind, order_id=line.order_id, number=line.number, due_at=due_at, minutes_left=left, **told)
