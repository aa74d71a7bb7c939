"""The store in operation: its tables, its web, its worker."""

from collections.abc import Callable

from doorstep import serving
from doorstep.commands.screen import DatabaseUrl, PlanFile, database_of, progress, run, say, settings_with
from doorstep.journey.rebuild import is_needed
from doorstep.journey.rebuild import rebuild as rebuild_orders
from doorstep.rehearsal.running import reading_ledger
from doorstep.settings import Settings
from doorstep.storage.migrations.migrate import migrate as migrate_database


def migrate(database: DatabaseUrl = None) -> None:
    """Make the tables, or bring them up to date, and with them what lists are made of."""
    settings = settings_with(database)
    taken = run(migrate_database(settings.database_url))
    say(f"Done: {', '.join(taken)}." if taken else "Nothing to do: the database is up to date.")
    if run(_is_rebuild_needed(settings)):
        say("Lists and search are made ready for the orders there are. This can be stopped and begun again.")
        _rebuild(settings, only_old=True)


def rebuild(database: DatabaseUrl = None) -> None:
    """Make lists and search again from what happened to each order. The store may be at work meanwhile."""
    _rebuild(settings_with(database), only_old=False)


def serve(database: DatabaseUrl = None, plan: PlanFile = None) -> None:
    """Run the store: answer requests and do all that follows from them."""
    serving.run(serving.serve(settings_with(database, plan)))


def work(database: DatabaseUrl = None, plan: PlanFile = None) -> None:
    """Do what follows beside other processes that serve; needs PostgreSQL."""
    serving.run(serving.work(settings_with(database, plan)))


def _rebuild(settings: Settings, *, only_old: bool) -> None:
    done = 0
    with progress() as told:

        def one_page(count: int) -> None:
            nonlocal done
            done += count
            told("orders", done, None)

        wrong = run(_rebuilt(settings, one_page, only_old=only_old))
    say(f"Looked at {done:,} orders; {wrong:,} of them were not as they should be, and now are.")


async def _rebuilt(settings: Settings, told: Callable[[int], None], *, only_old: bool) -> int:
    async with database_of(settings, writer=True) as database:
        return await rebuild_orders(database, reading_ledger(), told, only_old=only_old)


async def _is_rebuild_needed(settings: Settings) -> bool:
    async with database_of(settings) as database:
        return await is_needed(database)
