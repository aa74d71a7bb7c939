"""A full checkout over HTTP by 32 shoppers, who are in another process: the server's and the database's CPU counts.

Once with nothing behind it but the authorization, and once with every order's whole journey behind it.
"""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
import psutil  # type: ignore[import-untyped]

from bench.figures import Budget, Figure, Round, Row, completing, pace, seconds_of
from bench.server import TOKEN
from bench.shoppers import Connection, Shopping, connect
from bench.topic import Assignment
from doorstep.rehearsal.cost import cost_so_far
from doorstep.storage.database import Database

_SHOPPERS, _ORDERS, _WARM = 32, 2000, 400
_CPU, _P99 = Budget(2.5), Budget(150.0)
_PER_SECOND = {"sqlite": Budget(400, least=True), "postgresql": Budget(250, least=True)}
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.1, 300.0
_WAITS_FOR_MONEY = {"paying"}
_IS_UNDER_WAY = {"paying", "accepting", "confirmed", "picking", "packing", "shipping", "underway"}


class _Column(msgspec.Struct):
    stage: str
    orders: int


class _Board(msgspec.Struct):
    stages: list[_Column]


@dataclass
class Served:
    """A server that runs, and what can be read of it from outside."""

    process: "subprocess.Popen[str]"
    port: int
    database: Database
    board: Connection
    taken: int = 0

    async def cpu_seconds(self) -> float:
        """CPU of the server and of the database so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        database = (await cost_so_far(self.database)).database_seconds
        return float(times.user + times.system) + (database or 0.0)

    async def settled(self, unsettled: set[str]) -> None:
        """Wait until no order is in one of these stages any more."""
        patience = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < patience:
            answer = await self.board.ask("GET", "/api/v1/board", b"", f"Authorization: Bearer {TOKEN}\r\n")
            board = msgspec.json.decode(answer, type=_Board)
            if not any(column.orders for column in board.stages if column.stage in unsettled):
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise TimeoutError("The orders do not settle.")

    async def shop(self, orders: int) -> Shopping:
        """Let shoppers in, so many orders."""
        command = [sys.executable, "-m", "bench.shoppers", *map(str, (self.port, _SHOPPERS, self.taken, orders))]
        self.taken += orders
        shoppers = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        said, _ = await shoppers.communicate()
        return msgspec.json.decode(said, type=Shopping)


async def over_http(assignment: Assignment) -> list[Row]:
    """Nothing behind it: the server's CPU for each order up to its authorization."""
    async with _served(assignment, "alone") as served:
        rounds = [await _round(served, _WAITS_FOR_MONEY) for _ in range(assignment.repetitions)]
    checkouts = [one for one, _ in rounds]
    figures = (*pace(checkouts, cpu=_CPU), *completing(checkouts, _P99))
    return [assignment.row(f"{_SHOPPERS} shoppers, up to authorized", seconds_of(checkouts), figures)]


async def with_journey(assignment: Assignment) -> list[Row]:
    """Every order's whole journey behind it, in the same process."""
    async with _served(assignment, "journey") as served:
        rounds = [await _round(served, _IS_UNDER_WAY) for _ in range(assignment.repetitions)]
    checkouts = [one for one, _ in rounds]
    figures = (
        *pace(checkouts, per_second=_PER_SECOND[assignment.database]),
        *completing(checkouts, _P99),
        Figure("delivered orders/s", tuple(_ORDERS / seconds for _, seconds in rounds)),
    )
    return [assignment.row(f"{_SHOPPERS} shoppers, journey behind it", seconds_of(checkouts), figures)]


async def _round(served: Served, unsettled: set[str]) -> tuple[Round, float]:
    """What the shoppers met, with the CPU up to when all is settled; and the seconds until then."""
    start, began = await served.cpu_seconds(), time.monotonic()
    shopping = await served.shop(_ORDERS)
    await served.settled(unsettled)
    seconds, cpu = time.monotonic() - began, await served.cpu_seconds() - start
    return Round(_ORDERS, shopping.wall_seconds, cpu, shopping.completing_seconds), seconds


@asynccontextmanager
async def _served(assignment: Assignment, how: str) -> AsyncIterator[Served]:
    """A server that has warmed up."""
    port = free_port()
    command = [sys.executable, "-m", "bench.server", assignment.url, str(port), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220 - once
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        database = Database(assignment.url)
        await database.open(writer=False)
        served = Served(process, port, database, await connect(port))
        try:
            await served.shop(_WARM)
            await served.settled(_IS_UNDER_WAY if how == "journey" else _WAITS_FOR_MONEY)
            yield served
        finally:
            served.board.close()
            await database.close()
            process.communicate("")


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
