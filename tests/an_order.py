"""A small store that really works, and an order that is driven through it by the flows themselves.

    async with open_store(url) as store:
        order = await an_order(store, TEA=3).shipped()

Time is a value: a builder's step moves the store's clock to when the step is due, and lets the worker do what is due.
Each step first takes those before it that are still to be taken.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from doorstep.access.flow.access import Access
from doorstep.access.model.order_link import SECRET_NAME
from doorstep.app import App, Outside, build
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.jobs import store as jobs
from doorstep.journey import facts as f
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.ledger import store as ledger
from doorstep.journey.order import Address, Buyer, Counts, Order, common, counted, less
from doorstep.journey.overview.story import Story
from doorstep.journey.placement.model.checkout import Checkout, Complete, Create
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.journey.returns.model import CancelRequest, InspectionReport, Reception, ReturnRequest
from doorstep.journey.shipping.model import HandOver
from doorstep.journey.standing import Stage, Standing
from doorstep.journey.units import PromiseUnits
from doorstep.journey.verify import verify
from doorstep.kernel.clock import SimulatedClock, to_ms
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import CheckoutId, OrderId, child, id_from, order_of
from doorstep.messages.model import Stored
from doorstep.plan.load import load_plan
from doorstep.plan.records import CaptureWhen, HoldFrom, Plan, ShortAction
from doorstep.plug.carrier import LabelOutcome, LabelRequest, TrackingEvent, TrackingQuestion
from doorstep.plug.loader import Providers
from doorstep.plug.notification import Message, NotificationProvider, SendOutcome, SendVerdict
from doorstep.plug.payment import PaymentAct
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.stock import store as stock
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.database import Database, Probe
from doorstep.storage.migrations.migrate import migrate

OPENING = datetime(2024, 5, 7, 10, tzinfo=UTC)  # a Tuesday on which everybody works
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
T = TypeVar("T")

HEAD = """\
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
support_email = "care@tea.example"
[locations.north]
[locations.south]
[placement]
deliveries_max = 2
[payment.methods.card]
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
"""
SERVICE = """\
[shipping.services.{name}]
carrier = "sandbox-carrier"
[shipping.services.{name}.rates.home]
price = "4.95"
transit_days = 2
"""
FATES = ("standard", "refuse", "timeout", "timeout-lost", "lose", "return")
PLAN = load_plan(HEAD + "".join(SERVICE.format(name=name) for name in FATES), "plan.toml")
"""Two locations, at most two deliveries an order. The services are named after what the carrier does with a parcel."""

ITEMS = (Item("TEA", "Tea", 1099, 125), Item("POT", "Pot", 3333, 900), Item("CUP", "Cup", 700, 300))
SHELVES = (
    Source("north", 0, "TEA", 50),
    Source("south", 0, "TEA", 50),
    Source("north", 0, "POT", 20),
    Source("south", 0, "CUP", 40),
)
"""Tea is at both locations, pots are in the north only and cups in the south only."""

_HOME = Address("GB", "Ada Byron", "1 Mill Lane", "Ely", "CB7 4AA")


def a_plan(
    capture: str = "hand_over",
    when_short: str = "other_location",
    deliveries_max: int = 2,
    review_over: int | None = None,
    hold_from: str = "placement",
) -> Plan:
    """The plan with some of its settings changed."""
    return replace(
        PLAN,
        payment=replace(PLAN.payment, capture=CaptureWhen(capture), review_over=review_over),
        fulfillment=replace(PLAN.fulfillment, when_short=ShortAction(when_short)),
        placement=replace(PLAN.placement, deliveries_max=deliveries_max),
        stock=replace(PLAN.stock, hold_from=HoldFrom(hold_from)),
    )


class FatefulCarrier:
    """The sandbox carrier, which learns from the service of a parcel what is to become of it."""

    name = "sandbox-carrier"

    def __init__(self, journal: Path | None = None) -> None:
        self._carrier = SandboxCarrier(journal)

    async def buy_label(self, request: LabelRequest) -> LabelOutcome:
        return await self._carrier.buy_label(replace(request, instructions=request.service))

    async def track(self, question: TrackingQuestion) -> tuple[TrackingEvent, ...]:
        return await self._carrier.track(question)

    async def close(self) -> None:
        await self._carrier.close()

    def books(self) -> tuple[LabelRequest, ...]:
        return self._carrier.books()


@dataclass(frozen=True)
class Store:
    """A store in operation: one process, with its providers at hand."""

    app: App
    clock: SimulatedClock
    bank: SandboxPayments
    carrier: FatefulCarrier
    mail: KeptMessages

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def drain(self, later: timedelta = timedelta(0)) -> int:
        """Let time pass, and do all that is due by then."""
        self.clock.advance_to(self.now + later)
        return await self.app.worker.drain()

    async def ask(self, flow: Any, *requests: Any) -> Any:
        """What a flow answers to requests, in one transaction; of a single one the answer itself."""
        async with self.app.database.begin() as tx:
            answers = await flow(tx, requests)
        return answers[0] if answers and len(requests) == 1 else answers

    async def shelves(self) -> dict[str, tuple[int, int, int]]:
        """On hand, reserved and allocated, by item and location: `{"TEA north": (50, 0, 0)}`."""
        async with self.app.database.read() as tx:
            found = await stock.balances(tx)
        return {f"{one.sku} {one.location}": (one.on_hand, one.reserved, one.allocated) for one in found}

    async def broken(self) -> list[str]:
        """Every law that does not hold, and where the bank's books differ from the ledger's."""
        plan = self.app.plans.in_force
        verdict = await verify(self.app.database, self.app.ledger, lambda _count: None, backorder=plan.stock.backorder)
        moved = dict.fromkeys(PaymentAct, 0)
        for one in self.bank.books():
            moved[one.act] += one.amount
        pairs = {"authorized": PaymentAct.AUTHORIZE, "captured": PaymentAct.CAPTURE, "refunded": PaymentAct.REFUND}
        differ = [
            f"the bank {name} {moved[act]}, the ledger says {verdict.sums.money[name]}"
            for name, act in {**pairs, "voided": PaymentAct.VOID}.items()
            if moved[act] != verdict.sums.money[name]
        ]
        return verdict.broken + differ

    async def given_up(self) -> list[tuple[str, str, str]]:
        """Jobs that were given up: key, what they are about, and why."""
        async with self.app.database.read() as tx:
            return [(job.key, job.about, job.error) for job in await jobs.exhausted(tx, 100)]


@asynccontextmanager
async def open_store(
    url: str, plan: Plan = PLAN, *, books: Path | None = None, mail: NotificationProvider | None = None
) -> AsyncIterator[Store]:
    """A new store on an empty database; `books` is where the providers keep what they know."""
    await migrate(url)
    async with running(url, plan, books=books, mail=mail) as store:
        await stocked(store)
        yield store


@asynccontextmanager
async def running(
    url: str,
    plan: Plan = PLAN,
    *,
    books: Path | None = None,
    mail: NotificationProvider | None = None,
    probe: Probe = lambda _point: None,
) -> AsyncIterator[Store]:
    """A process of a store whose database is there already."""
    async with AsyncExitStack() as stack:
        database = Database(url, probe)
        await database.open()
        stack.push_async_callback(database.close)
        store = _store(plan, database, books, mail)
        stack.push_async_callback(store.app.providers.close)
        stack.push_async_callback(store.app.worker.leave)
        await store.app.worker.start()
        yield store


def _store(plan: Plan, database: Database, books: Path | None, mail: NotificationProvider | None) -> Store:
    clock = SimulatedClock(OPENING)
    bank = SandboxPayments(books / "payments.jsonl" if books else None)
    carrier = FatefulCarrier(books / "labels.jsonl" if books else None)
    kept = KeptMessages(books / "messages.jsonl" if books else None)
    providers = Providers({bank.name: bank}, {carrier.name: carrier}, {kept.name: mail or kept})
    return Store(build(plan, database, Outside(providers, clock, "https://tea.example")), clock, bank, carrier, kept)


async def stocked(store: Store) -> None:
    """The plan, the items, the goods and the secret of its links with which a store opens."""
    async with store.app.database.begin() as tx:
        await Access().secret_of(tx, SECRET_NAME)
        await store.app.plans.store(tx)
        await catalog.put(tx, ITEMS)
        await store.app.shelf.receive(tx, [Moved("opening", OPENING - DAY, SHELVES)])


def checkout_of(name: str) -> CheckoutId:
    """The checkout of a name, the same whenever it is asked for."""
    return CheckoutId(id_from("chk", to_ms(OPENING), int.from_bytes(name.encode()[:10], "big")))


@dataclass
class AnOrder:
    """An order on its way through a store."""

    store: Store
    cart: Mapping[str, int]
    name: str
    service: str = "standard"
    token: str = ""
    deliveries_max: int | None = None
    codes: tuple[str, ...] = ()
    email: str = "ada@example.org"
    _taken: set[str] = field(default_factory=set)

    @property
    def checkout_id(self) -> CheckoutId:
        return checkout_of(self.name)

    @property
    def id(self) -> OrderId:
        return order_of(self.checkout_id)

    @cached_property
    def skus(self) -> tuple[str, ...]:
        return tuple(self.cart)

    def units(self, **wanted: int) -> Counts:
        """Units of the order by their SKUs; all of them when none is named."""
        return counted((self.skus.index(sku) + 1, count) for sku, count in (wanted or self.cart).items())

    # what happens to it

    def wished(self) -> Create:
        """The request for its checkout."""
        wishes = Wishes(
            lines=tuple(LineWish(sku, count) for sku, count in self.cart.items()),
            buyer=Buyer(self.email, "Ada Byron"),
            codes=self.codes,
            address=_HOME,
            service=self.service,
            method="card",
            deliveries_max=self.deliveries_max,
            reference=self.name,
        )
        return Create(self.checkout_id, self.store.now, wishes)

    async def opened(self) -> Checkout:
        """The checkout, filled in."""
        checkout: Checkout = await self.store.ask(self.store.app.stages.placement.create, self.wished())
        return checkout

    async def completed(self, token: str, key: str = "first") -> Checkout | DoorstepError:
        """The answer to completing the checkout with its total."""
        async with self.store.app.database.read() as tx:
            checkout = (await self.store.app.stages.placement.read(tx, [self.checkout_id]))[self.checkout_id]
        wish = Complete(self.checkout_id, self.store.now, key, checkout.totals.total, token)
        answer: Checkout | DoorstepError = await self.store.ask(self.store.app.stages.placement.complete, wish)
        return answer

    async def placed(self) -> "AnOrder":
        """Bought, and nothing done about it yet."""
        if self._first("placed"):
            await self.opened()
            await self.completed(self.token)
        return self

    async def paid(self, token: str = "") -> "AnOrder":
        """The payment was asked for, and what follows at once was done."""
        self.token = token or self.token
        await self.placed()
        await self.store.drain()
        return self

    async def confirmed(self) -> "AnOrder":
        """Accepted, and its edit window not over yet."""
        await self.paid()
        await self._expect(f.OrderConfirmed)
        return self

    async def released(self) -> "AnOrder":
        """Given to its locations."""
        if self._first("released"):
            await self.confirmed()
            await self.store.drain(30 * MINUTE)
            await self._expect(f.FulfillmentReleased)
        return self

    async def picked(self, short: Mapping[str, int] | None = None) -> "AnOrder":
        """Everything was picked but what is short, which is missing at the first locations that are asked."""
        await self.released()
        missing = self.units(**short) if short else ()
        for fulfillment_id, promise in (await self.standing()).units.promises.items():
            here = common(missing, promise.to_pick)
            missing = less(missing, here)
            if promise.to_pick:
                await self.pick(fulfillment_id, here)
        await self.store.drain()
        return self

    async def packed(self, short: Mapping[str, int] | None = None) -> "AnOrder":
        """What was picked is in parcels, and these have labels if the carrier sold them."""
        if not any(promise.picked for promise in (await self._promises())) and self._first("packed"):
            await self.picked(short)
        for fulfillment_id, promise in (await self.standing()).units.promises.items():
            if promise.picked:
                report = PackReport(self.id, fulfillment_id, self.store.now)
                await self.store.ask(self.store.app.stages.fulfillment.report_packed, report)
        await self.store.drain()
        return self

    async def shipped(self, short: Mapping[str, int] | None = None) -> "AnOrder":
        """The courier has all parcels that were packed."""
        await self.packed(short)
        for parcel_id in await self.parcels("packed"):
            await self.hand_over(parcel_id)
        await self.store.drain()
        return self

    async def delivered(self) -> "AnOrder":
        """Two weeks later: where the carrier delivers, it has."""
        await self.shipped()
        for _ in range(14):
            await self.store.drain(DAY)
        return self

    async def returned(self, *, written_off: Counts = (), rejected: Counts = (), **units: int) -> "AnOrder":
        """Units came back and were looked at."""
        await self.delivered()
        return_id = self.return_id()
        await self.ask_back(return_id, self.units(**units))
        await self.receive(return_id)
        await self.inspect(return_id, written_off, rejected)
        await self.store.drain()
        return self

    # what people report and ask for

    async def pick(self, fulfillment_id: str, missing: Counts = ()) -> Counts | DoorstepError:
        report = PickReport(self.id, fulfillment_id, self.store.now, missing)
        answer: Counts | DoorstepError = await self.store.ask(self.store.app.stages.fulfillment.report_picks, report)
        return answer

    async def hand_over(self, parcel_id: str) -> f.ParcelHandedOver | DoorstepError:
        report = HandOver(self.id, parcel_id, self.store.now)
        answer: f.ParcelHandedOver | DoorstepError = await self.store.ask(
            self.store.app.stages.shipping.hand_over, report
        )
        return answer

    def cancel_request(self, name: str = "1", *, partly: bool = False, **units: int) -> CancelRequest:
        request_id = child("can", self.id, name)
        return CancelRequest(self.id, request_id, self.units(**units), self.store.now, "changed mind", partly)

    async def cancel(self, name: str = "1", *, partly: bool = False, **units: int) -> f.UnitsCanceled | DoorstepError:
        """The customer cancels units, or all; the store does what follows."""
        request = self.cancel_request(name, partly=partly, **units)
        answer: f.UnitsCanceled | DoorstepError = await self.store.ask(self.store.app.stages.returns.cancel, request)
        await self.store.drain()
        return answer

    def return_id(self, name: str = "1") -> str:
        return child("ret", self.id, name)

    async def ask_back(self, return_id: str, units: Counts) -> f.ReturnRequested | DoorstepError:
        wish = ReturnRequest(self.id, return_id, units, self.store.now, "too big")
        answer: f.ReturnRequested | DoorstepError = await self.store.ask(self.store.app.stages.returns.request, wish)
        return answer

    async def receive(self, return_id: str, units: Counts | None = None) -> f.UnitsReceived | DoorstepError:
        report = Reception(self.id, return_id, self.store.now, units)
        answer: f.UnitsReceived | DoorstepError = await self.store.ask(self.store.app.stages.returns.receive, report)
        return answer

    async def inspect(
        self, return_id: str, written_off: Counts = (), rejected: Counts = ()
    ) -> f.UnitsInspected | DoorstepError:
        report = InspectionReport(self.id, return_id, self.store.now, written_off, rejected)
        answer: f.UnitsInspected | DoorstepError = await self.store.ask(self.store.app.stages.returns.inspect, report)
        return answer

    # how it stands

    async def story(self) -> Story:
        async with self.store.app.database.read() as tx:
            return await self.store.app.overview.story(tx, self.id)

    async def standing(self) -> Standing:
        return (await self.story()).standing

    async def order(self) -> Order:
        return (await self.story()).order

    async def stage(self) -> Stage:
        return (await self.standing()).stage

    async def facts(self, *kinds: type[T]) -> list[T]:
        """What happened to it: all of it, or what is of some kinds."""
        async with self.store.app.database.read() as tx:
            told = (await ledger.load_facts(tx, [self.id])).get(self.id, [])
        return [fact for _, fact in told if not kinds or isinstance(fact, kinds)]  # type: ignore[misc]

    async def kinds(self) -> list[str]:
        return [fact.kind for fact in await self.facts(f.Fact)]

    async def amounts(self, kind: type[Any]) -> list[int]:
        """The amounts that facts of a kind tell of."""
        return [fact.amount for fact in await self.facts(kind)]

    async def parcels(self, progress: str) -> list[str]:
        parcels = (await self.standing()).units.parcels
        return [parcel_id for parcel_id, parcel in parcels.items() if parcel.progress == progress]

    async def notices(self) -> Sequence[Stored]:
        return (await self.story()).notices

    async def told(self) -> list[str]:
        """The subjects of what was told to the customer, without the order's number."""
        number = (await self.order()).number
        return [m.subject.replace(number, "#") for m in self.store.mail.messages(number)]

    async def _promises(self) -> list[PromiseUnits]:
        """What its locations still have to do, if it was placed at all."""
        return list((await self.standing()).units.promises.values()) if "placed" in self._taken else []

    def _first(self, step: str) -> bool:
        is_first = step not in self._taken
        self._taken.add(step)
        return is_first

    async def _expect(self, kind: type[f.Fact]) -> None:
        assert await self.facts(kind), f"no {kind.__name__} but {await self.kinds()}"


