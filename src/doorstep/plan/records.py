"""The plan as frozen records. Every setting has a default that a sensible store would choose; few are required.

Amounts are minor units of the store's currency, weights grams, spans of time say their unit in their name.
"""

from datetime import time
from enum import StrEnum

from msgspec import Struct

from doorstep.plan.price_records import Discount, Tax


class HoldFrom(StrEnum):
    """When stock is held for a shopper."""

    CHECKOUT = "checkout"
    PAYMENT = "payment"
    PLACEMENT = "placement"


class Mitigation(StrEnum):
    """What can be tried when an item cannot be had as a shopper wished."""

    OTHER_LOCATION = "other_location"
    LATER = "later"
    SUBSTITUTE = "substitute"
    FEWER = "fewer"
    ASK = "ask"


class Unanswered(StrEnum):
    """What happens to a line that cannot be had as wished when its shopper does not say in time."""

    WAIT = "wait"
    FEWER = "fewer"
    WITHOUT = "without"


class CaptureWhen(StrEnum):
    """When authorized money is taken."""

    CONFIRMATION = "confirmation"
    HAND_OVER = "hand_over"


class RefundWhen(StrEnum):
    """When a return is paid back."""

    RECEPTION = "reception"
    INSPECTION = "inspection"


class PricedBy(StrEnum):
    """What a delivery price is for."""

    ORDER = "order"
    PARCEL = "parcel"


class Rank(StrEnum):
    """What makes one way of delivery better than another."""

    FEWEST = "fewest"
    CHEAPEST = "cheapest"
    FASTEST = "fastest"


class ShortAction(StrEnum):
    """What happens to units that a picker could not find."""

    OTHER_LOCATION = "other_location"
    CANCEL = "cancel"


class Store(Struct, frozen=True, kw_only=True):
    """Who the store is."""

    name: str
    country: str
    currency: str
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    support_email: str = ""


class Location(Struct, frozen=True, kw_only=True):
    """A warehouse or shop that ships. Locations are tried in the order in which the plan lists them."""

    id: str
    name: str
    country: str
    city: str = ""
    street: str = ""
    postcode: str = ""
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    public_holidays: bool = True
    opens: time = time(8)
    cut_off: time = time(15)
    courier_at: time = time(17)
    ships_to: tuple[str, ...] = ()
    pickup: bool = False


class StockRules(Struct, frozen=True, kw_only=True):
    """When stock is held, for how long, and what is kept back."""

    hold_from: HoldFrom = HoldFrom.PLACEMENT
    hold_minutes: int = 30
    hold_minutes_max: int = 120
    safety_stock: int = 0
    backorder: bool = False
    backorder_days: int = 14
    when_unavailable: tuple[Mitigation, ...] = tuple(Mitigation)
    offer_minutes: int = 10
    default_when_unavailable: Unanswered = Unanswered.WAIT


class Placement(Struct, frozen=True, kw_only=True):
    """What a checkout may do and for how long."""

    checkout_lapses_minutes: int = 1440
    deliveries_max: int = 3
    rank_deliveries: tuple[Rank, ...] = (Rank.FEWEST, Rank.CHEAPEST, Rank.FASTEST)
    edit_window_minutes: int = 30
    phone_required: bool = False
    phone_required_countries: tuple[str, ...] = ()
    tax_id_required_countries: tuple[str, ...] = ()
    hosted_shop: bool = False


class PaymentMethod(Struct, frozen=True, kw_only=True):
    """A way to pay, and the provider that carries it out. Empty countries or currencies mean all."""

    id: str
    name: str
    provider: str
    countries: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    amount_min: int = 0
    amount_max: int | None = None


class Payment(Struct, frozen=True, kw_only=True):
    """How money is taken and given back."""

    methods: tuple[PaymentMethod, ...]
    capture: CaptureWhen = CaptureWhen.HAND_OVER
    review_over: int | None = None
    enquire_after_minutes: int = 5
    action_expires_minutes: int = 60
    refund_delivery_when_all_returned: bool = True


class RateBand(Struct, frozen=True, kw_only=True):
    """The price up to a weight."""

    weight_grams_max: int
    price: int


class ValueBand(Struct, frozen=True, kw_only=True):
    """The price up to a total of items; without `value_max` for any total."""

    price: int
    value_max: int | None = None


