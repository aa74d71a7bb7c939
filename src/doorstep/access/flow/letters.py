"""Mail to the staff, as jobs: written with the link, sent once at most, and kept without it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from doorstep.access.model.mail import Letter, said
from doorstep.jobs.model import Called, NewJob, Task
from doorstep.jobs.queue import Queue
from doorstep.kernel.clock import from_ms, to_ms
from doorstep.messages.flow import Messages, SendCall, Wish, with_link
from doorstep.messages.model import Notice
from doorstep.plug.notification import SendOutcome
from doorstep.storage.transaction import Tx

MAIL = "access.mail"
_encode = msgspec.json.Encoder().encode


class Way(Struct, frozen=True):
    """How the store writes to its staff: channel and provider, and what it calls itself."""

    channel: str
    provider: str
    store: str


class Letters:
    """Writes to the staff."""

    def __init__(self, messages: Messages, queue: Queue, way: Way) -> None:
        self._messages = messages
        self._queue = queue
        self._way = way

    async def post(self, tx: Tx, letters: Iterable[Letter], at: datetime) -> None:
        """Have letters sent after the commit."""
        await self._queue.enqueue(tx, [_job(letter, at) for letter in letters])

    async def open(self, tx: Tx, tasks: Sequence[Task[Letter]]) -> list[SendCall | None]:
        """Record what is sent, without the links; a letter whose link works no more is not sent."""
        timely = [task for task in tasks if task.at < from_ms(task.body.useless_at_ms)]
        wishes = [Wish(self._notice(task.body), task.at, task.body.this_try) for task in timely]
        calls = dict(zip((task.key for task in timely), await self._messages.open(tx, wishes), strict=True))
        return [with_link(calls.get(task.key), task.body.link) for task in tasks]

    async def call(self, call: SendCall) -> SendOutcome:
        """Hand a letter over, with nothing locked."""
        return await self._messages.call(call)

    def lost(self, call: SendCall) -> SendOutcome:
        """A letter that ran out of time may have gone."""
        return self._messages.lost(call)

    async def settle(self, tx: Tx, ended: Sequence[Called[Letter, SendCall, SendOutcome]]) -> None:
        """Judge the answers; what was surely not sent is tried again later."""
        again = await self._messages.settle(tx, [(one.task.body.key, one.outcome) for one in ended])
        for one in ended:
            if (wait := again.get(one.task.body.key)) is not None:
                letter = replace(one.task.body, this_try=one.task.body.this_try + 1)
                await self.post(tx, [letter], one.task.at + wait)

    def _notice(self, letter: Letter) -> Notice:
        """The letter as it is kept. It belongs to the person, as a customer's notice does to their order."""
        text = said(letter, self._way.store)
        return Notice(
            key=letter.key,
            order_id=letter.staff_id,
            channel=self._way.channel,
            provider=self._way.provider,
            recipient=letter.recipient,
            subject=text.subject,
            text=text.text,
            order_number="",
        )


def _job(letter: Letter, at: datetime) -> NewJob:
    body = _encode(letter).decode()
    return NewJob(MAIL, f"{MAIL}:{letter.key}:{letter.this_try}", body, to_ms(at), letter.staff_id)
