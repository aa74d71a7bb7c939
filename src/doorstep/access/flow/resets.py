"""Forgotten passwords: who it is about is looked up in a job, so that asking takes as long for anybody."""

from collections.abc import Sequence

from msgspec import Struct

from doorstep.access.flow.guard import count_try
from doorstep.access.flow.letters import Letters
from doorstep.access.flow.links import new_link
from doorstep.access.flow.staff import letter_to
from doorstep.access.model.links import LIFETIMES, Purpose, address_of
from doorstep.access.model.throttling import Guarded, Throttled, key_of
from doorstep.access.store import staff as store
from doorstep.jobs.model import Task
from doorstep.kernel.clock import to_ms
from doorstep.storage.transaction import Tx

RESET = "access.reset"


class ResetWish(Struct, frozen=True):
    """Somebody says that they forgot the password of this address; and how people reach this deployment."""

    email: str
    public_url: str


class Resets:
    """Writes to those who forgot their password."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def run(self, tx: Tx, tasks: Sequence[Task[ResetWish]]) -> None:
        """A link and a letter for each who is active staff; nothing for anybody else, or when asked too often."""
        for task in tasks:
            await self._answer(tx, task)

    async def _answer(self, tx: Tx, task: Task[ResetWish]) -> None:
        known = await store.by_email(tx, task.body.email)
        member = await store.lock(tx, known.id) if known else None
        if member is None or not member.is_active:
            return
        try:
            await count_try(tx, [key_of(Guarded.MAIL, member.id)], task.at)
        except Throttled:
            return
        token = await new_link(tx, Purpose.RESET, member.id, task.at)
        link = address_of(task.body.public_url, Purpose.RESET, token)
        ends_ms = to_ms(task.at + LIFETIMES[Purpose.RESET])
        await self._letters.post(tx, [letter_to(member, Purpose.RESET, link, ends_ms)], task.at)
