"""The database as the rest of the program sees it: `begin` to write, `read` to look."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path

from doorstep.kernel.errors import Refused
from doorstep.storage.gate import Gate, Priority
from doorstep.storage.postgres import PostgresServer
from doorstep.storage.sqlite import SqliteFile
from doorstep.storage.transaction import Tx
from doorstep.storage.vitals import Vitals

Probe = Callable[[str], None]
"""Told "before commit" and "after commit" of every writing transaction, so that a test can cut the process there."""


Around = Callable[[Priority], AbstractContextManager[None]]
"""Entered around every writing transaction, its wait for admission included, by whoever measures it."""


def _unwatched(_priority: Priority) -> AbstractContextManager[None]:
    return nullcontext()


def _nothing(_point: str) -> None:
    return None


class Database:
    """One database, of either kind, and the gate before its writing transactions."""

    def __init__(self, url: str, probe: Probe = _nothing, around: Around = _unwatched) -> None:
        self.engine: SqliteFile | PostgresServer = _engine(url)
        self._gate = Gate(self.engine.slots, self.engine.background_slots)
        self._probe = probe
        self._around = around

    async def open(self, *, writer: bool = True) -> None:
        """Connect; a SQLite file is made when it is not there. Without `writer` it is only read."""
        await self.engine.open(writer=writer)

    async def close(self) -> None:
        """Disconnect."""
        await self.engine.close()

    async def vitals(self) -> Vitals:
        """Which database it is and how large."""
        return await self.engine.vitals()

    @asynccontextmanager
    async def begin(self, priority: Priority = Priority.BACKGROUND) -> AsyncIterator[Tx]:
        """A writing transaction, admitted by priority: kept when the block ends, undone when it raises."""
        with self._around(priority):
            async with self._gate.admitted(priority):
                async with self.engine.writing() as transaction:
                    yield transaction
                    self._probe("before commit")
                self._probe("after commit")
        for call in transaction.afterwards:
            call()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A consistent snapshot to read from; it waits for nobody."""
        async with self.engine.reading() as transaction:
            yield transaction


def _engine(url: str) -> SqliteFile | PostgresServer:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SqliteFile(Path(rest[1:]))
    if scheme in ("postgresql", "postgres"):
        return PostgresServer(url)
    raise Refused(
        "bad_database_url", f"{url!r} is no database: write sqlite:///file.db or postgresql://user@host/name."
    )
