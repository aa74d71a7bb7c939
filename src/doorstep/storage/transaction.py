"""What a flow sees of the database: one open transaction."""

from collections.abc import Callable, Sequence
from typing import Protocol

from doorstep.kernel.errors import Refused, TryLater
from doorstep.storage.statement import Row, Statement, Value


class Transient(TryLater):
    """The database could not do it now (busy, deadlock, connection lost). The same work may be tried again."""

    def __init__(self, message: str) -> None:
        super().__init__("storage_unavailable", message, retry_after_seconds=1.0)


def unstorable() -> Refused:
    """The refusal of a text with a NUL, which PostgreSQL cannot store and SQLite cuts off."""
    return Refused("bad_text", "A text holds a NUL character, which cannot be stored.")


class Tx(Protocol):
    """One open transaction. What it did is kept when its block ends, or not at all when the block raises."""

    async def rows(
        self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value
    ) -> Sequence[Row]:
        """Run a statement and return its rows. An empty batch asks nothing and returns nothing."""
        ...

    async def run(self, statement: Statement, batch: Sequence[Sequence[Value]] | None = None, **given: Value) -> None:
        """Run a statement whose rows are not wanted."""
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something done right after the commit; never if there is none."""
        ...
