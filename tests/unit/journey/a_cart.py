"""A cart that is priced under a plan of a few lines."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.checkout import CHECKOUT, Checkout
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.pricing import priced
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.ids import CheckoutId
from doorstep.plan.load import load_plan
from doorstep.plan.records import Plan

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
_PLAN = """\
[store]
name = "Mill Lane Tea"
country = "{country}"
currency = "{currency}"
[locations.main]
[payment.methods.card]
provider = "sandbox"
[shipping.zones.world]
[shipping.services.standard.rates.world]
price = "{delivery}"
"""
ADDRESSES = {
    "DE": Address("DE", "Ada", "Mühlenweg 1", "Berlin", "10115"),
    "FR": Address("FR", "Ada", "1 rue du Moulin", "Paris", "75001"),
    "GB": Address("GB", "Ada", "1 Mill Lane", "Ely", "CB7 4AA"),
    "US": Address("US", "Ada", "1 Mill Lane", "San Jose", "95113", "California"),
    "JP": Address("JP", "Ada", "1-2-3", "千代田区", "100-0001", "東京都"),
}


def a_plan(more: str, *, country: str = "DE", currency: str = "EUR", delivery: str = "5") -> Plan:
    """A plan with one location and one service into all the world, and what a test adds."""
    return load_plan(_PLAN.format(country=country, currency=currency, delivery=delivery) + more, "plan.toml")


def a_market(items: Sequence[Item], **more: Any) -> Market:
    """Plenty of some items."""
    return Market(items={one.sku: one for one in items}, free={}, at=NOON, is_endless=True, **more)


def a_checkout(wishes: Wishes, plan: Plan) -> Checkout:
    """A new checkout, not priced yet."""
    return Checkout(
        id=CheckoutId("chk_1"),
        state=CHECKOUT.start,
        version=1,
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
        currency=plan.store.currency,
        wishes=wishes,
    )


def wished(cart: Mapping[str, int], to: str = "DE", tax_id: str = "", **more: Any) -> Wishes:
    """All that a shopper gives, for some items to a country."""
    wishes = Wishes(
        lines=tuple(LineWish(sku, count) for sku, count in cart.items()),
        buyer=Buyer("ada@example.org", "Ada", tax_id=tax_id),
        address=ADDRESSES[to],
        service="standard",
        method="card",
    )
    return replace(wishes, **more)


def a_cart(plan: Plan, items: Sequence[Item], wishes: Wishes, **market: Any) -> Checkout:
    """A checkout as it is priced."""
    return priced(a_checkout(wishes, plan), a_market(items, **market), plan)
