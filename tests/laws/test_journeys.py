"""Random journeys of several orders: whatever people, banks and processes do, no law is broken, no cent is astray."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import urlsplit

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from doorstep.journey import facts as f
from doorstep.journey.care.model import Answer
from doorstep.journey.confirmation.model import HoldDecision
from doorstep.journey.fulfillment.model import PackReport, PickReport
from doorstep.journey.order import Counts, counted
from doorstep.journey.returns.model import InspectionReport, Reception, ReturnRequest
from doorstep.journey.shipping.model import HandOver
from doorstep.kernel.errors import DoorstepError
from doorstep.plan.records import Plan
from doorstep.storage.migrations.migrate import migrate
from tests.an_order import HOUR, OPENING, AnOrder, Store, a_plan, running, stocked
from tests.postgres_server import fresh_database
from tests.stores.work_acts import perform, work_list

T = TypeVar("T")
ORDERS_MAX = 5
TOKENS = (
    *("approve", "approve", "decline", "timeout", "timeout-lost", "late", "late:4", "twice", "challenge"),
    *("capture-fails", "capture-timeout", "capture-timeout-lost", "capture-late", "void-fails"),
    *("refund-fails", "refund-timeout", "refund-timeout-lost", "refund-late"),
)
SERVICES = ("standard", "standard", "refuse", "timeout", "timeout-lost", "lose", "return")
PLANS = (
    a_plan("hand_over", "other_location"),
    a_plan("confirmation", "other_location", deliveries_max=3),
    a_plan("confirmation", "cancel"),
    a_plan("hand_over", "cancel", review_over=8_000),
)
some = st.integers(0, ORDERS_MAX - 1)
carts = st.fixed_dictionaries(
    {"TEA": st.integers(1, 60)}, optional={"POT": st.integers(1, 4), "CUP": st.integers(1, 4)}
)
counts: st.SearchStrategy[Counts] = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), max_size=3).map(
    lambda pairs: counted(dict(pairs).items())
)
waits = st.sampled_from([timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=31), 6 * HOUR, 30 * HOUR])


class Journeys(RuleBasedStateMachine):
    """A store and what happens to it. Requests are made whether they make sense or not: an expected no is an answer."""

    fresh: Callable[[Path], str]
    """A new, empty database with tables, in a folder or elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.url = type(self).fresh(Path(self.folder.name))
        self.books = Path(self.folder.name) / "books"
        self.books.mkdir()
        self.runner = asyncio.Runner()
        self.orders: list[AnOrder] = []
        self.now = OPENING
        self.plan = PLANS[0]
        self.store: Store
        self.requests = 0
        self.last: list[tuple[str, str, Any]] = []
        self.process: AsyncExitStack | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def open(self) -> None:
        """A process begins, on what the one before it left."""
        self.process = AsyncExitStack()
        self.store = await self.process.enter_async_context(running(self.url, self.plan, books=self.books))
        self.store.clock.advance_to(self.now)
        self.orders = [AnOrder(self.store, o.cart, o.name, o.service, o.token, o.deliveries_max) for o in self.orders]

    async def ask(self, stage: str, use_case: str, request: Any) -> Any:
        """The answer of a flow, which may be an expected error."""
        self.last = [*self.last[-3:], (stage, use_case, request)]
        return await self.store.ask(getattr(getattr(self.store.app.stages, stage), use_case), request)

    def name(self, prefix: str) -> str:
        """An id that a client makes for a request."""
        self.requests += 1
        return f"{prefix}_{self.requests}"

    def order(self, which: int) -> AnOrder:
        return self.orders[which % len(self.orders)]

    # a day in the life of a store

    @initialize(plan=st.sampled_from(PLANS), first=st.lists(st.tuples(carts, st.sampled_from(TOKENS)), max_size=3))
    def begin(self, plan: Plan, first: list[tuple[dict[str, int], str]]) -> None:
        self.plan = plan
        self.run(self.open())
        self.run(stocked(self.store))
        for cart, token in first:
            self.place(cart, "standard", token, most=None)

    @precondition(lambda self: len(self.orders) < ORDERS_MAX)
    @rule(cart=carts, service=st.sampled_from(SERVICES), token=st.sampled_from(TOKENS), most=st.sampled_from([None, 1]))
    def place(self, cart: dict[str, int], service: str, token: str, most: int | None) -> None:
        order = AnOrder(self.store, cart, f"o{len(self.orders)}", service, token, most)
        if self.run(self.is_placed(order)):
            self.orders.append(order)

    async def is_placed(self, order: AnOrder) -> bool:
        await order.placed()
        return bool(await order.facts())

    @rule(wait=waits)
    def time_passes(self, wait: timedelta) -> None:
        self.now += wait
        self.run(self.store.drain(wait))

    @rule()
    def the_process_is_replaced(self) -> None:
        assert self.process
        self.run(self.process.aclose())
        self.run(self.open())

    @precondition(lambda self: self.orders)
    @rule(which=some, approved=st.booleans())
    def the_buyer_takes_the_challenge(self, which: int, approved: bool) -> None:  # noqa: FBT001
        order = self.order(which)
        if self.run(order.standing()).balance.state == "action_required":
            (asked, *_) = self.run(order.facts(f.PaymentActionRequired))
            self.store.bank.complete_challenge(asked.payment_id, approved=approved)

    @precondition(lambda self: self.orders)
    @rule(which=some, token=st.sampled_from(["approve", "decline", "timeout", "late"]))
    def the_buyer_pays_again(self, which: int, token: str) -> None:
        self.run(self.order(which).completed(token, key=self.name("key")))

    @precondition(lambda self: self.orders)
    @rule(which=some, accept=st.booleans())
    def a_person_decides_about_a_hold(self, which: int, accept: bool) -> None:  # noqa: FBT001
        decision = HoldDecision(self.order(which).id, self.now, "Grace", accept)
        self.run(self.ask("confirmation", "decide", decision))

    @precondition(lambda self: self.orders)
    @rule(which=some, units=counts, partly=st.booleans())
    def the_customer_cancels(self, which: int, units: Counts, partly: bool) -> None:  # noqa: FBT001
        order = self.order(which)
        wanted = order.cancel_request(self.name("c"), partly=partly)
        request = type(wanted)(order.id, wanted.request_id, units or wanted.units, self.now, wanted.reason, partly)
        self.run(self.ask("returns", "cancel", request))

    @precondition(lambda self: self.orders)
    @rule(which=some, missing=counts, all_there=st.booleans())
    def a_picker_reports(self, which: int, missing: Counts, all_there: bool) -> None:  # noqa: FBT001
        order = self.order(which)
        for fulfillment_id in self.run(order.standing()).units.promises:
            report = PickReport(order.id, fulfillment_id, self.now, () if all_there else missing)
            self.run(self.ask("fulfillment", "report_picks", report))

    @precondition(lambda self: self.orders)
    @rule(which=some)
    def a_packer_reports(self, which: int) -> None:
        order = self.order(which)
        for fulfillment_id in self.run(order.standing()).units.promises:
            self.run(self.ask("fulfillment", "report_packed", PackReport(order.id, fulfillment_id, self.now)))
        self.run(self.store.drain())

    @precondition(lambda self: self.orders)
    @rule(which=some)
    def the_courier_comes(self, which: int) -> None:
        order = self.order(which)
        for parcel_id in self.run(order.standing()).units.parcels:
            self.run(self.ask("shipping", "hand_over", HandOver(order.id, parcel_id, self.now)))

    @precondition(lambda self: self.orders)
    @rule(which=some)
    def an_order_goes_out(self, which: int) -> None:
        """All that can be done for it in a day: most orders are not as unlucky as the other rules would have it."""
        self.time_passes(31 * timedelta(minutes=1))
        self.a_picker_reports(which, (), all_there=True)
        self.a_packer_reports(which)
        self.the_courier_comes(which)
        self.time_passes(30 * HOUR)
        self.time_passes(30 * HOUR)

    @precondition(lambda self: self.orders)
    @rule(which=some, units=counts)
    def the_customer_sends_back(self, which: int, units: Counts) -> None:
        order = self.order(which)
        for wanted in (units, self.run(order.standing()).units.returnable()):
            wish = ReturnRequest(order.id, order.return_id(self.name("r")), wanted, self.now, "too big")
            self.run(self.ask("returns", "request", wish))

    @precondition(lambda self: self.orders)
    @rule(which=some, units=counts, written_off=counts, rejected=counts)
    def goods_come_back(self, which: int, units: Counts, written_off: Counts, rejected: Counts) -> None:
        order = self.order(which)
        for return_id in self.run(order.standing()).units.returns:
            for came in (units, None):
                self.run(self.ask("returns", "receive", Reception(order.id, return_id, self.now, came)))
            for bad, not_ours in ((written_off, rejected), ((), rejected), ((), ())):
                report = InspectionReport(order.id, return_id, self.now, bad, not_ours)
                self.run(self.ask("returns", "inspect", report))

    @precondition(lambda self: self.orders)
    @rule(which=some, choice=st.sampled_from(["refund", "wait"]))
    def the_customer_answers(self, which: int, choice: str) -> None:
        order = self.order(which)
        for asked in self.run(order.facts(f.QuestionAsked)):
            self.run(self.ask("care", "answer", Answer(order.id, asked.question_id, self.now, choice)))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 20), way=st.integers(0, 3))
    def somebody_does_what_the_work_list_offers(self, which: int, way: int) -> None:
        """Whatever it offers is legal."""
        items = [item for item in self.run(work_list(self.store)) if item.actions]
        if items:
            item = items[which % len(items)]
            action = item.actions[way % len(item.actions)]
            answer = self.run(perform(self.store, item, action))
            assert not isinstance(answer, DoorstepError), f"{action} of {item}: {answer}"

    @precondition(lambda self: self.last)
    @rule()
    def a_request_comes_again(self) -> None:
        for stage, use_case, request in list(self.last):
            self.run(self.ask(stage, use_case, request))

    def teardown(self) -> None:
        try:
            if self.process is not None:
                assert self.run(self.settled()) == ([], [])
        finally:
            if self.process is not None:
                self.run(self.process.aclose())
            self.runner.close()
            self.folder.cleanup()

    async def settled(self) -> tuple[list[str], list[tuple[str, str, str]]]:
        """What is wrong once all that is under way at banks and carriers has come to an end."""
        for _ in range(16):
            await self.store.drain(12 * HOUR)
        return await self.store.broken(), await self.store.given_up()


def expect_no_law_broken(fresh: Callable[[Path], str], examples: int) -> None:
    """Run random journeys, each on a database of its own."""
    machine = type("Journeys", (Journeys,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_no_law_is_broken_on_a_file(tmp_path: Path) -> None:
    template = tmp_path / "template.db"
    asyncio.run(migrate(f"sqlite:///{template}"))

    def fresh(folder: Path) -> str:
        shutil.copy(template, folder / "doorstep.db")
        return f"sqlite:///{folder}/doorstep.db"

    expect_no_law_broken(fresh, examples=60)


def test_no_law_is_broken_on_a_server(postgres_base_url: str) -> None:
    with ExitStack() as stack:
        template = stack.enter_context(fresh_database(postgres_base_url))
        asyncio.run(migrate(template))
        name = urlsplit(template).path.removeprefix("/")
        expect_no_law_broken(lambda _folder: stack.enter_context(fresh_database(postgres_base_url, name)), examples=20)
