"""Letting everything else on the event loop go on, as far as it can without waiting for anything."""

import asyncio


async def others_go_on(turns: int = 10) -> None:
    """Give every task that is ready its turn, some times over."""
    loop = asyncio.get_running_loop()
    for _ in range(turns):
        turn: asyncio.Future[None] = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
