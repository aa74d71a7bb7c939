"""The orders of the demo's corner shop, placed and brought on their way through the real engine at past moments."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct

from doorstep.access.model.actor import Actor
from doorstep.access.model.permissions import Role
from doorstep.app import App
from doorstep.catalog import store as catalog
from doorstep.desk import bodies as b
from doorstep.desk.model import Said, Wish
from doorstep.desk.table import ACTS
from doorstep.journey.ledger import store as ledger
from doorstep.journey.order import Buyer
from doorstep.journey.overview.story import Records, Story
from doorstep.journey.placement.model.checkout import Complete, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.errors import DoorstepError
from doorstep.rehearsal.script import checkout_id
from doorstep.rehearsal.shoppers import ITEMS, ON_HAND, SHOPPERS, Shopper, Step
from doorstep.stock.model.sourcing import Moved, Source

SINCE = timedelta(days=21)
"""How long ago the first of it begins."""
LAST_TURN = timedelta(minutes=1)
"""How long it takes until every schedule had its turn, and what is over has lapsed."""
SHOP = "shop"
Crew = Mapping[Role, Actor]

_WHO = {"pick.report": Role.PICKER, "pack.report": Role.PACKER, "parcel.hand_over": Role.PACKER}
_WHO |= {"return.receive": Role.PACKER, "return.inspect": Role.PACKER}


class _Moment(Struct, frozen=True):
    """Something that happens: an order is placed, or with a step something is done about it."""

    at: datetime
    shopper: Shopper
    step: Step | None = None


def _returned(story: Story) -> str:
    return next(iter(story.standing.units.returns))


def _units(story: Story) -> tuple[b.Units, ...]:
    return tuple(b.Units(position, count) for position, count in story.order.all_units)


_SAYS: Mapping[str, Callable[[Story, Records, str], Said]] = {
    "order.note": lambda _story, _records, words: b.NoteBody(text=words),
    "order.cancel": lambda _story, _records, words: b.Cancellation(reason=words),
    "hold.reject": lambda _story, _records, words: b.OnlyReason(reason=words),
    "pick.report": lambda _story, records, _words: b.PickBody(fulfillment_id=records.fulfillments[0].id),
    "pack.report": lambda _story, records, _words: b.PackBody(fulfillment_id=records.fulfillments[0].id),
    "parcel.hand_over": lambda _story, records, _words: b.HandOverBody(parcel_id=records.shipments[0].parcel_id),
    "return.request": lambda story, _records, words: b.ReturnBody(units=_units(story), reason=words),
    "return.approve": lambda story, _records, _words: b.ReturnId(return_id=_returned(story)),
    "return.receive": lambda story, _records, _words: b.ReceptionBody(return_id=_returned(story)),
    "return.inspect": lambda story, _records, words: b.InspectionBody(return_id=_returned(story), reason=words),
    "question.answer": lambda _story, records, words: b.AnswerBody(question_id=records.questions[0].id, choice=words),
}
"""What is said with each act, from how the order stands."""


class Visits:
    """All of it, once, in a program that was opened with a simulated clock. What was done before stays as it is."""

    def __init__(self, app: App, clock: SimulatedClock, crew: Crew) -> None:
        self._app = app
        self._clock = clock
        self._crew = crew

    async def run(self, now: datetime) -> None:
        """Everything up to a moment, in the order in which it happened."""
        await self._app.worker.start()
        await self._fill_shelves(now - SINCE)
        for moment in sorted(_moments(now), key=lambda one: one.at):
            await self._until(moment.at)
            with suppress(DoorstepError):  # done by a run that was interrupted
                await (self._act(moment.shopper, moment.step) if moment.step else self._place(moment.shopper))
        await self._until(now + LAST_TURN)
        await self._app.worker.leave()

    async def _until(self, at: datetime) -> None:
        self._clock.advance_to(at)
        await self._app.worker.drain()

    async def _fill_shelves(self, at: datetime) -> None:
        sources = tuple(Source(SHOP, 0, sku, count) for sku, count in ON_HAND.items())
        async with self._app.database.begin() as tx:
            await catalog.put(tx, ITEMS)
            await self._app.shelf.receive(tx, [Moved("demo-shop", at, sources)])

    async def _place(self, shopper: Shopper) -> None:
        plan, at = self._app.plans.in_force, self._clock.now()
        wishes = Wishes(
            lines=tuple(LineWish(sku, count) for sku, count in shopper.cart),
            buyer=Buyer(shopper.email, shopper.name),
            address=shopper.address,
            service=plan.shipping.services[0].id,
            method=plan.payment.methods[0].id,
            reference=shopper.reference,
        )
        async with self._app.database.read() as tx:
            if await ledger.ids_by_reference(tx, [shopper.reference]):
                return
        lanes = self._app.lanes
        checkout = await lanes.create.ask(Create(checkout_id(shopper.reference, at), at, wishes))
        total = checkout.totals.total
        await lanes.complete.ask(Complete(checkout.id, at, shopper.reference, total, shopper.pays))

    async def _act(self, shopper: Shopper, step: Step) -> None:
        async with self._app.database.read() as tx:
            order_id = (await ledger.ids_by_reference(tx, [shopper.reference]))[shopper.reference]
            story = await self._app.overview.story(tx, order_id)
            records = await self._app.overview.records(tx, story)
        actor = self._crew[_WHO.get(step.act, Role.CARE)]
        wish = Wish(actor=actor, body=_SAYS[step.act](story, records, step.words), order=order_id)
        await self._app.desk.ask(ACTS[step.act], wish)


def _moments(now: datetime) -> Iterator[_Moment]:
    for shopper in SHOPPERS:
        yield _Moment(now - timedelta(hours=shopper.hours_ago), shopper)
        for step in shopper.steps:
            yield _Moment(now - timedelta(hours=step.hours_ago), shopper, step)
