"""The process: the web and the worker on one event loop, from a clean start to a clean stop."""

import asyncio
import gc
import logging
import resource
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from secrets import token_urlsafe
from typing import TextIO

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from msgspec.structs import replace
from structlog.typing import EventDict

from doorstep.access.flow.passwords import Passwords
from doorstep.access.model.order_link import SECRET_NAME
from doorstep.app import App, Outside, build, bundled_providers, doors, metrics, practice_bank, public_url, watched
from doorstep.journey.rebuild import is_needed, rebuild
from doorstep.kernel.clock import MachineClock, from_ms, wall_ms
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import new_id
from doorstep.observing.traces import Traces
from doorstep.observing.watch import Watch
from doorstep.plan.load import read_plan
from doorstep.plan.price_records import TABLE
from doorstep.plug.payment import Notified
from doorstep.settings import Settings
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate
from doorstep.web.asgi import ASGIApp
from doorstep.web.clients import Network
from doorstep.web.given import Deployment, Given
from doorstep.web.limits import Limits
from doorstep.web.noting import REQUEST
from doorstep.web.router import web
from doorstep.web.stream import USUAL, Pace

TOKEN_CHARS_MIN = 16
_CONNECTIONS_MAX = 16_384
_FILES_KEPT = 256
_FINISH_SECONDS = 25.0
_LOOK_SECONDS = 0.01
_GC_THRESHOLD = (50_000, 20, 20)


def run(process: Coroutine[object, object, None]) -> None:
    """Run `serve` or `work` to its end."""
    uvloop.run(process)


async def serve(settings: Settings, console: TextIO = sys.stdout) -> None:
    """Answer requests and work off jobs until SIGTERM or SIGINT; what was begun is finished."""
    log_to(sys.stderr, settings.log_level)
    token = _token(settings, console)
    async with (
        opened(settings) as app,
        telling(app),
        working(app) as jobs,
        listening(application(app, replace(settings, api_token=token)), settings.host, settings.port) as server,
        ending_streams(app),
    ):
        _settle_memory()
        _say(console, f"Doorstep listens at http://{settings.host}:{settings.port} with the plan {settings.plan}.")
        await _say_how_to_begin(app, settings, console)
        await until_told_to_stop(jobs, server)


async def work(settings: Settings, console: TextIO = sys.stdout) -> None:
    """Work off jobs until SIGTERM or SIGINT, beside other processes that serve."""
    log_to(sys.stderr, settings.log_level)
    async with opened(settings) as app, telling(app), working(app) as jobs:
        _settle_memory()
        _say(console, f"Doorstep works with the plan {settings.plan}.")
        await until_told_to_stop(jobs)


def application(app: App, settings: Settings, passwords: Passwords | None = None, pace: Pace = USUAL) -> ASGIApp:
    """The web of a program, as ASGI."""
    return web(given_to_web(app, settings, passwords, pace))


def given_to_web(app: App, settings: Settings, passwords: Passwords | None = None, pace: Pace = USUAL) -> Given:
    """What the web of a program works with."""
    return Given(
        lanes=app.lanes,
        placement=app.stages.placement,
        overview=app.overview,
        database=app.database,
        clock=app.clock,
        new_id=new_id,
        hub=app.hub,
        people=doors(app, settings, passwords),
        plans=app.plans,
        queue=app.queue,
        shelf=app.shelf,
        desk=app.desk,
        care=app.stages.care,
        payments=app.stages.payments,
        practice_bank=practice_bank(app.providers),
        numbers=app.stages.numbers,
        notified={name: one for name, one in app.providers.payments.items() if isinstance(one, Notified)},
        deployment=_deployment(app, settings),
        public_url=public_url(settings),
        network=Network(settings.trusted_proxies, settings.public_url),
        api_token=settings.api_token,
        limits=Limits(settings.requests_per_minute),
        pace=pace,
        observe=app.watch,
        metrics=metrics(app).page,
        metrics_token=settings.metrics_token,
        successes="info" if settings.log_requests else "debug" if settings.log_level == "debug" else "",
        is_fit=lambda: not (app.hub.is_closed or app.worker.has_died),
    )


def _deployment(app: App, settings: Settings) -> Deployment:
    providers = app.providers
    by_kind = {
        "payment": providers.payments,
        "carrier": providers.carriers,
        "notification": providers.notifications,
        "tax": providers.taxes,
    }
    return Deployment(
        settings=settings.shown(),
        providers={kind: tuple(sorted(named)) for kind, named in by_kind.items()},
        calls=app.watch.calls,
        started_at=from_ms(wall_ms()),
    )


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """The program on its database, migrated and with the plan in force stored; closed afterwards."""
    plan = read_plan(Path(settings.plan))
    taken = await migrate(settings.database_url)
    traces = Traces(settings.otlp_endpoint) if settings.otlp_endpoint else None
    watch = Watch(traces)
    database, providers = Database(settings.database_url, around=watch.transaction), bundled_providers(settings)
    outside = Outside(providers, MachineClock(), public_url(settings))
    if plan.tax.provider != TABLE:
        providers.tax(plan.tax.provider)
    await database.open()
    try:
        app = watched(build(plan, database, outside), watch)
        async with database.begin() as tx:
            await app.plans.store(tx)
        if taken and await is_needed(database):
            await rebuild(database, app.ledger, lambda _count: None, only_old=True)
        yield app
    finally:
        await providers.close()
        await database.close()
        if traces:
            await asyncio.to_thread(traces.close)


