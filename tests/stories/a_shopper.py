"""A shop that Doorstep itself shows, with goods in two warehouses, and a shopper whose browser has no scripts."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import httpx
from msgspec.structs import replace

from doorstep.app import challenge_url
from doorstep.catalog import store as catalog
from doorstep.catalog.model import Item
from doorstep.kernel.clock import Clock, MachineClock
from doorstep.plan.load import load_plan
from doorstep.plan.records import Plan
from doorstep.providers.sandbox_payment import SandboxPayments
from doorstep.serving import application, listening, working
from doorstep.stock.model.sourcing import Moved, Source
from tests.stories.people import Browser, browsing
from tests.stories.shop import FAST, MORNING, SAYS_YES, SETTINGS, Shop, free_port, opened_shop

PLAN = load_plan(
    """
[store]
name = "Mill Lane Tea"
country = "GB"
currency = "GBP"
time_zone = "Europe/London"
support_email = "help@example.com"
[placement]
hosted_shop = true
[locations.north]
[locations.south]
[tax]
rates = [{ country = "GB", rate = "0.20" }]
[discounts.WELCOME]
percent = 10
[discounts.BIG]
amount = "5.00"
minimum = "50.00"
[payment.methods.card]
name = "Card"
provider = "sandbox"
[payment.methods.wallet]
name = "Wallet"
provider = "sandbox"
[shipping.zones.home]
countries = ["GB", "DE"]
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
""",
    "plan.toml",
)
UNHOSTED = replace(PLAN, placement=replace(PLAN.placement, hosted_shop=False))
HOSTILE = '<script>alert("it")</script>\u202e'
ITEMS = (
    Item("ASSAM", "Assam breakfast tea", 450, 250),
    Item("POT", "Tea pot", 2900, 1400),
    Item("CUP", "Two cups", 1250, 600, substitutes="BOWL"),
    Item("BOWL", "Two bowls", 1150, 700),
    Item("EVIL/1", HOSTILE, 100, 10),
    Item("GONE", "Sold out", 700, 100),
)
_STOCK = (
    ("north", "ASSAM", 40),
    ("north", "EVIL/1", 9),
    ("south", "POT", 12),
    ("south", "CUP", 3),
    ("south", "BOWL", 5),
)
_ONCE = re.compile(r'name="once" value="([^"]+)"')
_TOTAL = re.compile(r'name="total" value="([^"]+)"')
_ADA = {
    "buyer.email": "ada@example.com",
    "address.country": "GB",
    "address.name": "Ada Lovelace",
    "address.street": "12 St James's Square",
    "address.city": "London",
    "address.postcode": "SW1Y 4JH",
}


@dataclass
class Shopper:
    """Somebody who shops with forms and links alone."""

    browser: Browser
    shop: Shop

    @property
    def text(self) -> str:
        """What the last page says."""
        return self.browser.text

    @property
    def cart_id(self) -> str:
        """The secret of their cookie."""
        return self.browser.http.cookies.get("doorstep_cart") or ""

    async def go(self, path: str) -> httpx.Response:
        """Open a page, and follow where it leads."""
        answer = await self.browser.get(path)
        while answer.status_code == 303:
            answer = await self.browser.follow()
        return answer

    async def send(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form, and follow where it leads."""
        answer = await self.browser.post(path, **fields)
        while answer.status_code == 303:
            answer = await self.browser.follow()
        return answer

    async def add(self, sku: str, quantity: int = 1) -> httpx.Response:
        """Put some of an item into the cart."""
        await self.go("/shop")
        return await self.send("/shop/cart/lines", sku=sku, quantity=str(quantity), back="/shop")

    async def say_who(self, **other: str) -> httpx.Response:
        """Fill in the first step."""
        await self.go("/checkout")
        said = {name.replace("__", "."): value for name, value in other.items()}
        return await self.send("/checkout", **{**_ADA, **said})

    async def choose(self) -> httpx.Response:
        """Choose the first way of delivery."""
        page = await self.go("/checkout/delivery")
        found = re.search(r'name="choice" value="([^"]+)"', page.text)
        assert found, page.text
        return await self.send("/checkout/delivery", choice=unescape(found[1]))

    async def ready(self, sku: str = "ASSAM", quantity: int = 1) -> httpx.Response:
        """Come as far as the payment."""
        await self.add(sku, quantity)
        await self.say_who()
        return await self.choose()

    def form(self, bank: str = SAYS_YES, method: str = "card") -> dict[str, str]:
        """The form of the payment page that was seen last."""
        once, total = _ONCE.search(self.text), _TOTAL.search(self.text)
        assert once, self.text
        assert total, self.text
        return {"once": once[1], "total": total[1], "token": bank, "method": method}

    async def pay(self, bank: str = SAYS_YES, method: str = "card") -> httpx.Response:
        """Press the button, and let the bank answer."""
        await self.browser.post("/checkout/payment", **self.form(bank, method))
        await self.shop.work()
        return await self.go("/checkout/waiting")


@asynccontextmanager
async def open_shop(url: str, clock: Clock, plan: Plan = PLAN, at: str = "http://shop") -> AsyncIterator[Shop]:
    """The shop on a database, its shelves full; the practice bank sees shoppers at the address."""
    async with opened_shop(url, SandboxPayments(challenge_url=challenge_url(at)), clock, plan) as shop:
        sources = tuple(Source(place, number, sku, count) for number, (place, sku, count) in enumerate(_STOCK, 1))
        async with shop.app.database.begin() as tx:
            await catalog.put(tx, ITEMS)
            await shop.app.shelf.receive(tx, [Moved("the first goods", MORNING, sources)])
        yield shop


@asynccontextmanager
async def serve_shop(url: str, plan: Plan = PLAN) -> AsyncIterator[tuple[Shop, str]]:
    """The same by the machine's clock, served with its worker; and its address."""
    at = f"http://127.0.0.1:{(port := free_port())}"
    async with (
        open_shop(url, MachineClock(), plan, at) as shop,
        working(shop.app),
        listening(application(shop.app, SETTINGS, FAST), "127.0.0.1", port),
    ):
        yield shop, at


@asynccontextmanager
async def shopping(shop: Shop, address: str = "192.0.2.9") -> AsyncIterator[Shopper]:
    """Somebody who comes into the shop."""
    async with browsing(shop, address=address) as browser:
        browser.http.headers["accept"] = "text/html"
        yield Shopper(browser, shop)
