"""A server takes thousands of connections that ask nothing at the moment, as streams and browsers do."""

import asyncio
import socket
from contextlib import ExitStack

from tests.contract.api.streaming import served

_IDLE = 1200


async def test_those_who_wait_keep_nobody_out(sqlite_url: str) -> None:
    async with served(sqlite_url) as here:
        with ExitStack() as idle:
            for _ in range(_IDLE):
                connect = asyncio.to_thread(socket.create_connection, ("127.0.0.1", here.port), 20)
                idle.enter_context(await connect)
            answer = await here.shop.http.get("/healthz")
    assert answer.status_code == 200
