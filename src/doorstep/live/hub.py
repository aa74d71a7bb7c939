"""The hub: tells listeners in this process which of their topics changed. News are hints; what is so is read again."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from doorstep.kernel.errors import TryLater

_DIGITS_MAX = 15


class News(Struct, frozen=True):
    """What changed since a listener was last told. `id` names this moment, to resume from it.

    With `is_reset` it is not known what changed: everything is to be read again.
    """

    id: str
    topics: frozenset[str]
    is_reset: bool = False


class Hub:
    """Topics such as `board` and `order:ord_…`, and who listens to them.

    It remembers for the latest topics when each was last told, which is all that a listener needs to resume. Everything
    is bounded: the topics remembered, the listeners, and what waits for a listener, which is never more than its own
    topics. A listener that was told of a topic and has not looked yet is not told again, so a slow one costs nothing.
    """

    def __init__(self, epoch: str, *, remembered_max: int = 8192, listeners_max: int = 2048) -> None:
        self.is_closed = False
        self._epoch = epoch
        self._count = 0
        self._forgotten = 0
        self._told: OrderedDict[str, int] = OrderedDict()
        self._attentive: dict[str, set[Listener]] = {}
        self._listeners: set[Listener] = set()
        self._remembered_max = remembered_max
        self._listeners_max = listeners_max

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    @property
    def now(self) -> str:
        """The id of this moment."""
        return f"{self._epoch}-{self._count}"

    def tell(self, topics: Iterable[str]) -> None:
        """These changed."""
        self._count += 1
        for topic in topics:
            self._told[topic] = self._count
            self._told.move_to_end(topic)
            if listeners := self._attentive.pop(topic, None):
                for listener in listeners:
                    listener.hear(topic)
        while len(self._told) > self._remembered_max:
            _, self._forgotten = self._told.popitem(last=False)

    def reset(self) -> None:
        """Something may have been missed: everybody reads again, and nobody resumes from before."""
        self._count += 1
        self._told.clear()
        self._forgotten = self._count
        for listener in self._listeners:
            listener.miss()

    def listen(self, topics: Iterable[str], after: str = "") -> "Listener":
        """Listen from now on, or from the moment that an id names; one that is unknown or too old is a reset."""
        if self.is_closed:
            raise TryLater("stopping", "This process is stopping; please ask again.")
        if len(self._listeners) >= self._listeners_max:
            raise TryLater("too_many_listeners", "Too many are listening; please ask again later.", 10.0)
        listener = Listener(self, frozenset(topics))
        self._listeners.add(listener)
        if after:
            self._catch_up(listener, after)
        self.attend(listener)
        return listener

    def attend(self, listener: "Listener") -> None:
        """The listener is to be told of those of its topics of which it has no news waiting."""
        for topic in listener.topics - listener.waiting:
            self._attentive.setdefault(topic, set()).add(listener)

    def follow(self, listener: "Listener", topics: frozenset[str]) -> None:
        """The listener listens to other topics from now on."""
        if listener in self._listeners:
            self._forget(listener)
            listener.topics = topics
            self.attend(listener)

    def leave(self, listener: "Listener") -> None:
        """The listener listens no more."""
        self._listeners.discard(listener)
        self._forget(listener)

    def close(self) -> None:
        """End all listeners at once; nobody can listen any more."""
        self.is_closed = True
        for listener in tuple(self._listeners):
            listener.end()

    def _forget(self, listener: "Listener") -> None:
        for topic in listener.topics:
            if others := self._attentive.get(topic):
                others.discard(listener)
                if not others:
                    del self._attentive[topic]

    def _catch_up(self, listener: "Listener", after: str) -> None:
        since = self._moment(after)
        if since is None:
            listener.miss()
            return
        for topic in listener.topics:
            if self._told.get(topic, 0) > since:
                listener.hear(topic)

    def _moment(self, after: str) -> int | None:
        """The number in an id, when what was told since is still known."""
        epoch, _, digits = after.rpartition("-")
        if epoch != self._epoch or not (digits.isascii() and digits.isdecimal()) or len(digits) > _DIGITS_MAX:
            return None
        number = int(digits)
        return number if self._forgotten <= number <= self._count else None


class Listener:
    """An iterator of news, until it is ended. What has not been looked at yet is one piece of news."""

    def __init__(self, hub: Hub, topics: frozenset[str]) -> None:
        self.topics = topics
        self.waiting: set[str] = set()
        self._hub = hub
        self._missed = False
        self._stirred = asyncio.Event()
        self._ended = asyncio.Event()

    def follow(self, topics: Iterable[str]) -> None:
        """Listen to these topics from now on, and to no others."""
        if self.topics != (wanted := frozenset(topics)):
            self._hub.follow(self, wanted)

    async def until_ended(self) -> None:
        """Wait until nothing more is told."""
        await self._ended.wait()

    def hear(self, topic: str) -> None:
        """A topic changed."""
        self.waiting.add(topic)
        self._stirred.set()

    def miss(self) -> None:
        """It is not known what changed."""
        self._missed = True
        self._stirred.set()

    def end(self) -> None:
        """Nothing more is told."""
        self._hub.leave(self)
        self._ended.set()
        self._stirred.set()

    def __aiter__(self) -> AsyncIterator[News]:
        return self

    async def __anext__(self) -> News:
        await self._stirred.wait()
        if self._ended.is_set():
            raise StopAsyncIteration
        news = News(self._hub.now, frozenset(self.waiting), self._missed)
        self.waiting, self._missed = set(), False
        self._stirred.clear()
        self._hub.attend(self)
        return news
