"""Buyers of a flash sale, in a process of their own: each has a connection and a cart, and all press Buy at once.

Says "ready" when every cart waits to be bought, and begins at a line on its input. Who is told that there is no room at
the moment asks again after the seconds that the answer names, with the same key. Prints how it went as JSON.
"""

import asyncio
import sys
import time

import msgspec
import uvloop
from msgspec import Struct

from bench.a_store import ADDRESS, BUYER, METHOD, SERVICE

SKU = "THE-ONE"
_PREPARED_AT_ONCE = 32
_KEEPS_ASKING_SECONDS = 60.0


class Told(Struct, frozen=True):
    """What a buyer was told in the end: the order's number or why there is none, after how many seconds, and how often
    there was no room before.
    """

    status: int
    said: str
    seconds: float
    waits: int


class _Order(Struct):
    number: str


class _View(Struct):
    id: str = ""
    totals: dict[str, int] = {}
    order: _Order | None = None
    code: str = ""


class Reply(Struct, frozen=True):
    """An answer as it came."""

    status: int
    head: str
    body: bytes


_read = msgspec.json.Decoder(_View).decode
_write = msgspec.json.Encoder().encode
_CART = _write(
    {
        "lines": [{"sku": SKU, "quantity": 1}],
        "buyer": BUYER,
        "address": ADDRESS,
        "service": SERVICE,
        "method": METHOD,
    }
)


class Buyer:
    """One buyer at one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._cart = _View()

    async def fill(self) -> None:
        """Open a checkout that can be completed."""
        answer = await self._ask("/api/v1/checkouts", _CART)
        assert answer.status == 201, answer
        self._cart = _read(answer.body)

    async def buy(self) -> Told:
        """Press Buy, and again for as long as there is no room."""
        body = _write({"total_minor": self._cart.totals["total_minor"], "token": "approve"})
        path, key = f"/api/v1/checkouts/{self._cart.id}/complete", f"Idempotency-Key: {self._cart.id}\r\n"
        began, waits = time.perf_counter(), 0
        while True:
            answer = await self._ask(path, body, key)
            took = time.perf_counter() - began
            if answer.status != 503 or took > _KEEPS_ASKING_SECONDS:
                view = _read(answer.body)
                return Told(answer.status, view.order.number if view.order else view.code, took, waits)
            waits += 1
            await asyncio.sleep(float(_header(answer.head, "retry-after")))

    async def _ask(self, path: str, body: bytes, headers: str = "") -> Reply:
        head = f"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n{headers}"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        content = await self._reader.readexactly(int(_header(answered, "content-length")))
        return Reply(int(answered[9:12]), answered, content)


def _header(head: str, name: str) -> str:
    return head.partition(f"\n{name}:")[2].partition("\r")[0].strip()


async def sale(port: int, buyers: int) -> list[Told]:
    """What so many buyers were told."""
    room = asyncio.Semaphore(_PREPARED_AT_ONCE)

    async def enter() -> Buyer:
        async with room:
            buyer = Buyer(*await asyncio.open_connection("127.0.0.1", port))
            await buyer.fill()
            return buyer

    ready = await asyncio.gather(*(enter() for _ in range(buyers)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    return await asyncio.gather(*(buyer.buy() for buyer in ready))


if __name__ == "__main__":
    sys.stdout.buffer.write(_write(uvloop.run(sale(*map(int, sys.argv[1:])))))
