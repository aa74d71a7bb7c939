"""The composition root: settings, database, providers, stages, route. The only file that sees all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from doorstep.access.flow.access import Access
from doorstep.access.flow.doors import Doors
from doorstep.access.flow.joining import Joining
from doorstep.access.flow.letters import MAIL, Letters, Way
from doorstep.access.flow.order_pages import OrderPages
from doorstep.access.flow.passwords import Passwords
from doorstep.access.flow.resets import RESET, Resets, ResetWish
from doorstep.access.flow.second_factor import SecondFactor
from doorstep.access.flow.sessions import Sessions
from doorstep.access.flow.sign_in import SignIn
from doorstep.access.flow.staff import Staff
from doorstep.access.flow.tidy import TIDY, tidy
from doorstep.access.flow.views import SavedViews
from doorstep.access.model.house import House
from doorstep.access.model.mail import Letter
from doorstep.catalog.flow import Catalog
from doorstep.desk.crew import Crew
from doorstep.desk.desk import Desk
from doorstep.jobs.lane import Lane
from doorstep.jobs.model import CallKind, FlowKind, Kind
from doorstep.jobs.queue import Queue
from doorstep.jobs.worker import Worker
from doorstep.journey.care.flow import Care
from doorstep.journey.codes.flow import Codes
from doorstep.journey.confirmation.flow import Confirmation
from doorstep.journey.facts import Fact
from doorstep.journey.fulfillment.flow import Fulfillment
from doorstep.journey.ledger.book import Follow, Ledger
from doorstep.journey.notices import Notices
from doorstep.journey.numbers.flow import Numbers
from doorstep.journey.overview.flow import Overview
from doorstep.journey.payment.flow import Payments
from doorstep.journey.placement.flow.changes import Changes
from doorstep.journey.placement.flow.conversation import Conversation, Said
from doorstep.journey.placement.flow.outside import OutsideServices
from doorstep.journey.placement.flow.placement import Placement
from doorstep.journey.placement.model.checkout import Cancel, Change, Checkout, Complete, Create
from doorstep.journey.plans.book import PlanBook
from doorstep.journey.returns.flow import Returns
from doorstep.journey.route import FOLLOWS, Stages, kinds
from doorstep.journey.shipping.flow import Shipping
from doorstep.kernel.clock import Clock
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import new_id
from doorstep.live.across import Across
from doorstep.live.hub import Hub
from doorstep.live.teller import Teller
from doorstep.messages.flow import Messages
from doorstep.observing.scrape import Metrics
from doorstep.observing.watch import Watch
from doorstep.plan.records import Plan
from doorstep.plug.loader import Providers, load
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.sandbox_tax import SandboxTax
from doorstep.providers.smtp import SmtpMail
from doorstep.providers.smtp_message import MailSecurity, SmtpSettings
from doorstep.providers.zone_rate import ZoneRateCarrier
from doorstep.settings import Settings
from doorstep.stock.flow import Shelf
from doorstep.storage.database import Database
from doorstep.web.pages.shop.challenge import CHALLENGE


@dataclass(frozen=True)
class Cast:
    """Actors who do what people would do: the jobs that follow from facts for them, and how those are run.

    `idle` names kinds of jobs that are not run while they play.
    """

    follows: Mapping[type[Fact], tuple[Follow, ...]] = field(default_factory=dict)
    kinds: Callable[[Stages, Queue], Sequence[Kind]] = lambda _stages, _queue: ()
    idle: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outside:
    """What the program meets: providers, the time, and the URL by which people reach it (empty: nobody does)."""

    providers: Providers
    clock: Clock
    public_url: str = ""


@dataclass(frozen=True)
class Lanes:
    """The lanes through which requests go."""

    create: Lane[Create, Checkout]
    change: Lane[Change, Checkout]
    complete: Lane[Complete, Checkout]
    cancel: Lane[Cancel, Checkout]
    hear: Lane[Said, Checkout]


@dataclass(frozen=True)
class App:
    """Everything, wired."""

    database: Database
    clock: Clock
    plans: PlanBook
    queue: Queue
    ledger: Ledger
    shelf: Shelf
    stages: Stages
    overview: Overview
    lanes: Lanes
    worker: Worker
    providers: Providers
    desk: Desk
    hub: Hub
    across: Across
    letters: Letters
    watch: Watch


def build(plan: Plan, database: Database, outside: Outside, cast: Cast | None = None) -> App:
    """Wire the program around a plan, a database and the world outside; with a cast, actors take part."""
    cast, providers, clock = cast or Cast(), outside.providers, outside.clock
    queue, plans = Queue(clock), PlanBook(plan)
    follows = {kind: (*FOLLOWS.get(kind, ()), *cast.follows.get(kind, ())) for kind in {*FOLLOWS, *cast.follows}}
    hub = Hub(new_id("live"))
    across = Across(hub, database.engine.wire())
    note = Teller(across.tell).note
    ledger = Ledger(queue, follows, plans, note)
    shelf = Shelf(safety_stock=plan.stock.safety_stock, backorder=plan.stock.backorder, note=note)
    messages, access = Messages(providers, plan.store.support_email), Access()
    codes = Codes()
    stages = Stages(
        placement=Placement(ledger, shelf, codes, note),
        changes=Changes(ledger, shelf),
        conversation=Conversation(ledger, shelf, codes, note),
        codes=codes,
        outside=OutsideServices(plans, providers, clock),
        payments=Payments(ledger, providers),
        confirmation=Confirmation(ledger, shelf),
        fulfillment=Fulfillment(ledger, shelf),
        shipping=Shipping(ledger, providers),
        returns=Returns(ledger, shelf),
        care=Care(ledger),
        notices=Notices(ledger, messages, queue, OrderPages(access, outside.public_url)),
        messages=messages,
        numbers=Numbers(ledger),
    )
    watch = Watch()
    lanes = _lanes(database, stages, watch)
    letters = Letters(messages, queue, Way(plan.confirmation.channel, plan.confirmation.provider, plan.store.name))
    desk = Desk(Crew(database, clock, new_id, ledger, stages, shelf, Catalog(), access, queue))
    at_work = [kind for kind in kinds(stages) if kind.name not in cast.idle]
    jobs = (*at_work, *_access_kinds(letters), *desk.once.kinds(), *cast.kinds(stages, queue))
    worker = Worker(database, queue, jobs, database.engine.signals())
    overview = Overview(ledger)
    parts = (database, clock, plans, queue, ledger, shelf, stages, overview, lanes, worker, providers)
    return App(*parts, desk=desk, hub=hub, across=across, letters=letters, watch=watch)


def watched(app: App, watch: Watch) -> App:
    """The same program, with somebody who takes note of what its lanes and its jobs do."""
    kinds = [watch.kind(kind) for kind in app.worker.runner.kinds.values()]
    worker = Worker(app.database, app.queue, kinds, app.database.engine.signals())
    return replace(app, lanes=_lanes(app.database, app.stages, watch), worker=worker, watch=watch)


def metrics(app: App) -> Metrics:
    """What the page of metrics shows of a program."""
    lanes: dict[str, Lane[Any, Any]] = {
        "create": app.lanes.create,
        "change": app.lanes.change,
        "complete": app.lanes.complete,
        "cancel": app.lanes.cancel,
        "hear": app.lanes.hear,
    }
    kinds = tuple(app.worker.runner.kinds)
    return Metrics(app.watch, app.database, app.overview, app.clock, app.hub, lanes, kinds)


def _lanes(database: Database, stages: Stages, watch: Watch) -> Lanes:
    placement = stages.placement
    settle: Lane[Change, Checkout] = Lane(database, watch.lane("settle", placement.change))

    async def told(checkout: Checkout) -> Checkout:
        return await stages.outside.complete(checkout, settle.ask)

    return Lanes(
        create=Lane(database, watch.lane("create", placement.create), then=told),
        change=Lane(database, watch.lane("change", placement.change), then=told),
        complete=Lane(database, watch.lane("complete", placement.complete)),
        cancel=Lane(database, watch.lane("cancel", placement.cancel)),
        hear=Lane(database, watch.lane("hear", stages.conversation.hear), then=told),
    )


def doors(app: App, settings: Settings, passwords: Passwords | None = None) -> Doors:
    """Wire who comes in and who may do what."""
    database, passwords = app.database, passwords or Passwords()
    house = House(app.plans.in_force.store.name, public_url(settings), settings.require_second_factor)
    return Doors(
        access=Access(),
        staff=Staff(app.letters, house.public_url),
        joining=Joining(database, app.queue, passwords, house),
        sign_in=SignIn(database, app.clock, passwords, house),
        second_factor=SecondFactor(house),
        sessions=Sessions(),
        views=SavedViews(),
    )


def public_url(settings: Settings) -> str:
    """How people reach this deployment."""
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def _access_kinds(letters: Letters) -> tuple[Kind, ...]:
    return (
        CallKind(
            name=MAIL, body=Letter, open=letters.open, call=letters.call, lost=letters.lost, settle=letters.settle
        ),
        FlowKind(name=RESET, body=ResetWish, run=Resets(letters).run),
        FlowKind(name=TIDY, body=None, run=tidy, every=timedelta(hours=6)),
    )


def bundled_providers(settings: Settings) -> Providers:
    """The providers that ship, and those of installed packages. With a data folder the sandbox ones remember."""
    books = settings.data_path
    if books:
        books.mkdir(parents=True, exist_ok=True)

    def journal(name: str) -> Path | None:
        return books / name if books else None

    kept = KeptMessages(journal("messages.jsonl"))
    mail = [SmtpMail(_smtp(settings))] if settings.smtp_host else []
    return load(
        payments=[
            SandboxPayments(
                journal("payments.jsonl"),
                challenge_url=challenge_url(public_url(settings)),
                webhook_secret=settings.sandbox_webhook_secret,
            )
        ],
        carriers=[SandboxCarrier(journal("labels.jsonl")), ZoneRateCarrier()],
        notifications=[kept, *mail],
        taxes=[SandboxTax()],
    )


def challenge_url(at: str) -> str:
    """Where the practice bank sees shoppers: a page of this deployment."""
    return f"{at}{CHALLENGE}/{{key}}"


def practice_bank(providers: Providers) -> SandboxPayments | None:
    """The sandbox, when it takes payments here."""
    bank = providers.payments.get(SandboxPayments.name)
    return bank if isinstance(bank, SandboxPayments) else None


def _smtp(settings: Settings) -> SmtpSettings:
    try:
        return SmtpSettings(
            host=settings.smtp_host,
            sender=settings.smtp_sender,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=settings.smtp_password,
            security=MailSecurity(settings.smtp_security),
        )
    except ValueError as error:
        raise Refused("bad_setting", f"The DOORSTEP_SMTP_ settings cannot be used: {error}.") from None
