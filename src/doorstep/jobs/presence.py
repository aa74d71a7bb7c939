"""Which processes work on this database, and whose work is to be taken over because its process is gone."""

import os
import secrets
import socket
from collections.abc import Callable
from typing import Protocol

from doorstep.jobs import store
from doorstep.kernel.clock import wall_ms
from doorstep.storage.database import Database

LEASE_MS = 15_000


class Signals(Protocol):
    """What tells processes of each other beside the tables: PostgreSQL has it, SQLite has one process only."""

    async def start(self, me: int, woken: Callable[[], None]) -> None:
        """Be known as alive, and hear of new jobs."""
        ...

    async def is_gone(self, other: int) -> bool:
        """Whether a process is certainly gone, before its lease has passed."""
        ...

    async def stop(self) -> None:
        """Be known as gone."""
        ...


class Presence:
    """This process among the workers. It leases itself, not its jobs: one heartbeat covers all that it holds.

    Each start of a process is a new worker with a new number, so that work of an earlier life is never mistaken for its
    own.
    """

    def __init__(self, database: Database, signals: Signals) -> None:
        self.me = secrets.randbits(53) or 1
        self._database = database
        self._signals = signals

    async def arrive(self, woken: Callable[[], None]) -> None:
        """Enter this process among the workers."""
        await self._signals.start(self.me, woken)
        async with self._database.begin() as tx:
            await store.arrive(tx, self.me, f"{socket.gethostname()}:{os.getpid()}", wall_ms())

    async def beat(self) -> bool:
        """Say that this process lives. False: it was given up for dead, and must start over as a new worker."""
        async with self._database.begin() as tx:
            return await store.seen(tx, self.me, wall_ms())

    async def take_over(self) -> int:
        """Free the jobs of processes that are gone; returns how many processes that were."""
        async with self._database.read() as tx:
            others, orphaned = await store.others(tx, self.me), await store.orphaned(tx)
        silent_since = wall_ms() - LEASE_MS
        gone = [other for other, seen in others if seen < silent_since or await self._signals.is_gone(other)]
        gone += orphaned
        if gone:
            async with self._database.begin() as tx:
                for other in gone:
                    await store.hand_back(tx, other)
        return len(gone)

    async def leave(self) -> None:
        """Hand back what this process holds and go."""
        try:
            async with self._database.begin() as tx:
                await store.hand_back(tx, self.me)
        finally:
            await self._signals.stop()
