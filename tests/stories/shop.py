"""A small shop with its API and its real worker, and what its shoppers do."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from argon2 import PasswordHasher
from msgspec.structs import replace

from doorstep.access.flow.passwords import Passwords
from doorstep.app import App, Outside, build
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.journey.order import Address, Buyer
from doorstep.kernel.clock import Clock, MachineClock, SimulatedClock
from doorstep.plan.load import load_plan
from doorstep.plan.records import Plan
from doorstep.plug.loader import Providers
from doorstep.providers.kept_messages import KeptMessages
from doorstep.providers.sandbox_carrier import SandboxCarrier
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.zone_rate import ZoneRateCarrier
from doorstep.serving import application, listening, working
from doorstep.settings import Settings
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.storage.database import Database
from doorstep.storage.migrations.migrate import migrate

TOKEN = "a-token-for-the-tests"
SETTINGS = Settings(api_token=TOKEN, requests_per_minute=0)
FAST = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
SAYS_YES = "approve"
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADA = Buyer("ada@example.com", "Ada Lovelace")
HOME = Address("GB", "Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH")
PLAN = load_plan(
    """
[store]
name = "Mugs"
country = "GB"
currency = "GBP"
[locations.main]
[tax]
rates = [{ country = "GB", rate = "0.20" }]
[payment.methods.card]
name = "Card"
provider = "sandbox"
[shipping.zones.home]
countries = ["GB"]
[shipping.services.standard]
name = "Standard"
[shipping.services.standard.rates.home]
price = "5.00"
transit_days = 3
""",
    "plan.toml",
)
CAREFUL = replace(PLAN, payment=replace(PLAN.payment, review_over=20_00))
"""The same, but a person looks at every order of more than one mug."""


@dataclass(frozen=True)
class Shop:
    """What a story may do: shop over HTTP, let the worker work, let time pass, look at the bank."""

    http: httpx.AsyncClient
    app: App
    bank: SandboxPayments
    clock: Clock

    async def cart(self, sku: str = "MUG", quantity: int = 1) -> Any:
        """A new checkout with one line."""
        return (await self.http.post("/api/v1/checkouts", json={"lines": [{"sku": sku, "quantity": quantity}]})).json()

    async def ready(self, sku: str = "MUG", quantity: int = 1) -> Any:
        """A checkout that can be completed."""
        cart = await self.cart(sku, quantity)
        body = {"buyer": _of(ADA), "address": _of(HOME), "service": "standard", "method": "card"}
        return (await self.http.patch(f"/api/v1/checkouts/{cart['id']}", json=body)).json()

    async def buy(self, checkout: Any, token: str = SAYS_YES, key: str = "once", total: int = -1) -> httpx.Response:
        """The Buy button."""
        body = {"total_minor": checkout["totals"]["total_minor"] if total < 0 else total, "token": token}
        headers = {"Idempotency-Key": key}
        return await self.http.post(f"/api/v1/checkouts/{checkout['id']}/complete", json=body, headers=headers)

    async def look(self, checkout: Any) -> Any:
        """The checkout as it stands."""
        return (await self.http.get(f"/api/v1/checkouts/{checkout['id']}")).json()

    async def ordered(self, sku: str = "MUG", quantity: int = 1, street: str = HOME.street, **buyer: str) -> str:
        """An order that is paid for and confirmed, or held; its number. It is Ada's but for what is said."""
        cart = await self.cart(sku, quantity)
        to = {**_of(HOME), "street": street}
        body = {"buyer": {**_of(ADA), **buyer}, "address": to, "service": "standard", "method": "card"}
        cart = (await self.http.patch(f"/api/v1/checkouts/{cart['id']}", json=body)).json()
        assert (await self.buy(cart)).status_code == 200
        await self.work()
        number: str = (await self.look(cart))["order"]["number"]
        return number

    async def order(self, checkout: Any) -> Any:
        """The order that a checkout became, as staff sees it."""
        number = (await self.look(checkout))["order"]["number"]
        return (await self.http.get(f"/api/v1/orders/{number}", headers=BEARER)).json()

    async def orders(self) -> list[Any]:
        """Every order, as staff sees them."""
        found: list[Any] = (await self.http.get("/api/v1/orders?limit=200", headers=BEARER)).json()["orders"]
        return found

    async def work(self) -> None:
        """Let the worker do all that is due."""
        await self.app.worker.drain()

    async def later(self, minutes: int) -> None:
        """Let time pass, and the worker work."""
        assert isinstance(self.clock, SimulatedClock)
        self.clock.advance_to(self.clock.now() + timedelta(minutes=minutes))
        await self.work()

    async def reprice(self, price_minor: int) -> None:
        """Give the mug another price."""
        async with self.app.database.begin() as tx:
            await catalog.put(tx, [Item("MUG", "Mug", price_minor, 300)])


BEARER = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def opened_shop(url: str, bank: SandboxPayments, clock: Clock, plan: Plan = PLAN) -> AsyncIterator[Shop]:
    """A shop on a database; opened a second time it goes on where it was."""
    await migrate(url)
    database = Database(url)
    await database.open()
    try:
        app = build(plan, database, Outside(providers(bank), clock, "http://shop.example"))
        await _fill(app)
        transport = httpx.ASGITransport(application(app, SETTINGS, FAST))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            yield Shop(http, app, bank, clock)
    finally:
        await database.close()


@asynccontextmanager
async def served_shop(url: str, bank: SandboxPayments) -> AsyncIterator[Shop]:
    """A shop with a real server on a free port of loopback and the worker behind it, by the machine's clock."""
    async with (
        serving_shop(url, bank) as (shop, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http,
    ):
        yield Shop(http, shop.app, shop.bank, shop.clock)


@asynccontextmanager
async def serving_shop(
    url: str, bank: SandboxPayments | None = None, plan: Plan = PLAN
) -> AsyncIterator[tuple[Shop, int]]:
    """The same, and the port at which it listens, for other clients."""
    port = free_port()
    async with (
        opened_shop(url, bank or SandboxPayments(), MachineClock(), plan) as shop,
        working(shop.app),
        listening(application(shop.app, SETTINGS, FAST), "127.0.0.1", port),
    ):
        yield shop, port


async def until(shop: Shop, checkout: Any, state: str) -> Any:
    """The checkout once it has reached a state, which it must within a reasonable time."""
    async with asyncio.timeout(20):
        while (now := await shop.look(checkout))["state"] != state:
            continue
    return now


def providers(bank: SandboxPayments) -> Providers:
    """A bank, and the other providers that the plan names."""
    carriers = (SandboxCarrier(), ZoneRateCarrier())
    kept = KeptMessages()
    return Providers(
        payments={bank.name: bank},
        carriers={carrier.name: carrier for carrier in carriers},
        notifications={kept.name: kept},
    )


def free_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def _fill(app: App) -> None:
    """A hundred mugs and one vase, the first time."""
    sources = (Source("main", 1, "MUG", 100), Source("main", 2, "VASE", 1))
    async with app.database.begin() as tx:
        await app.plans.store(tx)
        await catalog.put(tx, [Item("MUG", "Mug", 1000, 300), Item("VASE", "Vase", 9000, 2000)])
        await app.shelf.receive(tx, [Moved("first delivery", MORNING, sources)])


def _of(record: Buyer | Address) -> dict[str, str]:
    return {name: getattr(record, name) for name in record.__struct_fields__}
