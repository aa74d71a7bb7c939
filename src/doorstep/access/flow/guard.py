"""Counting tries, so that passwords and codes cannot be guessed, nor letter boxes filled."""

from collections.abc import Iterable
from datetime import datetime

from doorstep.access.model.throttling import taken_back, tried
from doorstep.access.store import throttles
from doorstep.storage.transaction import Tx


async def count_try(tx: Tx, keys: Iterable[str], at: datetime) -> None:
    """Count a try against each key, as failed until it is known to be good. Throttled when one of them is blocked."""
    await throttles.save(tx, [tried(one, at) for one in await throttles.lock(tx, keys, at)])


async def was_good(tx: Tx, cleared: str, also: Iterable[str], at: datetime) -> None:
    """The try was good: one key is as new, the others are without this one try."""
    keys = [*also]
    await throttles.save(tx, [taken_back(one) for one in await throttles.lock(tx, keys, at)] if keys else [])
    await throttles.clear(tx, [cleared])
