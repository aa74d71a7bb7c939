"""The gate that admits writing transactions, so that work behind the scenes never slows a shopper down."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

_PROMOTE_EVERY = 8


class Priority(IntEnum):
    """Who goes first when transactions wait."""

    REQUEST = 0
    PAYMENT = 1
    BACKGROUND = 2


class Gate:
    """A number of slots, of which background work gets some. The highest priority goes first.

    Every eighth admission goes to whoever has waited longest, so that a steady stream of requests starves nothing.
    """

    def __init__(self, slots: int, background_slots: int) -> None:
        self._free = slots
        self._background_free = background_slots
        self._waiting: tuple[deque[asyncio.Future[None]], ...] = (deque(), deque(), deque())
        self._arrivals: deque[tuple[Priority, asyncio.Future[None]]] = deque()
        self._admitted = 0

    @asynccontextmanager
    async def admitted(self, priority: Priority) -> AsyncIterator[None]:
        """Wait for a slot, hold it, give it back."""
        await self._enter(priority)
        try:
            yield
        finally:
            self._leave(priority)

    async def _enter(self, priority: Priority) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[priority].append(turn)
        self._arrivals.append((priority, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(priority)
            raise

    def _leave(self, priority: Priority) -> None:
        self._free += 1
        self._background_free += priority is Priority.BACKGROUND
        self._admit()

    def _admit(self) -> None:
        while self._free and (found := self._choose()):
            priority, turn = found
            self._free -= 1
            self._background_free -= priority is Priority.BACKGROUND
            self._admitted += 1
            turn.set_result(None)

    def _choose(self) -> tuple[Priority, asyncio.Future[None]] | None:
        if self._admitted % _PROMOTE_EVERY == _PROMOTE_EVERY - 1 and (oldest := self._oldest()):
            return oldest
        for priority in Priority:
            line = self._waiting[priority]
            while line and line[0].done():
                line.popleft()
            if line and self._may_enter(priority):
                return priority, line.popleft()
        return None

    def _oldest(self) -> tuple[Priority, asyncio.Future[None]] | None:
        while self._arrivals and self._arrivals[0][1].done():
            self._arrivals.popleft()
        return next((one for one in self._arrivals if not one[1].done() and self._may_enter(one[0])), None)

    def _may_enter(self, priority: Priority) -> bool:
        return priority is not Priority.BACKGROUND or self._background_free > 0
