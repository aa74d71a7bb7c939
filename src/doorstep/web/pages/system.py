"""The system: jobs and what became of them, providers, the plan in force, settings, processes, the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from doorstep import __version__
from doorstep.access.model.permissions import Permission
from doorstep.desk.table import ACTS
from doorstep.jobs import store as jobs
from doorstep.jobs.model import Counts, Exhausted, Present
from doorstep.jobs.presence import LEASE_MS
from doorstep.journey.overview.cursor import read, written
from doorstep.kernel.clock import from_ms, to_ms, wall_ms
from doorstep.kernel.errors import DoorstepError
from doorstep.kernel.ids import OrderId, new_id
from doorstep.plan.records import Plan
from doorstep.plan.shown import parts_of
from doorstep.plug.calls import Calls
from doorstep.storage.migrations.version import step_of
from doorstep.storage.transaction import Tx
from doorstep.web.labels import marked
from doorstep.web.pages.acts import DONE, have_done
from doorstep.web.pages.errors import field_errors
from doorstep.web.pages.forms import first
from doorstep.web.pages.page import Moved, Page, Shown, Visit, done

PATH = "/console/system"
_ON_A_PAGE = 25
_KINDS: Mapping[str, str] = {
    "payment": marked("Payment"),
    "carrier": marked("Carrier"),
    "notification": marked("Notification"),
}
_CALLED_BY = {"payment": "payment.", "carrier": "shipping."}
_UNANSWERED = {"lost", "unknown", "later"}


class JobKind(Struct, frozen=True):
    """Jobs of a kind: how many are where, and since when the oldest is due."""

    name: str
    counts: Counts
    oldest_due: datetime | None


class LostJob(Struct, frozen=True):
    """A job that was tried too often, the number of the order that it is about, and the keys of its two forms."""

    job: Exhausted
    due_at: datetime
    number: str
    once: str


class Provider(Struct, frozen=True):
    """A provider: whether the plan names it, and what came of the calls to it."""

    kind: str
    name: str
    is_named: bool
    calls: tuple[Calls, ...]

    @property
    def unanswered(self) -> int:
        """Calls of which nobody knows what came, because the provider did not say."""
        return sum(count for one in self.calls for verdict, count in one.verdicts.items() if verdict in _UNANSWERED)

    @property
    def total(self) -> int:
        """How many calls there were."""
        return sum(count for one in self.calls for count in one.verdicts.values())

    @property
    def last(self) -> Calls | None:
        """The latest call."""
        return max(self.calls, key=lambda one: one.last_at, default=None)

    @property
    def last_was_answered(self) -> bool:
        """Whether the latest call was answered."""
        return self.last is not None and self.last.last not in _UNANSWERED


class Process(Struct, frozen=True):
    """A process that works off jobs. One that is silent was not seen for longer than its lease."""

    name: str
    started_at: datetime
    seen_at: datetime
    is_silent: bool


async def system(visit: Visit) -> Shown:
    """Everything about the system."""
    return await _page(visit, {})


async def system_again(visit: Visit, error: DoorstepError) -> Shown:
    """The same, with what is wrong with what was decided about a job."""
    fields = field_errors(error)
    wrong = fields.get("reason", "") or error.message
    return await _page(
        visit, {"wrong": wrong, "tried": first(visit.sent, "job"), "reason": first(visit.sent, "reason")}
    )


def _deciding(name: str) -> Page:
    act = ACTS[name]

    async def run(visit: Visit) -> Moved:
        await have_done(visit, act, visit.sent)
        return Moved(f"{PATH}#jobs", done(visit.language(DONE[act.name])))

    return Page(method="POST", path=f"{PATH}/{name}", run=run, needs=act.needs, again=system_again)


SYSTEM = (
    Page(method="GET", path=PATH, run=system, needs=Permission.SYSTEM_READ),
    _deciding("job.retry"),
    _deciding("job.give_up"),
)


async def _page(visit: Visit, more: Mapping[str, Any]) -> Shown:
    async with visit.given.database.read() as tx:
        kinds = await _kinds(tx, to_ms(visit.now))
        exhausted, next_cursor = await _exhausted(visit, tx)
        processes = [_worker(one) for one in await jobs.present(tx)]
        fill = {
            **await _plan(visit, tx),
            "step": await step_of(tx),
        }
    plan, deployment = visit.given.plans.in_force, visit.given.deployment
    fill |= {
        "kinds": kinds,
        "exhausted": exhausted,
        "exhausted_count": sum(one.counts.exhausted for one in kinds),
        "next_url": f"{PATH}?{urlencode({'cursor': next_cursor})}#jobs" if next_cursor else "",
        "may_decide": visit.actor.may(Permission.JOBS_DECIDE),
        "providers": _providers(plan, deployment.providers, deployment.calls()),
        "provider_kinds": {key: visit.language(text) for key, text in _KINDS.items()},
        "started_at": deployment.started_at,
        "settings": deployment.settings,
        "processes": processes,
        "real_now": from_ms(wall_ms()),
        "database": await visit.given.database.vitals(),
        "version": __version__,
        "wrong": "",
        "tried": "",
        "reason": "",
    }
    return Shown("system.html", {**fill, **more})


async def _kinds(tx: Tx, now_ms: int) -> list[JobKind]:
    counts = await jobs.outstanding(tx, now_ms)
    loads = await jobs.load_of(tx, counts, now_ms)
    return [JobKind(name, one, _moment(loads[name][1])) for name, one in counts.items()]


async def _exhausted(visit: Visit, tx: Tx) -> tuple[list[LostJob], str]:
    """A page of the jobs that were tried too often, and where the next one begins."""
    cursor = visit.query.get("cursor", "")
    found = await jobs.exhausted(tx, _ON_A_PAGE + 1, read(cursor, str) if cursor else "")
    shown = found[:_ON_A_PAGE]
    numbers = await visit.given.overview.numbers(tx, [OrderId(one.about) for one in shown if one.about])
    lost = [LostJob(one, from_ms(one.due_at_ms), numbers.get(OrderId(one.about), ""), new_id("once")) for one in shown]
    return lost, written(shown[-1].key) if len(found) > _ON_A_PAGE else ""


async def _plan(visit: Visit, tx: Tx) -> dict[str, Any]:
    """The plan in force, since when it is, and what is still under others."""
    book = visit.given.plans
    versions = await book.history(tx)
    pinned = await visit.given.overview.open_by_plan(tx)
    return {
        "plan": book.in_force,
        "plan_since": next((since for version, since in versions if version == book.in_force.version), None),
        "plan_parts": parts_of(book.in_force),
        "open_here": pinned.get(book.in_force.version, 0),
        "open_elsewhere": sum(count for version, count in pinned.items() if version != book.in_force.version),
        "older": [
            (version, since, pinned.get(version, 0))
            for version, since in reversed(versions)
            if version != book.in_force.version
        ],
    }


def _providers(plan: Plan, there: Mapping[str, Sequence[str]], calls: Sequence[Calls]) -> list[Provider]:
    named = {
        "payment": {method.provider for method in plan.payment.methods},
        "carrier": {service.carrier for service in plan.shipping.services},
        "notification": {plan.confirmation.provider},
    }
    return [
        Provider(
            kind,
            name,
            name in named[kind],
            tuple(one for one in calls if one.provider == name and _kind_of(one.job) == kind),
        )
        for kind, names in there.items()
        for name in names
    ]


def _kind_of(job: str) -> str:
    """The kind of provider that jobs of a kind call."""
    return next((kind for kind, prefix in _CALLED_BY.items() if job.startswith(prefix)), "notification")


def _worker(one: Present) -> Process:
    """Processes live by the machine's clock, whatever clock the orders live by."""
    silent = wall_ms() - one.seen_at_ms > LEASE_MS
    return Process(one.name, from_ms(one.started_at_ms), from_ms(one.seen_at_ms), silent)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
