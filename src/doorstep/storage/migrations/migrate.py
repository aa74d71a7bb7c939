"""Bring a database to the step that this program needs."""

from doorstep.storage.migrations.version import is_current


async def migrate(database_url: str) -> list[str]:
    """Make or alter the tables; returns the steps that were taken, none when the database is current.

    Of several processes that start at once one migrates and the others wait for it. All steps are kept, or none.
    Refused when a newer program has migrated the database, or when no server answers.
    """
    if await is_current(database_url):
        return []
    from doorstep.storage.migrations.upgrade import upgrade  # noqa: PLC0415 - most starts do without Alembic's 0.1 s

    return await upgrade(database_url)
