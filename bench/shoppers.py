"""Shoppers at many connections, in a process of their own: each checks out, one order after the other.

Four requests an order: create, buyer and address, the choices, complete. Prints how it went as JSON.
"""

import asyncio
import sys
import time
from collections.abc import Iterator

import msgspec
import uvloop
from msgspec import Struct

from bench.a_store import ADDRESS, BUYER, METHOD, SERVICE, spread


class Shopping(Struct, frozen=True):
    """How it went: seconds for all orders, and for completing each."""

    wall_seconds: float
    completing_seconds: list[float]


class _Totals(Struct):
    total_minor: int


class _View(Struct):
    id: str
    state: str
    totals: _Totals


_read = msgspec.json.Decoder(_View).decode
_write = msgspec.json.Encoder().encode
_TO_WHOM = _write({"buyer": BUYER, "address": ADDRESS})
_CHOICES = _write({"service": SERVICE, "method": METHOD})


class Connection:
    """One connection, kept open, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, method: str, path: str, body: bytes, headers: str = "") -> bytes:
        """The body of the answer; anything but a success is an error."""
        head = f"{method} {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n{headers}"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answered = await self._reader.readuntil(b"\r\n\r\n")
        length = answered.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        content = await self._reader.readexactly(int(length))
        if answered[9:10] != b"2":
            raise RuntimeError(f"{method} {path}: {content.decode()}")
        return content

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def connect(port: int) -> Connection:
    """A connection to a server on this machine."""
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


async def shop(port: int, shoppers: int, first: int, orders: int) -> Shopping:
    """So many orders, numbered from the first, by so many shoppers."""
    took: list[float] = []
    connections = [await connect(port) for _ in range(shoppers)]
    numbers = iter(range(first, first + orders))
    began = time.perf_counter()
    await asyncio.gather(*(_check_out_on(connection, numbers, took) for connection in connections))
    return Shopping(time.perf_counter() - began, took)


async def _check_out_on(connection: Connection, numbers: Iterator[int], took: list[float]) -> None:
    for number in numbers:
        took.append(await _check_out(connection, number))
    connection.close()


async def _check_out(connection: Connection, number: int) -> float:
    """One order; returns the seconds that completing took."""
    lines = [{"sku": line.sku, "quantity": line.quantity} for line in spread(number)]
    opened = _read(await connection.ask("POST", "/api/v1/checkouts", _write({"lines": lines})))
    path = f"/api/v1/checkouts/{opened.id}"
    await connection.ask("PATCH", path, _TO_WHOM)
    ready = _read(await connection.ask("PATCH", path, _CHOICES))
    agreed = _write({"total_minor": ready.totals.total_minor, "token": "approve"})
    began = time.perf_counter()
    await connection.ask("POST", f"{path}/complete", agreed, f"Idempotency-Key: key-{number}\r\n")
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.buffer.write(_write(uvloop.run(shop(*map(int, sys.argv[1:])))))
