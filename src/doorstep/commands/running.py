"""The store in operation: its tables, its web, its worker."""

from doorstep import serving
from doorstep.commands.screen import DatabaseUrl, PlanFile, run, say, settings_with
from doorstep.storage.migrations.migrate import migrate as migrate_database


def migrate(database: DatabaseUrl = None) -> None:
    """Make the tables, or bring them up to date."""
    taken = run(migrate_database(settings_with(database).database_url))
    say(f"Done: {', '.join(taken)}." if taken else "Nothing to do: the database is up to date.")


def serve(database: DatabaseUrl = None, plan: PlanFile = None) -> None:
    """Run the store: answer requests and do all that follows from them."""
    serving.run(serving.serve(settings_with(database, plan)))


def work(database: DatabaseUrl = None, plan: PlanFile = None) -> None:
    """Do what follows beside other processes that serve; needs PostgreSQL."""
    serving.run(serving.work(settings_with(database, plan)))
