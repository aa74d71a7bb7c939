"""What wishes come to: lines, ways of delivery, totals. Amounts are minor units of the checkout's currency."""

from datetime import date, datetime

from msgspec import Struct

from doorstep.journey.order import Counts
from doorstep.kernel.phrase import Phrase


class CheckoutLine(Struct, frozen=True):
    """A priced line. `total_minor` is what is paid for it: the discount is off it and the tax is in it.

    `tax_rate` is the rate that was applied, a decimal such as "0.20", and `tax_why` says in words why it is this one.
    """

    sku: str
    name: str
    quantity: int
    unit_price_minor: int
    total_minor: int
    tax_minor: int
    weight_grams: int
    discount_minor: int = 0
    tax_rate: str = ""
    tax_why: Phrase | None = None


class DeliveryOption(Struct, frozen=True):
    """A delivery service that can be chosen, with its best price and, in words, what the price comes from."""

    service: str
    name: str
    price_minor: int
    transit_days: int
    why: Phrase


class PayingOption(Struct, frozen=True):
    """A way to pay that can be chosen."""

    id: str
    name: str


class Parcel(Struct, frozen=True, kw_only=True):
    """One delivery of a plan: what comes from where by which service, and the days on which it is promised to arrive.

    `units` counts by line position, from 1. `price_minor` is its share of what the plan costs; `why` says in words what
    that comes from. `leaves_at` is when the courier collects it.
    """

    location: str
    service: str
    units: Counts
    weight_grams: int
    price_minor: int
    leaves_at: datetime
    arrives_from: date
    arrives_until: date
    why: tuple[Phrase, ...] = ()


class DeliveryPlan(Struct, frozen=True, kw_only=True):
    """A way in which everything can be delivered. The id follows from its parcels: the same way has the same id.

    `marks` are of "fewest", "cheapest", "fastest", "recommended". `why` says in words how it came to be and what would
    have changed it.
    """

    id: str
    parcels: tuple[Parcel, ...]
    price_minor: int
    marks: tuple[str, ...] = ()
    why: tuple[Phrase, ...] = ()

    @property
    def deliveries(self) -> int:
        """How often the doorbell rings."""
        return len(self.parcels)

    @property
    def arrives_until(self) -> date:
        """The last day on which something may arrive."""
        return max(parcel.arrives_until for parcel in self.parcels)


class Totals(Struct, frozen=True):
    """What the shopper pays, in minor units: `subtotal - discount + delivery + tax_added = total`.

    `discount` is all that codes take off, off the delivery too; `tax` is all tax within the total.
    """

    subtotal: int
    delivery: int
    tax_added: int
    tax: int
    total: int
    discount: int = 0
