"""The table of answers that were given to requests with a key of their caller's, and every statement on it."""

from sqlalchemy import Index, Table, bindparam, delete

from doorstep.storage.schema import metadata, text, whole
from doorstep.storage.statement import insert_rows, plain, select_by, update_by
from doorstep.storage.transaction import Tx

answers = Table(
    "api_answers",
    metadata,
    text("caller", key=True),
    text("key", key=True),
    text("digest"),
    whole("status"),
    text("body"),
    whole("at_ms"),
    sqlite_with_rowid=False,
)
Index("ix_api_answers_at", answers.c.at_ms)

_KEY = ["caller", "key"]
_CLAIM = insert_rows(answers, ignore=True, returning=["key"])
_READ = select_by(answers, _KEY, columns=["digest", "status", "body"])
_KEEP = update_by(answers, _KEY, ["status", "body"])
_TIDY = plain(delete(answers).where(answers.c.at_ms < bindparam("before")))


async def claim(tx: Tx, caller: str, key: str, digest: str, now_ms: int) -> bool:
    """Enter a key that is to be answered; False when it was entered before. Who comes second waits for the first."""
    return bool(await tx.rows(_CLAIM, [(caller, key, digest, 0, "", now_ms)]))


async def read(tx: Tx, caller: str, key: str) -> tuple[str, int, str]:
    """What was kept under a key: digest of the request, status, body."""
    (row,) = await tx.rows(_READ, [(caller, key)])
    return row[0], row[1], row[2]


async def keep(tx: Tx, caller: str, key: str, status: int, body: str) -> None:
    """Keep the answer to a key that was entered in this transaction."""
    await tx.run(_KEEP, [(caller, key, status, body)])


async def tidy(tx: Tx, before_ms: int) -> None:
    """Forget answers that are older."""
    await tx.run(_TIDY, before=before_ms)
