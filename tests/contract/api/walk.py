"""Walks through docs/checkout.md: sends its requests to the program, one after the other, and compares the answers.

A block of `http` is a request, the block of `json` or `text` after it its answer, of which the page shows some fields.
What happens in between stands in comments: `<!-- then: work -->`. Written anew by

    PYTHONPATH=. .venv/bin/python -m tests.contract.api.walk

Ids are the program's own and differ from run to run: the page's stand for them, in the order in which they come.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec

from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.kernel.clock import SimulatedClock
from doorstep.kernel.ids import child
from doorstep.plan.load import load_plan
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.providers.sandbox_webhooks import signature
from doorstep.serving import application
from doorstep.stock.model.sourcing import Moved, Source
from doorstep.web.stream import Pace
from tests.stories.shop import FAST, MORNING, SETTINGS, Shop, opened_shop

PAGE = Path(__file__).parents[3] / "docs" / "checkout.md"
SECRET = "a secret of the shop and its bank"
_PLAN = """
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
time_zone = "Europe/London"
[locations.north]
[locations.south]
[tax]
rates = [{ country = "GB", rate = "0.20" }]
[payment.methods.card]
name = "Card"
provider = "sandbox"
[discounts.WELCOME]
percent = "10"
[shipping.zones.home]
countries = ["GB"]
[shipping.services.standard]
name = "Standard"
[shipping.services.standard.rates.home]
price = "5.00"
transit_days = 3
[shipping.services.express]
name = "Express"
[shipping.services.express.rates.home]
price = "11.00"
transit_days = 1
"""
_ITEMS = (
    Item("MUG", "Mug", 1000, 300),
    Item("POT", "Tea pot", 2900, 1400, substitutes="JUG"),
    Item("JUG", "Jug", 2500, 900),
)
_STOCK = (("north", "MUG", 40), ("south", "POT", 1), ("south", "JUG", 9))
_PART = re.compile(r"```(?P<kind>http|json|text)\n(?P<text>.*?)\n```|<!-- then: (?P<act>[^>]*?) -->", re.DOTALL)
_ID = re.compile(
    r"\b(?:chk|ord|pay|req|evt)_[0-9A-Z]{26}(?:-\d+)?\b|\"token\": \"[^\"]{60,}\"|chk_[^\"/]*/resume/[^\"]+"
)
_QUIET = Pace(gap_seconds=0.0, life_seconds=0.2)


@dataclass
class Walk:
    """A walk under way: the page so far as it should be, and which of its ids is which."""

    shop: Shop
    page: str
    names: dict[str, str] = field(default_factory=dict)
    answer: httpx.Response | None = None

    async def walked(self) -> str:
        """The page as the program answers now."""
        parts, end = [], 0
        for found in _PART.finditer(self.page):
            parts += [self.page[end : found.start()], await self._part(found)]
            end = found.end()
        return "".join([*parts, self.page[end:]])

    async def _part(self, found: "re.Match[str]") -> str:
        whole, text = found[0], found["text"]
        if found["act"]:
            await self._then(*found["act"].split())
        elif found["kind"] == "http":
            self.answer = await self._send(text)
        elif self.answer is not None and found["kind"] == "json":
            return f"```json\n{self._shown(msgspec.json.decode(text))}\n```"
        elif self.answer is not None:
            return f"```text\n{self._named(self.answer.text.strip(), text)}\n```"
        return whole

    async def _send(self, text: str) -> httpx.Response:
        head, _, body = text.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in lines)
        if "Sandbox-Signature" in headers:
            headers["Sandbox-Signature"] = signature(SECRET, self._real(body).encode(), self.shop.clock.now())
        content = self._real(body)
        return await self.shop.http.request(method, self._real(path), content=content, headers=headers)

    def _shown(self, asked: dict[str, Any]) -> str:
        """The answer, of which those fields that the page shows."""
        assert self.answer is not None
        told = self.answer.json()
        missing = asked.keys() - told.keys()
        assert not missing, f"There is no {', '.join(missing)} in the answer {told}"
        shown = msgspec.json.format(msgspec.json.encode({name: told[name] for name in asked}), indent=2).decode()
        return self._named(shown, msgspec.json.format(msgspec.json.encode(asked), indent=2).decode())

    def _named(self, told: str, before: str) -> str:
        """The same text with the page's names for ids; what has none yet is named as the page had it there."""
        ours = [name for name in _ID.findall(before) if name not in self.names]
        for real in dict.fromkeys(_ID.findall(told)):
            if real not in self.names.values():
                self.names[ours.pop(0) if ours else real] = real
        for name, real in self.names.items():
            told = told.replace(real, name)
        return told

    def _real(self, text: str) -> str:
        for name, real in self.names.items():
            text = text.replace(name, real)
        return text

    async def _then(self, act: str, *about: str) -> None:
        """What happens beside the requests."""
        if act == "work":
            await self.shop.work()
        elif act == "approved":
            order = self._real(about[0])
            self.shop.bank.complete_challenge(child("pay", order, int(about[1])), approved=True)
        elif act == "sold":
            await self._sold(about[0])
        else:
            raise ValueError(f"Nobody knows how to {act}.")

    async def _sold(self, sku: str) -> None:
        """Somebody else buys one."""
        body = {"lines": [{"sku": sku, "quantity": 1}], **_SOMEBODY}
        other = (await self.shop.http.post("/api/v1/checkouts", json=body)).json()
        assert (await self.shop.buy(other)).status_code == 200


_SOMEBODY = {
    "buyer": {"email": "grace@example.com", "name": "Grace Hopper"},
    "address": {"country": "GB", "name": "Grace", "street": "1 High Street", "city": "Leeds", "postcode": "LS1 1UR"},
    "service": "standard",
    "method": "card",
}


@asynccontextmanager
async def walking(url: str) -> AsyncIterator[Walk]:
    """A walk through the page in a shop of its own."""
    bank, clock = SandboxPayments(webhook_secret=SECRET), SimulatedClock(MORNING)
    async with opened_shop(url, bank, clock, load_plan(_PLAN, "plan.toml")) as shop:
        async with shop.app.database.begin() as tx:
            await catalog.put(tx, _ITEMS)
            sources = tuple(Source(place, number, sku, count) for number, (place, sku, count) in enumerate(_STOCK, 1))
            await shop.app.shelf.receive(tx, [Moved("second delivery", MORNING, sources)])
        await shop.app.worker.start()
        transport = httpx.ASGITransport(application(shop.app, SETTINGS, FAST, _QUIET))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            yield Walk(Shop(http, shop.app, bank, clock), PAGE.read_text("utf-8"))
        await shop.app.worker.leave()


async def write() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as folder:
        async with walking(f"sqlite:///{folder}/walk.db") as walk:
            PAGE.write_text(await walk.walked(), "utf-8")


if __name__ == "__main__":
    asyncio.run(write())
