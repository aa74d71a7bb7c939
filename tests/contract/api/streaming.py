"""A client of server-sent events over a bare connection: it reads when it is told to, and not before."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

import httpx
import msgspec

from doorstep.kernel.clock import MachineClock
from doorstep.plan.records import Plan
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.serving import application, ending_streams, listening, telling, working
from doorstep.web.stream import Pace
from tests.stories.shop import BEARER, PLAN, SETTINGS, Shop, free_port, opened_shop

PATIENCE_SECONDS = 20
QUICK = Pace(gap_seconds=0.0)


@dataclass(frozen=True)
class Told:
    """One event as it came."""

    id: str
    name: str
    data: object


@dataclass
class Client:
    """One stream that is open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    status: int = 0
    head: str = ""

    async def next(self) -> Told:
        """The next event."""
        while True:
            fields = dict(
                line.split(": ", 1) for line in (await self.block()).splitlines() if line[:1] not in (":", "")
            )
            if "event" in fields:
                return Told(fields.get("id", ""), fields["event"], msgspec.json.decode(fields["data"]))

    async def block(self) -> str:
        """What is sent next, up to an empty line, without the marks between chunks."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            lines: list[str] = []
            while not lines or lines[-1]:
                line = (await self.reader.readuntil(b"\n")).decode().rstrip("\n")
                if not line.endswith("\r"):
                    lines.append(line)
            return "\n".join(lines[:-1])

    async def rest(self) -> bytes:
        """All that comes until the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.reader.read()


@dataclass(frozen=True)
class Served:
    """A shop that is served at a port, by a process of its own as far as its hub goes."""

    shop: Shop
    port: int

    @asynccontextmanager
    async def stream(self, path: str, **headers: str) -> AsyncIterator[Client]:
        """A stream that is open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=4096)
        try:
            client = Client(reader, writer)
            await _ask(client, path, {**BEARER, **{name.replace("_", "-"): text for name, text in headers.items()}})
            yield client
        finally:
            writer.transport.abort()


async def _ask(client: Client, path: str, headers: Mapping[str, str]) -> None:
    lines = [f"GET {path} HTTP/1.1", "Host: shop", "Connection: close", *(f"{n}: {t}" for n, t in headers.items())]
    client.writer.write("\r\n".join([*lines, "", ""]).encode())
    async with asyncio.timeout(PATIENCE_SECONDS):
        client.head = (await client.reader.readuntil(b"\r\n\r\n")).decode().lower()
    client.status = int(client.head.split()[1])


@asynccontextmanager
async def served(url: str, pace: Pace = QUICK, *, works: bool = True, plan: Plan = PLAN) -> AsyncIterator[Served]:
    """A shop with a server, and a worker behind it unless another process has one."""
    port = free_port()
    async with (
        opened_shop(url, SandboxPayments(), MachineClock(), plan) as shop,
        telling(shop.app),
        listening(application(shop.app, SETTINGS, pace=pace), "127.0.0.1", port),
        ending_streams(shop.app),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as http,
        working(shop.app) if works else nullcontext(),
    ):
        yield Served(Shop(http, shop.app, shop.bank, shop.clock), port)
