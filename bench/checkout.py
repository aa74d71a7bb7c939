"""A full checkout over HTTP: CPU of the server per order, orders a second, and how long completing takes.

    python -m bench.checkout [--orders 4000] [--clients 32] [--database URL] [--working]

Four requests an order: create, buyer and address, the choices, complete. Without `--working` nothing runs behind it.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import psutil  # type: ignore[import-untyped]

from doorstep import serving
from doorstep.app import App
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.plan.template import new_plan
from doorstep.settings import Settings
from doorstep.stock.model import Moved, Source

SKUS = 1000
_BUYER = {
    "buyer": {"email": "ada@example.com", "name": "Ada Lovelace"},
    "address": {
        "country": "GB",
        "name": "Ada Lovelace",
        "street": "12 St James's Square",
        "city": "London",
        "postcode": "SW1Y 4JH",
    },
}
_CHOICES = {"service": "standard", "method": "card"}


@dataclass
class Client:
    """One connection that is kept, and the requests over it."""

    port: int
    reader: asyncio.StreamReader = field(init=False)
    writer: asyncio.StreamWriter = field(init=False)

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: object, key: str = "") -> Any:
        """The answer to one request."""
        content = json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(content)}\r\n" + (f"Idempotency-Key: {key}\r\n" if key else "")
        self.writer.write(head.encode() + b"\r\n" + content)
        answered = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answered.split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = json.loads(await self.reader.readexactly(length))
        assert b" 20" in answered[:13], answer
        return answer


async def check_out(client: Client, number: int) -> float:
    """One order; returns how many seconds completing took."""
    lines = [{"sku": f"SKU-{(number * 7 + part * 331) % SKUS}", "quantity": 1 + part} for part in range(2)]
    opened = await client.ask("POST", "/api/v1/checkouts", {"lines": lines})
    path = f"/api/v1/checkouts/{opened['id']}"
    await client.ask("PATCH", path, _BUYER)
    ready = await client.ask("PATCH", path, _CHOICES)
    body = {"total_minor": ready["totals"]["total_minor"], "token": "approve"}
    began = perf_counter()
    await client.ask("POST", f"{path}/complete", body, f"key-{number}")
    return perf_counter() - began


async def load(port: int, clients: int, orders: int) -> list[float]:
    """So many orders from so many clients at once."""
    numbers, took = iter(range(orders)), list[float]()

    async def shop() -> None:
        client = Client(port)
        await client.open()
        for number in numbers:
            took.append(await check_out(client, number))
        client.writer.close()

    await asyncio.gather(*(shop() for _ in range(clients)))
    return took


async def fill(app: App) -> None:
    """Goods for sale."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    async with app.database.begin() as tx:
        await catalog.put(tx, [Item(f"SKU-{number}", f"Item {number}", 1000, 300) for number in range(SKUS)])
        sources = tuple(Source("main", 1, f"SKU-{number}", 1_000_000) for number in range(SKUS))
        await app.shelf.receive(tx, [Moved("bench", at, sources)])


async def stand(settings: Settings, *, working: bool) -> None:
    """The server that is measured; it says when it listens and ends with its input."""
    serving.log_to(sys.stderr)
    async with serving.opened(settings) as app:
        await fill(app)
        async with (
            serving.working(app) if working else nullcontext(),
            serving.listening(serving.application(app), settings.host, settings.port),
        ):
            serving._settle_memory()  # noqa: SLF001 - as `serve` does it
            sys.stdout.write("listening\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)


def measure(options: Namespace, folder: Path) -> str:
    """Start the server in a process of its own, load it, and say what it took."""
    plan = folder / "plan.toml"
    plan.write_text(new_plan("Bench", "GB", "GBP"), encoding="utf-8")
    url, port = options.database or f"sqlite:///{folder}/bench.db", _free_port()
    command = [sys.executable, "-m", "bench.checkout", "--stand", f"{port}", "--plan", f"{plan}", "--database", url]
    command += ["--working"] if options.working else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "listening\n"
        process = psutil.Process(server.pid)
        asyncio.run(load(port, options.clients, options.clients * 10))
        before, began = sum(process.cpu_times()[:2]), perf_counter()
        took = asyncio.run(load(port, options.clients, options.orders))
        wall, cpu = perf_counter() - began, sum(process.cpu_times()[:2]) - before
        memory = process.memory_info().rss / 2**20
        server.communicate("")
    p99 = quantiles(took, n=100)[-1] * 1000
    per_order = f"{cpu / len(took) * 1000:.2f} ms CPU an order, {len(took) / wall:.0f} orders/s"
    return f"{per_order}, completing median {median(took) * 1000:.0f} ms, p99 {p99:.0f} ms, {memory:.0f} MB\n"


def main() -> None:
    """Read the command line."""
    parser = ArgumentParser()
    parser.add_argument("--orders", type=int, default=4000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--database")
    parser.add_argument("--working", action="store_true")
    parser.add_argument("--stand", type=int)
    parser.add_argument("--plan", default="")
    options = parser.parse_args()
    if options.stand:
        settings = Settings(database_url=options.database, plan=options.plan, port=options.stand)
        serving.run(stand(settings, working=options.working))
        return
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(measure(options, Path(folder)))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
