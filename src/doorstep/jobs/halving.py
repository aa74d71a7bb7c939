"""One transaction for many items: tried again when the database could not, halved when an item spoils it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from doorstep.storage.transaction import Transient

T = TypeVar("T")

_RETRY_SECONDS = (0.02, 0.1, 0.3, 1.0, 2.0)


async def in_halves(
    items: Sequence[T],
    run: Callable[[Sequence[T]], Awaitable[None]],
    failed: Callable[[T, Exception], Awaitable[None]],
) -> None:
    """Run all items in one go; should that fail, each half by itself, until the item that fails alone is found."""
    try:
        await patiently(lambda: run(items))
    except Transient:
        raise
    except Exception as error:
        if len(items) == 1:
            await failed(items[0], error)
            return
        middle = len(items) // 2
        await in_halves(items[:middle], run, failed)
        await in_halves(items[middle:], run, failed)


async def patiently(run: Callable[[], Awaitable[T]]) -> T:
    """Run something, again after a while when the database could not."""
    for wait in _RETRY_SECONDS:
        try:
            return await run()
        except Transient:
            await asyncio.sleep(wait)
    return await run()
