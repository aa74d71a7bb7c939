"""The demo store: a recorded year, brought near so that it ends at this moment, with orders on their way.

Seven recorded days become one, and the last recorded moment becomes the present. So the store has the orders of a busy
autumn behind it, some placed minutes ago, and what was begun goes on by the machine's own clock.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.flow.doors import Doors
from doorstep.access.model.order_link import SECRET_NAME, link_token
from doorstep.app import App, Cast, Outside, build, bundled_providers, doors, public_url
from doorstep.catalog.model import Item
from doorstep.journey.ledger import store as ledger
from doorstep.journey.overview.board import Column
from doorstep.journey.standing import Stage
from doorstep.journey.verify import Verdict, verify
from doorstep.kernel.clock import Clock, MachineClock, SimulatedClock, from_ms, to_ms
from doorstep.kernel.errors import Refused
from doorstep.plan.codec import encode_plan
from doorstep.plan.load import version_of
from doorstep.plan.records import Plan
from doorstep.rehearsal.actors import REHEARSED, sparing
from doorstep.rehearsal.demo_staff import hired, password_of
from doorstep.rehearsal.moods import moody
from doorstep.rehearsal.recording.journal import Recording, read_recording
from doorstep.rehearsal.replay import Replay
from doorstep.rehearsal.running import recorded_plan
from doorstep.rehearsal.script import script
from doorstep.rehearsal.shoppers import LOST_POSTCODE, SHOPPERS, SKUS
from doorstep.rehearsal.visits import LAST_TURN, SHOP, SINCE, Visits
from doorstep.settings import Settings
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate

PACE = 7
LAST_RECORDED = datetime(2011, 12, 8, 15, 10, tzinfo=UTC)
"""Where the recording is stopped: in the afternoon of a busy day, with orders in many stages."""

_ON_THE_SHELF = 200
_FAILING_ONE_IN = 23
_FAILING_AMONG_LAST = 100
_LINK_LASTS = timedelta(days=90)

Progress = Callable[[str, int, int], None]


class Prepared(Struct, frozen=True, kw_only=True):
    """A demo store that can be opened. `found` says that it was there already and only goes on.

    `password` is that of its staff, `link` leads to the order of a customer who is asked something.
    """

    found: bool
    verdict: Verdict
    board: list[Column]
    password: str
    link: str


async def prepare(
    settings: Settings, recording_file: Path, progress: Progress, now: datetime | None = None
) -> Prepared:
    """Make the demo store in a database, as of a moment (without one, the present), or go on with the one there.

    Refused when the database has orders that are not the demo's.
    """
    progress("reading", 0, 1)
    recording = read_recording(recording_file, None)
    await migrate(settings.database_url)
    clock = SimulatedClock(datetime(2000, 1, 1, tzinfo=UTC))
    async with demo_app(settings, quiet_plan(), clock, REHEARSED) as app:
        began = await _began(app, recording)
        now = began or (now or MachineClock().now()) - LAST_TURN
        near = brought_near(recording, LAST_RECORDED, now)
        found = began is not None and await _is_complete(app, near)
        if not found:
            await _replay(app, clock, near, now, progress)
    return await _with_shop(settings, now, progress, found=found)


@asynccontextmanager
async def demo_app(settings: Settings, plan: Plan, clock: Clock, cast: Cast | None = None) -> AsyncIterator[App]:
    """The program with people at work in it, on the demo's database; the orders of the corner shop are left alone."""
    database, bundled = Database(settings.database_url), bundled_providers(settings)
    providers = moody(bundled) if isinstance(clock, SimulatedClock) else bundled
    await database.open()
    try:
        app = build(plan, database, Outside(providers, clock), cast or sparing(SKUS))
        async with database.begin() as tx:
            await app.plans.store(tx)
        yield app
    finally:
        await bundled.close()
        await database.close()


async def _with_shop(settings: Settings, now: datetime, progress: Progress, *, found: bool) -> Prepared:
    """The same store with its staff, and with the orders of the corner shop, unless they are there already."""
    clock = SimulatedClock(now - SINCE)
    async with demo_app(settings, patient_plan(), clock, sparing(SKUS, REHEARSED.idle)) as app:
        people = doors(app, settings)
        staff = await hired(app, people, now - SINCE)
        if not await _is_visited(app):
            progress("opening the corner shop", 1, 1)
            await Visits(app, clock, {role: member.actor for role, member in staff.items()}).run(now)
        verdict = await verify(app.database, app.ledger, lambda _: None, backorder=app.plans.in_force.stock.backorder)
        async with app.database.read() as tx:
            board = await app.overview.board(tx, now)
        return Prepared(
            found=found,
            verdict=verdict,
            board=board,
            password=await password_of(app, people),
            link=await _link(app, people, settings),
        )


async def _link(app: App, people: Doors, settings: Settings) -> str:
    """The link to the order of a customer whose parcel is lost, and who may say what is to be done."""
    asked = next(one for one in SHOPPERS if one.stage is Stage.TROUBLE and one.postcode == LOST_POSTCODE)
    async with app.database.begin() as tx:
        order_id = (await ledger.ids_by_reference(tx, [asked.reference]))[asked.reference]
        secret = await people.access.secret_of(tx, SECRET_NAME)
    return f"{public_url(settings)}/order/{link_token(secret, order_id, MachineClock().now() + _LINK_LASTS)}"


