"""A shop in which things run out: one vase, two jars that may be had in its place, and mugs."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from msgspec.structs import replace

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.kernel.clock import SimulatedClock
from doorstep.plan.records import Plan, Unanswered
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.stock.model.sourcing import Moved, Source
from tests.stories.shop import ADA, HOME, MORNING, PLAN, Shop, opened_shop

VASE = Item("VASE", "Vase", 9000, 2000, substitutes="BOWL JAR")
JAR = Item("JAR", "Jar", 8000, 2000)
BOWL = Item("BOWL", "Bowl", 7000, 2000)
FILLED: dict[str, Any] = {
    "buyer": {"email": ADA.email, "name": ADA.name},
    "address": {name: getattr(HOME, name) for name in ("country", "name", "street", "city", "postcode")},
    "service": "standard",
    "method": "card",
}


def a_plan(default: str = "wait", **stock: Any) -> Plan:
    """The plan of the shop with some of its rules for stock changed."""
    rules = replace(PLAN.stock, default_when_unavailable=Unanswered(default), **stock)
    return replace(PLAN, stock=rules)


@dataclass(frozen=True)
class Scarce:
    """What happens in it."""

    shop: Shop

    async def cart(self, **lines: int) -> Any:
        """A checkout that can be completed if all is there."""
        body = {**FILLED, "lines": [{"sku": sku, "quantity": count} for sku, count in lines.items()]}
        return (await self.shop.http.post("/api/v1/checkouts", json=body)).json()

    async def gone(self, **lines: int) -> Any:
        """A checkout whose vase went to somebody else when it was to be paid for."""
        mine, theirs = await self.cart(**(lines or {"VASE": 1})), await self.cart(VASE=1)
        assert (await self.shop.buy(theirs, key="theirs")).status_code == 200
        assert (await self.shop.buy(mine, key="mine")).json()["code"] == "insufficient_stock"
        return await self.shop.look(mine)

    async def say(
        self, checkout: Any, choice: str, key: str = "said", question: str = "", **more: str
    ) -> httpx.Response:
        """An answer to a question of a checkout, the first if none is named."""
        asked = question or checkout["questions"][0]["id"]
        body = {"question_id": asked, "choice": choice, **more}
        path = f"/api/v1/checkouts/{checkout['id']}/answers"
        return await self.shop.http.post(path, json=body, headers={"Idempotency-Key": key})

    async def reserved(self, *skus: str) -> Sequence[int]:
        """How many of each item are kept for somebody."""
        async with self.shop.app.database.read() as tx:
            found = await self.shop.app.shelf.read(tx, skus)
        return [sum(one.reserved for one in found if one.sku == sku) for sku in skus]

    async def change(self, checkout: Any, **fields: Any) -> Any:
        """The checkout after a change."""
        return (await self.shop.http.patch(f"/api/v1/checkouts/{checkout['id']}", json=fields)).json()


@asynccontextmanager
async def scarce_shop(url: str, plan: Plan | None = None) -> AsyncIterator[Scarce]:
    """The shop on a database."""
    async with opened_shop(url, SandboxPayments(), SimulatedClock(MORNING), plan or a_plan()) as shop:
        await stock_up(shop)
        await shop.app.worker.start()
        yield Scarce(shop)
        await shop.app.worker.leave()


async def stock_up(shop: Shop) -> None:
    """Two jars, no bowl."""
    async with shop.app.database.begin() as tx:
        await catalog.put(tx, [VASE, JAR, BOWL])
        await shop.app.shelf.receive(tx, [Moved("jars", MORNING, (Source("main", 1, "JAR", 2),))])