def an_order(
    store: Store, name: str = "first", *, service: str = "standard", deliveries_max: int | None = None, **cart: int
) -> AnOrder:
    """An order of three packets of tea, or of what is named."""
    return AnOrder(store, cart or {"TEA": 3}, name, service, "", deliveries_max)


async def backlog(store: Store, count: int, first: int = 0) -> list[AnOrder]:
    """Orders of a packet of tea each, for all of which there is enough, placed as fast as can be."""
    goods = Moved(f"backlog-{first}", store.now, (Source("north", 0, "TEA", count),))
    await store.ask(store.app.shelf.receive, goods)
    orders = [an_order(store, f"{number:05}", TEA=1) for number in range(first, first + count)]
    checkouts = await store.ask(store.app.stages.placement.create, *(order.wished() for order in orders))
    wishes = [Complete(one.id, store.now, "first", one.totals.total) for one in checkouts]
    await store.ask(store.app.stages.placement.complete, *wishes)
    return orders


@dataclass
class MoodyMail:
    """A mail provider that answers as it is told, in turn, and then that all went well. It drops no second message."""

    answers: list[SendVerdict] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    name: str = "kept"
    can_deduplicate: bool = False

    async def send(self, message: Message) -> SendOutcome:
        self.asked += 1
        verdict = self.answers.pop(0) if self.answers else SendVerdict.SENT
        self.sent[message.key] += verdict is SendVerdict.SENT
        return SendOutcome(verdict=verdict, reason="so it is")