def quiet_plan() -> Plan:
    """The recorded retailer's plan, worked around the clock and without hurry, so that orders lie at every step."""
    return _changed(edit_minutes=60, pick_minutes=180, pack_minutes=120, review_over=None)


def patient_plan() -> Plan:
    """The plan with the corner shop, under which its first orders were placed."""
    return _shop_added(_changed(edit_minutes=240, pick_minutes=180, pack_minutes=120, review_over=100_00))


def brisk_plan() -> Plan:
    """The plan of the demo once it is open: a newcomer's order is in its parcel within minutes."""
    return _shop_added(_changed(edit_minutes=1, pick_minutes=1, pack_minutes=1, review_over=100_00))


def brought_near(recording: Recording, last: datetime, now: datetime) -> Recording:
    """What was recorded up to a moment, as if that moment were now and everything went seven times as fast."""

    def near(at: datetime) -> datetime:
        return from_ms(to_ms(now - (last - at) / PACE))

    return replace(
        recording,
        invoices=tuple(replace(one, at=near(one.at)) for one in recording.invoices if one.at <= last),
        cancellations=tuple(replace(one, at=near(one.at)) for one in recording.cancellations if one.at <= last),
    )


def _changed(*, edit_minutes: int, pick_minutes: int, pack_minutes: int, review_over: int | None) -> Plan:
    plan = recorded_plan(None)
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    couriers = (time(10), time(17))
    changed = replace(
        plan,
        locations=tuple(
            replace(place, working_days=week, opens=time(0), cut_off=time(23, 59), courier_at=couriers[number % 2])
            for number, place in enumerate(plan.locations)
        ),
        placement=replace(plan.placement, edit_window_minutes=edit_minutes, hosted_shop=True),
        fulfillment=replace(plan.fulfillment, pick_minutes=pick_minutes, pack_minutes=pack_minutes),
        payment=replace(plan.payment, review_over=review_over),
    )
    return _versioned(changed)


def _shop_added(plan: Plan) -> Plan:
    """Another location, which is the reader's, returns that a person decides about, and promises that can be broken."""
    shop = replace(plan.locations[0], id=SHOP, name="Corner shop", city="York", street="5 Shambles", postcode="YO1 7LZ")
    promises = replace(plan.promises, hand_over_hours=24, deliver_days=5, return_days=7)
    returns = replace(plan.returns, approve_without_person=False)
    stock = replace(plan.stock, hold_minutes=24 * 60)
    places = (shop, *plan.locations)  # returns go to the first
    return _versioned(replace(plan, locations=places, promises=promises, returns=returns, stock=stock))


def _versioned(plan: Plan) -> Plan:
    bare = replace(plan, version="")
    return replace(bare, version=version_of(encode_plan(bare).decode()))


async def _began(app: App, recording: Recording) -> datetime | None:
    """The moment at which the demo in this database was made; None when there is none yet."""
    first = recording.invoices[0]
    async with app.database.read() as tx:
        found = (await ledger.ids_by_reference(tx, [first.number])).get(first.number)
        if found:
            placed = (await ledger.load_orders(tx, [found]))[found].placed_at
            return placed + (LAST_RECORDED - first.at) / PACE
        if await ledger.order_ids(tx, "", 1):
            raise Refused("not_a_demo", "This database holds orders that are not the demo's. Name another: --database")
    return None


async def _is_visited(app: App) -> bool:
    """Whether everybody ordered at the corner shop; the last of them a moment ago, so all else is done."""
    async with app.database.read() as tx:
        last = min(SHOPPERS, key=lambda one: one.hours_ago).reference
        return last in await ledger.ids_by_reference(tx, [last])


async def _is_complete(app: App, recording: Recording) -> bool:
    last = recording.invoices[-1].number
    async with app.database.read() as tx:
        return last in await ledger.ids_by_reference(tx, [last])


async def _replay(app: App, clock: SimulatedClock, near: Recording, now: datetime, progress: Progress) -> None:
    acts, done = script(near, app.plans.in_force), 0

    def placed(count: int) -> None:
        nonlocal done
        done += count
        progress(f"replaying {clock.now():%Y-%m-%d}", done, len(near.invoices))

    await app.worker.start()
    await _fill_shelves(app, acts.items, now)
    await Replay(app, clock, placed).run(replace(acts, tokens=_failing(near)), now)
    await app.worker.leave()


async def _fill_shelves(app: App, items: Sequence[Item], now: datetime) -> None:
    """Beside what the recorded orders need, some of everything, for the newcomer."""
    places = [location.id for location in app.plans.in_force.locations]
    sources = tuple(Source(places[n % len(places)], 0, item.sku, _ON_THE_SHELF) for n, item in enumerate(items))
    async with app.database.begin() as tx:
        await app.shelf.receive(tx, [Moved("demo-shelves", now, sources)])


def _failing(near: Recording) -> dict[str, str]:
    """Tokens for the few orders whose money cannot be taken when the courier has them."""
    return {one.number: "capture-fails" for one in near.invoices[-_FAILING_AMONG_LAST::_FAILING_ONE_IN]}
