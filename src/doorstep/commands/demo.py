"""A small store at work, for a first look: made from a recorded year, then open, with people working in it."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from msgspec.structs import replace

from doorstep import serving
from doorstep.access.model.permissions import Role
from doorstep.app import public_url
from doorstep.commands.orders import board_table
from doorstep.commands.screen import DatabaseUrl, progress, run, say, screen, settings_with
from doorstep.kernel.clock import MachineClock
from doorstep.kernel.errors import Missing, Refused
from doorstep.rehearsal.demo import Prepared, brisk_plan, demo_app, prepare
from doorstep.rehearsal.demo_staff import NAMES, OWNER, email_of
from doorstep.settings import Settings
from doorstep.storage.database import Database

HOME = Path("build/demo")
RECORDING = Path("examples/online_retail/online_retail_slice.csv.xz")
TOKEN = "doorstep-demo-token"  # noqa: S105 - it opens invented data on this machine, and is printed on the screen

_INTRODUCTION = """\
The demo is a small store, made from a real retailer's year: 586 orders, run one by one through the real engine. Seven
days of the recording become one, and its end becomes now, so that there are orders at every step of their way.
"""
_OPEN = """
Open {url} and sign in as {owner} with the password {password}

  Yours to do       the orders of the Corner shop: late ones, holds, cases, returns. Nobody else touches them.
  Going on          in both warehouses invented people pick, pack and hand over; couriers come at 10:00 and 17:00.
  Other roles       {others}, with the same password
  The shop          {url}/shop: buy something yourself, with a practice bank; docs/shop.md
  A customer        asked what to do about a lost parcel: {link}
  The API           {url}/api/docs (token {token}); one order by hand: docs/api.md
  The console       page by page: docs/console.md

To stop: Ctrl-C. `doorstep demo` goes on where it was; `doorstep demo --fresh` begins anew.
"""


def demo(
    database: DatabaseUrl = None,
    recording: Annotated[Path, typer.Option(metavar="FILE", help="The recorded orders.")] = RECORDING,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo in build/demo away and begin anew.")] = False,  # noqa: FBT002
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the store when it is made.")] = True,  # noqa: FBT002
) -> None:
    """Make a small store from recorded orders, show it, and open it. Run again, it goes on where it was."""
    if not recording.exists():
        raise Missing("no_recording", f"There is no file {recording}. Run this in Doorstep's own folder.")
    settings = _settings(database)
    if fresh and database:
        raise Refused("not_ours", "--fresh removes build/demo only. Empty your own database yourself.")
    if fresh and HOME.exists():
        _throw_away(settings)
    say(_INTRODUCTION)
    _hush()
    with progress() as told:
        prepared = run(prepare(settings, recording, told))
    _show(prepared)
    if serve:
        serving.run(_open(settings, prepared))


def _hush() -> None:
    """What goes wrong on purpose while the store is made is not logged; `serving.log_to` ends that."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _settings(database: str | None) -> Settings:
    """The settings of the environment, but with a database, books and a token of the demo's own."""
    own = settings_with(database or f"sqlite:///{HOME}/doorstep.db")
    name = own.database_url.rpartition("/")[2].partition("?")[0].removesuffix(".db")
    return replace(own, data_dir=own.data_dir or f"{HOME}/{name}-books", api_token=own.api_token or TOKEN)


def _throw_away(settings: Settings) -> None:
    """Remove the demo's own files, unless somebody works on them."""
    run(_nobody_works_on(Database(settings.database_url)))
    for folder, _, names in os.walk(HOME, topdown=False):
        for name in names:
            Path(folder, name).unlink()


async def _nobody_works_on(database: Database) -> None:
    await database.open()
    await database.close()


def _show(prepared: Prepared) -> None:
    verdict = prepared.verdict
    facts = sum(verdict.sums.facts.values())
    said = "was made before and goes on" if prepared.found else "is made"
    counts = f"{verdict.orders:,} orders, {facts:,} facts, {verdict.checked:,} laws checked"
    say(f"The store {said}: {counts}, {len(verdict.broken)} broken.\n")
    for sentence in verdict.broken:
        say(f"BROKEN {sentence}", style="red")
    screen.print(board_table(prepared.board))


async def _open(settings: Settings, prepared: Prepared) -> None:
    """The store with its web and its worker, until it is told to stop."""
    serving.log_to(sys.stderr)
    async with demo_app(settings, brisk_plan(), MachineClock()) as app, serving.working(app) as jobs:
        application = serving.application(app, settings)
        async with serving.listening(application, settings.host, settings.port) as server, serving.ending_streams(app):
            say(_invitation(settings, prepared))
            await serving.until_told_to_stop(jobs, server)
    say("Stopped.")


def _invitation(settings: Settings, prepared: Prepared) -> str:
    others = [email_of(role) for role in NAMES if role is not Role.OWNER]
    return _OPEN.format(
        url=public_url(settings),
        owner=OWNER,
        password=prepared.password,
        others=", ".join(others),
        link=prepared.link,
        token=settings.api_token,
    )
