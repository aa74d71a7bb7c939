"""The table of the store's own secrets, and every statement on it."""

from sqlalchemy import Table

from doorstep.storage.schema import metadata, text
from doorstep.storage.statement import insert_rows, select_by
from doorstep.storage.transaction import Tx

secrets = Table("secrets", metadata, text("name", key=True), text("value"), sqlite_with_rowid=False)

_INSERT = insert_rows(secrets, ignore=True)
_SELECT = select_by(secrets, ["name"])


async def load(tx: Tx, name: str) -> str | None:
    """A secret by name."""
    rows = await tx.rows(_SELECT, [(name,)])
    return str(rows[0][1]) if rows else None


async def keep(tx: Tx, name: str, value: str) -> None:
    """Write a secret, unless there is one of that name."""
    await tx.run(_INSERT, [(name, value)])