class Zone(Struct, frozen=True, kw_only=True):
    """Places that share prices: countries, or only some regions and postcodes of them.

    A zone without countries is the rest of the world. Postcodes are patterns, see `postcodes.py`.
    """

    id: str
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


class Rate(Struct, frozen=True, kw_only=True):
    """What a service costs into a zone, by weight or by value, and how long it takes there."""

    zone: str
    transit_days: int
    transit_days_max: int | None = None
    bands: tuple[RateBand, ...] = ()
    value_bands: tuple[ValueBand, ...] = ()
    free_over: int | None = None
    each_further_kg: int | None = None


class Service(Struct, frozen=True, kw_only=True):
    """A delivery service that the shopper may choose.

    `delivers_on` are the days that its times in transit count. With `pickup` the shopper collects it at a location.
    """

    id: str
    name: str
    rates: tuple[Rate, ...] = ()
    carrier: str = "zone-rate"
    phone_required: bool = False
    po_boxes: bool = True
    countries: tuple[str, ...] = ()
    delivers_on: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    public_holidays: bool = True
    pickup: bool = False


class Surcharge(Struct, frozen=True, kw_only=True):
    """What is added to a price when all that it names holds: the place, and the goods.

    `side_mm_over` and `weight_grams_over` are one unit's. With `refused` such goods are not carried there at all.
    """

    id: str
    name: str
    amount: int = 0
    refused: bool = False
    services: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    side_mm_over: int | None = None
    weight_grams_over: int | None = None
    dangerous: bool = False

    @property
    def is_of_goods(self) -> bool:
        """Whether it depends on what is sent."""
        return self.dangerous or self.side_mm_over is not None or self.weight_grams_over is not None


class Shipping(Struct, frozen=True, kw_only=True):
    """Where the store ships and for how much."""

    zones: tuple[Zone, ...]
    services: tuple[Service, ...]
    surcharges: tuple[Surcharge, ...] = ()
    parcel_weight_grams_max: int = 30_000
    priced_by: PricedBy = PricedBy.ORDER
    volume_divisor: int = 5000
    quote_minutes: int = 60


class Confirmation(Struct, frozen=True, kw_only=True):
    """Who is told what: each notice by name, the channel it goes by. A notice that is not listed is not sent."""

    notices: tuple[str, ...] = (
        "order_confirmed",
        "parcel_on_its_way",
        "parcel_delivered",
        "order_changed",
        "change_not_made",
        "order_refused",
        "refunded",
        "question",
    )
    channel: str = "email"
    provider: str = "kept"
    hold_minutes: int = 2880


class Fulfillment(Struct, frozen=True, kw_only=True):
    """How the warehouse works."""

    pick_minutes: int = 30
    pack_minutes: int = 15
    when_short: ShortAction = ShortAction.OTHER_LOCATION


class Returns(Struct, frozen=True, kw_only=True):
    """What may come back, and what then happens."""

    window_days: int = 30
    approve_without_person: bool = True
    transit_days: int = 3
    inspection_hours: int = 4
    refund: RefundWhen = RefundWhen.INSPECTION


class Promises(Struct, frozen=True, kw_only=True):
    """How long each step may take before a person is asked to look."""

    authorize_minutes: int = 60
    confirm_minutes: int = 60
    pick_hours: int = 24
    hand_over_hours: int = 48
    deliver_days: int = 14
    return_days: int = 30
    case_hours: int = 24
    answer_days: int = 3


class Plan(Struct, frozen=True, kw_only=True):
    """A store's whole operational plan. `version` names its exact text; every order pins one."""

    store: Store
    locations: tuple[Location, ...]
    payment: Payment
    shipping: Shipping
    stock: StockRules = StockRules()
    placement: Placement = Placement()
    tax: Tax = Tax()
    confirmation: Confirmation = Confirmation()
    fulfillment: Fulfillment = Fulfillment()
    returns: Returns = Returns()
    promises: Promises = Promises()
    discounts: tuple[Discount, ...] = ()
    version: str = ""

    def location(self, location_id: str) -> Location:
        """The location of that id; the plan was checked, so it exists."""
        return next(location for location in self.locations if location.id == location_id)

    def method(self, method_id: str) -> PaymentMethod | None:
        """The payment method of that id, if the plan has it."""
        return next((method for method in self.payment.methods if method.id == method_id), None)

    def service(self, service_id: str) -> Service | None:
        """The delivery service of that id, if the plan has it."""
        return next((service for service in self.shipping.services if service.id == service_id), None)
