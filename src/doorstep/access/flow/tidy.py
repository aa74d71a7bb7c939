"""Deleting what has ended by itself: sessions, throttles, links."""

from collections.abc import Sequence

from doorstep.access.store import links, sessions, throttles
from doorstep.jobs.model import Task
from doorstep.storage.transaction import Tx

TIDY = "access.tidy"


async def tidy(tx: Tx, tasks: Sequence[Task[None]]) -> None:
    """Delete what no page and no person can use any more."""
    for task in tasks:
        await sessions.tidy(tx, task.at)
        await throttles.tidy(tx, task.at)
        await links.tidy(tx, task.at)
