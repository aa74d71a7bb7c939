"""Everything that a shopper has said so far."""

from msgspec import Struct

from doorstep.journey.order import Address, Buyer


class LineWish(Struct, frozen=True):
    """What a shopper asks for. `unit_price_minor` is given only where a price was agreed elsewhere."""

    sku: str
    quantity: int
    unit_price_minor: int | None = None


class Wishes(Struct, frozen=True, kw_only=True):
    """Everything that the shopper has said so far.

    `delivery` is the id of a delivery plan; without it `service` and `deliveries_max` say which plan is meant. `codes`
    are discount codes.
    """

    lines: tuple[LineWish, ...] = ()
    buyer: Buyer | None = None
    address: Address | None = None
    billing_address: Address | None = None
    service: str | None = None
    delivery: str | None = None
    method: str | None = None
    deliveries_max: int | None = None
    codes: tuple[str, ...] = ()
    note: str = ""
    gift_message: str = ""
    locale: str = "en"
    currency: str | None = None
    reference: str = ""
