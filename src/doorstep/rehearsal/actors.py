"""Actors who do what people would: pick, pack, hand parcels over, receive what comes back and look at it.

Their work follows from facts like any other, at the times that the facts name, through the flows that people's reports
go through.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace as with_changes
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.app import Cast
from doorstep.jobs.model import FlowKind, Kind, NewJob, Task
from doorstep.jobs.queue import Queue
from doorstep.journey import facts as f
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Follow
from doorstep.journey.numbers.flow import LOOK
from doorstep.journey.order import Counts
from doorstep.journey.returns.model import InspectionReport, Reception, ReturnRequest
from doorstep.journey.route import Stages
from doorstep.journey.shipping.model import HandOver
from doorstep.kernel.clock import to_ms
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId
from doorstep.storage.transaction import Tx

SEND_BACK = "rehearsal.send_back"
_TRY_AGAIN = timedelta(days=1)
_TRIES_MAX = 60
_encode = msgspec.json.Encoder().encode


class Work(Struct, frozen=True):
    """What a fact leaves an actor to do."""

    order_id: OrderId
    fulfillment_id: str = ""
    parcel_id: str = ""
    return_id: str = ""


class SendBack(Struct, frozen=True):
    """A customer who wants to send units back as soon as they have arrived."""

    order_id: OrderId
    return_id: str
    units: Counts
    reason: str
    tries: int = 0


FOLLOWS: Mapping[type[f.Fact], tuple[Follow, ...]] = {
    f.FulfillmentReleased: (Follow("rehearsal.pick", due="pick_at"),),
    f.UnitsPicked: (Follow("rehearsal.pack", due="pack_at"),),
    f.LabelBought: (Follow("rehearsal.hand_over", due="collect_at"),),
    f.ReturnAuthorized: (Follow("rehearsal.receive", due="expected_at"),),
    f.UnitsReceived: (Follow("rehearsal.inspect", due="inspect_at"),),
}


class Actors:
    """People of a store who never tire and never err."""

    def __init__(self, stages: Stages, queue: Queue) -> None:
        self._stages = stages
        self._queue = queue

    async def pick(self, tx: Tx, tasks: Sequence[Task[Work]]) -> None:
        """Pick everything."""
        reports = [PickReport(task.body.order_id, task.body.fulfillment_id, task.at) for task in tasks]
        await self._stages.fulfillment.report_picks(tx, reports)

    async def pack(self, tx: Tx, tasks: Sequence[Task[Work]]) -> None:
        """Pack everything that was picked."""
        reports = [PackReport(task.body.order_id, task.body.fulfillment_id, task.at) for task in tasks]
        await self._stages.fulfillment.report_packed(tx, reports)

    async def hand_over(self, tx: Tx, tasks: Sequence[Task[Work]]) -> None:
        """Give every labeled parcel to the courier."""
        reports = [HandOver(task.body.order_id, task.body.parcel_id, task.at) for task in tasks]
        await self._stages.shipping.hand_over(tx, reports)

    async def receive(self, tx: Tx, tasks: Sequence[Task[Work]]) -> None:
        """Receive all that was announced."""
        await self._stages.returns.receive(
            tx, [Reception(task.body.order_id, task.body.return_id, task.at) for task in tasks]
        )

    async def inspect(self, tx: Tx, tasks: Sequence[Task[Work]]) -> None:
        """Find everything as good as new."""
        reports = [InspectionReport(task.body.order_id, task.body.return_id, task.at) for task in tasks]
        await self._stages.returns.inspect(tx, reports)

    async def send_back(self, tx: Tx, tasks: Sequence[Task[SendBack]]) -> None:
        """Ask for returns; where the goods have not arrived yet, ask again the next day."""
        wishes = [ReturnRequest(t.body.order_id, t.body.return_id, t.body.units, t.at, t.body.reason) for t in tasks]
        answers = await self._stages.returns.request(tx, wishes)
        again = [
            later(task.body, task.at + _TRY_AGAIN)
            for task, answer in zip(tasks, answers, strict=True)
            if isinstance(answer, DoorstepError) and answer.code == "not_returnable" and task.body.tries < _TRIES_MAX
        ]
        await self._queue.enqueue(tx, again)


def later(wish: SendBack, due: datetime) -> NewJob:
    """A wish to send back, tried once more at the given time."""
    tried = replace(wish, tries=wish.tries + 1)
    key = f"{SEND_BACK}:{wish.return_id}:{tried.tries}"
    return NewJob(SEND_BACK, key, _encode(tried).decode(), to_ms(due), wish.order_id)


def kinds(stages: Stages, queue: Queue) -> tuple[Kind, ...]:
    """What the actors do, as kinds of jobs."""
    actors = Actors(stages, queue)
    work: tuple[tuple[str, Callable[..., Any]], ...] = (
        ("rehearsal.pick", actors.pick),
        ("rehearsal.pack", actors.pack),
        ("rehearsal.hand_over", actors.hand_over),
        ("rehearsal.receive", actors.receive),
        ("rehearsal.inspect", actors.inspect),
    )
    return (
        *(FlowKind(name=name, body=Work, run=run) for name, run in work),
        FlowKind(name=SEND_BACK, body=SendBack, run=actors.send_back),
    )


CAST = Cast(FOLLOWS, kinds)
"""The actors' part of the route."""
REHEARSED = Cast(FOLLOWS, kinds, frozenset({LOOK}))
"""The same where a year passes in minutes: its days are counted once, when the store is opened afterwards."""


def sparing(skus: Collection[str], idle: frozenset[str] = frozenset()) -> Cast:
    """Actors who leave orders of some items alone: somebody else works on those."""
    return Cast(FOLLOWS, lambda stages, queue: [_sparing(kind, skus) for kind in kinds(stages, queue)], idle)


def _sparing(kind: Kind, skus: Collection[str]) -> Kind:
    if not isinstance(kind, FlowKind):
        return kind

    async def run(tx: Tx, tasks: Sequence[Task[Any]]) -> None:
        orders = await ledger.load_orders(tx, {task.body.order_id for task in tasks})
        spared = {order_id for order_id, order in orders.items() if any(line.sku in skus for line in order.lines)}
        if mine := [task for task in tasks if task.body.order_id not in spared]:
            await kind.run(tx, mine)

    return with_changes(kind, run=run)
