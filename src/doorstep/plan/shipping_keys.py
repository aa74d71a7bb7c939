"""The settings of `[shipping]`: zones, services, rates; a part of the table in `keys.py`."""

from doorstep.plan import records as r
from doorstep.plan.kinds import AMOUNT, COUNTRY, ID, NAME, YES_NO, whole
from doorstep.plan.sections import Section, at_least_one, one, some

FLAT_WEIGHT_GRAMS_MAX = 1_000_000_000
"""Up to here a flat price holds: any weight that can be shipped."""

TRANSIT_DAYS = 3
"""What a rate promises that does not say how long it takes."""

_GRAMS = whole(1, FLAT_WEIGHT_GRAMS_MAX, "grams")
_DAYS = whole(0, 3_650, "days")

ZONE = Section(
    title="shipping.zones.<id>",
    record=r.Zone,
    meaning="Countries that share delivery prices.",
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        some("countries", COUNTRY, "The countries. An empty list is the rest of the world; one zone may be that."),
    ),
)

BAND = Section(
    title="shipping.services.<id>.rates.<zone>.bands[]",
    record=r.RateBand,
    meaning="The price up to a weight; the lightest comes first.",
    keys=(
        one("weight_grams_max", _GRAMS, "The heaviest delivery that has this price."),
        one("price", AMOUNT, "The price."),
    ),
)

RATE_TO_ZONE = Section(
    title="shipping.services.<id>.rates.<zone>",
    record=r.Rate,
    meaning="What a service costs into a zone, and how long it takes there.",
    keyed_by="zone",
    keys=(
        one("zone", ID, "The name of the table: the zone."),
        one("price", AMOUNT, "One price for any weight. Write this or `bands`."),
        at_least_one("bands", BAND, "Prices by weight. Write this or `price`.", when_absent="`price` says it"),
        one("transit_days", _DAYS, "Days from the courier to the door.", when_absent=str(TRANSIT_DAYS)),
        one("free_over", AMOUNT, "Free from this total of items on.", when_absent="never free", example="50"),
        one("each_further_kg", AMOUNT, "Added for each started kilogram above the last band.",
            when_absent="heavier deliveries are not offered", example="1"),
    ),
)  # fmt: skip

SERVICE = Section(
    title="shipping.services.<id>",
    record=r.Service,
    meaning="A delivery service that the shopper may choose.",
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        one("name", NAME, "What shoppers read.", when_absent="the id, in words"),
        one("carrier", ID, "The carrier plug-in that makes labels and tracks."),
        one("phone_required", YES_NO, "Whether it needs a phone number of the customer."),
        one("po_boxes", YES_NO, "Whether it delivers to PO boxes and parcel lockers."),
        at_least_one("rates", RATE_TO_ZONE, "Prices and times by zone."),
    ),
)

SHIPPING = Section(
    title="shipping",
    record=r.Shipping,
    meaning="Where the store ships, and for how much.",
    keys=(
        one("parcel_weight_grams_max", _GRAMS, "The heaviest parcel that is packed."),
        at_least_one("zones", ZONE, "Groups of countries."),
        at_least_one("services", SERVICE, "The delivery services."),
    ),
)
