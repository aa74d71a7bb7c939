"""Runs a replay from a file to a report: opens the database, builds the app with actors, shows how far it is."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from doorstep.app import App, Outside, build, bundled_providers
from doorstep.jobs.queue import Queue
from doorstep.journey.ledger import store as ledger
from doorstep.journey.ledger.book import Ledger
from doorstep.journey.plans import store as plans
from doorstep.journey.plans.book import PlanBook
from doorstep.journey.standing import Standing
from doorstep.journey.verify import Verdict, verify
from doorstep.kernel.clock import MachineClock, SimulatedClock
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import order_of
from doorstep.plan.load import load_plan, read_plan
from doorstep.plan.records import Plan
from doorstep.rehearsal.actors import REHEARSED
from doorstep.rehearsal.cost import cost_so_far, own_cost
from doorstep.rehearsal.recording.invoices import Invoice
from doorstep.rehearsal.recording.journal import Recording, read_recording
from doorstep.rehearsal.replay import Replay
from doorstep.rehearsal.report import Outcome, Report, report
from doorstep.rehearsal.script import Script, canceled_units, checkout_id, script
from doorstep.settings import Settings
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate

Progress = Callable[[str, int, int], None]
"""Told what is going on, how many orders are done, and of how many."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be replayed, and where."""

    file: Path
    settings: Settings
    orders_max: int | None = None
    plan_file: Path | None = None


def recorded_plan(plan_file: Path | None) -> Plan:
    """The plan that is replayed under: the given one, or that of the recorded retailer."""
    if plan_file:
        return read_plan(plan_file)
    name = "plan.toml"
    return load_plan((files("doorstep.rehearsal.recording") / name).read_text("utf-8"), name)


async def replay_file(wanted: Wanted, progress: Progress) -> Report:
    """Replay a recording into a database; one that holds a part of it already is continued."""
    start = own_cost()
    plan = recorded_plan(wanted.plan_file)
    progress("reading", 0, 1)
    recording = read_recording(wanted.file, wanted.orders_max)
    if not recording.invoices:
        raise Refused("nothing_to_replay", f"{wanted.file} has no orders with goods.")
    await migrate(wanted.settings.database_url)
    acts = script(recording, plan)
    clock = SimulatedClock(acts.days[0] - timedelta(days=1))
    async with AsyncExitStack() as stack:
        database = Database(wanted.settings.database_url)
        await database.open()
        stack.push_async_callback(database.close)
        providers = bundled_providers(wanted.settings)
        stack.push_async_callback(providers.close)
        app = build(plan, database, Outside(providers, clock), REHEARSED)
        begun = replace(start, database_seconds=(await cost_so_far(database)).database_seconds)
        replay = await _replay(app, clock, len(recording.invoices), acts, progress)
        verdict = await _verify(app, len(recording.invoices), progress)
        as_recorded = await _as_recorded(app, recording)
        cost = (await cost_so_far(database)).since(begun)
    outcome = Outcome(replay.refused, replay.refused_invoices, replay.jobs, as_recorded, verdict, cost)
    return report(
        recording,
        outcome,
        file=wanted.file.name,
        database=wanted.settings.database_url.partition("://")[0],
        currency=plan.store.currency,
    )


async def verify_database(settings: Settings, progress: Callable[[int], None]) -> Verdict:
    """Check every law on a database, which is only read; each order under the plan that it is pinned to."""
    database = Database(settings.database_url)
    await database.open(writer=False)
    try:
        return await verify(database, reading_ledger(), progress, backorder=await _sells_beyond_stock(database))
    finally:
        await database.close()


def reading_ledger() -> Ledger:
    """A ledger for a look from outside: each order is read under its own plan, and nothing is enqueued."""
    return Ledger(Queue(MachineClock()), {}, PlanBook(recorded_plan(None)))


async def _sells_beyond_stock(database: Database) -> bool:
    """Whether any version of the plan allowed backorders: then balances may be promised beyond what is there."""
    async with database.read() as tx:
        versions = [version for version, _ in await plans.versions(tx)]
        return any(plan.stock.backorder for plan in await plans.load(tx, versions))


async def _replay(app: App, clock: SimulatedClock, total: int, acts: Script, progress: Progress) -> Replay:
    done = 0

    def placed(count: int) -> None:
        nonlocal done
        done += count
        progress(f"replaying {clock.now():%Y-%m-%d}", done, total)

    await _begin(app)
    replay = Replay(app, clock, placed)
    await replay.run(acts)
    await app.worker.leave()
    return replay


async def _verify(app: App, total: int, progress: Progress) -> Verdict:
    checked = 0

    def verified(count: int) -> None:
        nonlocal checked
        checked += count
        progress("checking every law", checked, total)

    return await verify(app.database, app.ledger, verified, backorder=app.plans.in_force.stock.backorder)


async def _begin(app: App) -> None:
    async with app.database.begin() as tx:
        await app.plans.store(tx)
    await app.worker.start()


async def _as_recorded(app: App, recording: Recording) -> int:
    """How many orders ended where the recording says: what was not canceled is delivered, the rest canceled or back."""
    gone, count = canceled_units(recording), 0
    for start in range(0, len(recording.invoices), 500):
        page = recording.invoices[start : start + 500]
        ids = {invoice.number: order_of(checkout_id(invoice.number, invoice.at)) for invoice in page}
        async with app.database.read() as tx:
            standings = await ledger.standings(tx, ids.values())
        for invoice in page:
            standing = standings.get(ids[invoice.number])
            count += standing is not None and _is_as_recorded(standing, invoice, gone.get(invoice.number, 0))
    return count


def _is_as_recorded(standing: Standing, invoice: Invoice, gone: int) -> bool:
    totals, ordered = standing.units.totals(), sum(line.quantity for line in invoice.lines)
    back = totals.canceled + totals.returned
    return back == gone and totals.delivered - totals.returned == ordered - back
