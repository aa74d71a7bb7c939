"""Between processes: what one tells reaches the listeners of the others a moment later, by a wire that the database is.

Telling is gathered for a tenth of a second and sent apart from every transaction that changes orders.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

import structlog

from doorstep.live.hub import Hub
from doorstep.storage.transaction import Transient

_log = structlog.get_logger("doorstep.live")
_GATHER_SECONDS = 0.1
_LOOK_SECONDS = 15.0
_BACK_OFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
_PAYLOAD_BYTES_MAX = 7900
_TOPICS_MAX = 2000
_EVERYTHING = "*"


class Wire(Protocol):
    """What carries messages between the processes of one database. `connect`, `send` and `look` raise Transient."""

    async def connect(self, heard: Callable[[str], None]) -> None:
        """Be on the wire: `heard` is called with each message of another process."""
        ...

    async def send(self, messages: Sequence[str]) -> None:
        """Send messages to all other processes."""
        ...

    async def look(self) -> None:
        """See whether the wire still holds."""
        ...

    async def close(self) -> None:
        """Be off the wire."""
        ...


class Across:
    """Tells the hub of this process, and by the wire the hubs of the others; what they tell, it tells the hub.

    Without a wire there is no other process. While the wire is down, what is to be sent waits, bounded; when it holds
    again everybody reads again, since nobody knows what was missed.
    """

    def __init__(self, hub: Hub, wire: Wire | None) -> None:
        self._hub = hub
        self._wire = wire
        self._waiting: set[str] = set()
        self._stirred = asyncio.Event()

    def tell(self, topics: Collection[str]) -> None:
        """These changed."""
        self._hub.tell(topics)
        if self._wire is None:
            return
        if len(self._waiting) < _TOPICS_MAX:
            self._waiting.update(topics)
        else:
            self._waiting = {_EVERYTHING}
        self._stirred.set()

    async def run(self) -> None:
        """Carry messages until canceled."""
        if self._wire is None:
            return
        try:
            await self._carry(self._wire)
        finally:
            await self._wire.close()

    async def _carry(self, wire: Wire) -> None:
        failed, was_on = 0, False
        while True:
            try:
                await wire.connect(self._heard)
                if was_on or failed:
                    self._hub.reset()
                failed, was_on = 0, True
                await self._send_on(wire)
            except Transient as error:
                wait = _BACK_OFF_SECONDS[min(failed, len(_BACK_OFF_SECONDS) - 1)]
                failed += 1
                _log.warning("other processes cannot be told; trying again", error=str(error), seconds=wait)
                await wire.close()
                await asyncio.sleep(wait)

    async def _send_on(self, wire: Wire) -> None:
        while True:
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._stirred.wait()
            except TimeoutError:
                await wire.look()
                continue
            await self._send(wire)
            await asyncio.sleep(_GATHER_SECONDS)

    async def _send(self, wire: Wire) -> None:
        self._stirred.clear()
        sending, self._waiting = self._waiting, set()
        try:
            await wire.send(list(messages(sending)))
        except BaseException:
            self._waiting |= sending
            self._stirred.set()
            raise

    def _heard(self, message: str) -> None:
        topics = message.split(" ")
        if _EVERYTHING in topics:
            self._hub.reset()
        else:
            self._hub.tell(topics)


def messages(topics: Collection[str]) -> Iterator[str]:
    """Topics as few messages, none larger than the wire carries; very many are one that says: read everything again."""
    told = sorted(topics)
    if _EVERYTHING in told or len(told) > _TOPICS_MAX:
        yield _EVERYTHING
        return
    line: list[str] = []
    size = 0
    for topic in told:
        needed = len(topic.encode()) + 1
        if line and size + needed > _PAYLOAD_BYTES_MAX:
            yield " ".join(line)
            line, size = [], 0
        line.append(topic)
        size += needed
    if line:
        yield " ".join(line)