@asynccontextmanager
async def working(app: App) -> AsyncIterator[asyncio.Task[None]]:
    """The worker at work; afterwards what was begun is finished and the rest handed back."""
    await app.worker.start()
    jobs = asyncio.create_task(app.worker.run())
    try:
        yield jobs
    finally:
        app.worker.stop()
        await asyncio.wait([jobs])
        await app.worker.leave()


@asynccontextmanager
async def telling(app: App) -> AsyncIterator[None]:
    """Other processes are told what changes here, and tell what changes there."""
    carrying = asyncio.create_task(app.across.run())
    try:
        yield
    finally:
        carrying.cancel()
        await asyncio.wait([carrying])


@asynccontextmanager
async def ending_streams(app: App) -> AsyncIterator[None]:
    """Inside a server that listens: before it stops, streams are ended, which would keep it waiting."""
    try:
        yield
    finally:
        app.hub.close()


@asynccontextmanager
async def listening(application: ASGIApp, host: str, port: int) -> AsyncIterator[asyncio.Task[None]]:
    """A server that answers at a port; afterwards it takes no more requests and has answered those that it took."""
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=_connections_max(),
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve())
    try:
        await _until_it_listens(serving, host, port)
        yield serving
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait([serving], timeout=_FINISH_SECONDS)


def log_to(stream: TextIO, level: str = "info") -> None:
    """Log for people on a terminal, as JSON lines elsewhere; never the values of variables, which may be personal."""
    is_terminal = stream.isatty()
    structlog.configure(
        processors=[
            _with_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(() if is_terminal else (structlog.processors.format_exc_info,)),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if is_terminal
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


async def _say_how_to_begin(app: App, settings: Settings, console: TextIO) -> None:
    """Offer a link to whoever starts a store that has no staff."""
    access = doors(app, settings)
    async with app.database.begin() as tx:
        await access.access.secret_of(tx, SECRET_NAME)
        link = await access.joining.set_up_link(tx, app.clock.now())
    if link:
        _say(console, f"No staff yet. Set up the first owner at {link} (valid 24 hours, once).")


def _with_request(_log: object, _level: str, event: EventDict) -> EventDict:
    """What is logged while a request is answered names it."""
    if request_id := REQUEST.get():
        event["request"] = request_id
    return event


def _token(settings: Settings, console: TextIO) -> str:
    """The token that opens the orders: the deployment's own, or on a terminal a new one for this run."""
    for name, secret in (("API", settings.api_token), ("METRICS", settings.metrics_token)):
        if 0 < len(secret) < TOKEN_CHARS_MIN:
            message = f"DOORSTEP_{name}_TOKEN must have at least {TOKEN_CHARS_MIN} characters."
            raise Refused("bad_setting", message)
    if settings.api_token or not console.isatty():
        return settings.api_token
    token = token_urlsafe(24)
    _say(console, f"The token for the orders, until this process ends (DOORSTEP_API_TOKEN is not set): {token}")
    return token


def _connections_max() -> int:
    """How many connections may be open at once, streams that are listened to among them.

    A connection beyond it waits to be taken. As many files as the machine allows are asked for, and some kept for the
    database.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS_MAX + _FILES_KEPT
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(soft, wanted) - _FILES_KEPT)


async def _until_it_listens(serving: asyncio.Task[None], host: str, port: int) -> None:
    """Until a connection is taken; what kept the server from listening is raised."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where to look, not to listen
    while True:
        await asyncio.wait([serving], timeout=_LOOK_SECONDS)
        if serving.done():
            error = serving.exception()
            raise Refused("cannot_listen", f"Nothing can listen at {host}:{port}: {error}.") from error
        try:
            _, writer = await asyncio.open_connection(reachable, port)
        except OSError:
            continue
        writer.close()
        return


async def until_told_to_stop(*tasks: asyncio.Task[None]) -> None:
    """Until a signal comes, or until a part of the process fails, which is raised."""
    with _signals() as told:
        waiting = asyncio.create_task(told.wait())
        ended, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
    for task in ended:
        task.result()


@contextmanager
def _signals() -> Iterator[asyncio.Event]:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _settle_memory() -> None:
    """What is there now stays: the garbage collector need not look at it, and looks less often at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLD)


def _say(console: TextIO, sentence: str) -> None:
    console.write(f"{sentence}\n")
    console.flush()
