"""A flash sale: 5,000 buyers over HTTP want 500 units of one SKU, and all press Buy at the same moment.

The server is `doorstep serve` as anybody starts it; the buyers are in other processes, each with a connection of its
own. Afterwards the bank's own books are read: it guaranteed the money of every order that was placed, once, and of no
other.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import msgspec
from msgspec import Struct

from bench.a_store import folder, offer, opened
from bench.buyers import SKU, Told
from bench.figures import Budget, Figure, Row
from bench.over_http import Served, free_port
from bench.server import TOKEN
from bench.shoppers import connect
from bench.starting import serving
from bench.topic import Assignment
from doorstep.kernel.clock import MachineClock
from doorstep.plug.payment import PaymentAct
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.storage.database import Database

BUYERS, UNITS, _PROCESSES = 5000, 500, 2
_TOLD_MS, _NONE = Budget(1000.0), Budget(0.0)


class Sale(Struct, frozen=True):
    """How one sale went."""

    told: list[Told]
    seconds: float
    cpu_seconds: float
    charged: int

    @property
    def sold(self) -> int:
        """Orders that were placed."""
        return len({one.said for one in self.told if one.status == 200})

    @property
    def losers(self) -> list[Told]:
        """Those who came too late."""
        return [one for one in self.told if one.said == "insufficient_stock"]

    @property
    def errors(self) -> int:
        """Those who were told neither."""
        return len(self.told) - len(self.losers) - sum(one.status == 200 for one in self.told)


async def flash_sale(assignment: Assignment) -> list[Row]:
    """One sale: a shelf is empty only once."""
    with folder() as place:
        sale = await _sale(assignment.url, Path(place))
    assert (sale.sold, sale.charged) == (UNITS, UNITS), (sale.sold, sale.charged, Counter(o.said for o in sale.told))
    winners = [one.seconds for one in sale.told if one.status == 200]
    figures = (
        Figure("orders placed", (sale.sold,), Budget(UNITS, least=True)),
        Figure("buyers charged for nothing", (sale.charged - sale.sold,), _NONE),
        Figure("buyers told of an error", (sale.errors,), _NONE),
        Figure("told to ask again (503)", (sum(one.waits for one in sale.told),)),
        Figure("losers told, p50 ms", (_percentile(sale.losers, 50),)),
        Figure("losers told, p99 ms", (_percentile(sale.losers, 99),), _TOLD_MS),
        Figure("the last winner told, ms", (1000 * max(winners),)),
        Figure("CPU ms per buyer", (1000 * sale.cpu_seconds / BUYERS,)),
    )
    return [assignment.row(f"{BUYERS:,} buyers at once for {UNITS} units", sale.seconds, figures)]


async def _sale(url: str, place: Path) -> Sale:
    async with opened(url, MachineClock()) as app:
        await offer(app, "opening", {SKU: UNITS})
    port = free_port()
    settings = {"DATA_DIR": "books", "API_TOKEN": TOKEN, "REQUESTS_PER_MINUTE": "0"}
    with serving(url, place, port, **settings) as process:
        database = Database(url)
        await database.open(writer=False)
        served = Served(process, port, database, await connect(port))
        buyers = await asyncio.gather(*(_enter(port) for _ in range(_PROCESSES)))
        start, began = await served.cpu_seconds(), time.perf_counter()
        told = [one for part in await asyncio.gather(*map(_bought, buyers)) for one in part]
        seconds = time.perf_counter() - began
        await served.settled({"paying"})
        cpu = await served.cpu_seconds() - start
        served.board.close()
        await database.close()
    return Sale(told, seconds, cpu, _charged(place / "books" / "payments.jsonl", told))


async def _enter(port: int) -> Process:
    """A part of the buyers, in a process of their own, their carts filled."""
    command = [sys.executable, "-m", "bench.buyers", str(port), str(BUYERS // _PROCESSES)]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def _bought(process: Process) -> list[Told]:
    """Let them press Buy; what they were told."""
    said, _ = await process.communicate(b"go\n")
    assert process.returncode == 0
    return msgspec.json.decode(said, type=list[Told])


def _charged(books: Path, told: Sequence[Told]) -> int:
    """Orders whose money the bank guaranteed, once each: all of them were placed, or this fails."""
    bank = SandboxPayments(books)
    charged = [one.order_number for one in bank.books() if one.act is PaymentAct.AUTHORIZE]
    placed = {one.said for one in told if one.status == 200}
    assert len(charged) == len(set(charged)), "Somebody was charged twice."
    assert set(charged) <= placed, "Somebody was charged without an order."
    return len(charged)


def _percentile(told: Sequence[Told], percent: int) -> float:
    return 1000 * quantiles([one.seconds for one in told], n=100)[percent - 1]
