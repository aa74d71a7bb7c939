"""The settings of `[shipping]`: zones, services, rates, surcharges; a part of the table in `keys.py`."""

from doorstep.plan import records as r
from doorstep.plan.kinds import AMOUNT, COUNTRY, ID, NAME, POSTCODES, TEXT, WEEKDAY, YES_NO, choice, whole
from doorstep.plan.sections import Section, at_least_one, one, some, tables

FLAT_WEIGHT_GRAMS_MAX = 1_000_000_000
"""Up to here a flat price holds: any weight that can be shipped."""

TRANSIT_DAYS = 3
"""What a rate promises that does not say how long it takes."""

_GRAMS = whole(1, FLAT_WEIGHT_GRAMS_MAX, "grams")
_DAYS = whole(0, 3_650, "days")

ZONE = Section(
    title="shipping.zones.<id>",
    record=r.Zone,
    meaning=(
        "Places that share delivery prices. The zone that names the postcode holds, else the one that names the "
        "region, else the country."
    ),
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        some("countries", COUNTRY, "The countries. An empty list is the rest of the world; one zone may be that."),
        some("regions", TEXT, "Only these regions of the countries, as addresses name them.", example='["Scotland"]'),
        some("postcodes", POSTCODES,
            'Only these postcodes of the countries: "BT*" for all that begin so, "IV1-IV28" for a range, or one code.',
            example='["BT*", "IV1-IV28"]'),
    ),
)  # fmt: skip

BAND = Section(
    title="shipping.services.<id>.rates.<zone>.bands[]",
    record=r.RateBand,
    meaning="The price up to a weight; the lightest comes first.",
    keys=(
        one("weight_grams_max", _GRAMS, "The heaviest delivery that has this price."),
        one("price", AMOUNT, "The price."),
    ),
)

VALUE_BAND = Section(
    title="shipping.services.<id>.rates.<zone>.value_bands[]",
    record=r.ValueBand,
    meaning="The price up to a total of items; the lowest comes first.",
    keys=(
        one("value_max", AMOUNT, "The highest total of items that has this price.", when_absent="any total",
            example="30"),
        one("price", AMOUNT, "The price."),
    ),
)  # fmt: skip

RATE_TO_ZONE = Section(
    title="shipping.services.<id>.rates.<zone>",
    record=r.Rate,
    meaning="What a service costs into a zone, and how long it takes there.",
    keyed_by="zone",
    keys=(
        one("zone", ID, "The name of the table: the zone."),
        one("price", AMOUNT, "One price for any weight. Write this, `bands` or `value_bands`."),
        at_least_one("bands", BAND, "Prices by weight. Write this, `price` or `value_bands`.",
            when_absent="`price` says it"),
        at_least_one("value_bands", VALUE_BAND, "Prices by the total of items. Write this, `price` or `bands`.",
            when_absent="`price` says it"),
        one("transit_days", _DAYS, "Days from the courier to the door.", when_absent=str(TRANSIT_DAYS)),
        one("transit_days_max", _DAYS, "The most days that it takes, when it does not always take as many.",
            when_absent="as many as `transit_days`", example="5"),
        one("free_over", AMOUNT, "Free from this total of items on; surcharges stay.", when_absent="never free",
            example="50"),
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
        some("countries", COUNTRY, "The only countries it delivers to. An empty list is all that it has a rate for."),
        at_least_one("delivers_on", WEEKDAY, "The days on which it delivers; only these count as days in transit."),
        one("public_holidays", YES_NO, "Whether it rests on the public holidays of the country it delivers to."),
        one("pickup", YES_NO, "Whether the shopper collects it, at a location that has `pickup = true`."),
        at_least_one("rates", RATE_TO_ZONE, "Prices and times by zone.",
            when_absent="free of charge, which only a service with `pickup = true` can be"),
    ),
)  # fmt: skip

SURCHARGE = Section(
    title="shipping.surcharges.<id>",
    record=r.Surcharge,
    meaning="What is added to a delivery price when all that is named here holds.",
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        one("name", NAME, "What shoppers read.", when_absent="the id, in words"),
        one("amount", AMOUNT, "What is added, once for each price. Write this or `refused`.", when_absent="nothing",
            example="12"),
        one("refused", YES_NO, "Whether this is not carried at all."),
        some("services", ID, "Only for these services. An empty list is every service.", example='["standard"]'),
        some("countries", COUNTRY, "Only into these countries. An empty list is every country.", example='["GB"]'),
        some("postcodes", POSTCODES, "Only to these postcodes, written as for zones.", example='["HS*", "IV1-IV28"]'),
        one("side_mm_over", whole(1, 100_000, "millimeters"), "Only for items with a side longer than this.",
            when_absent="any size", example="1200"),
        one("weight_grams_over", _GRAMS, "Only for items of which one unit is heavier than this.",
            when_absent="any weight", example="25000"),
        one("dangerous", YES_NO, "Only for items that are dangerous goods."),
    ),
)  # fmt: skip

SHIPPING = Section(
    title="shipping",
    record=r.Shipping,
    meaning="Where the store ships, and for how much.",
    keys=(
        one("parcel_weight_grams_max", _GRAMS, "The heaviest parcel that is packed."),
        one("priced_by", choice(r.PricedBy), "One price for the whole order by one service, or one for each delivery."),
        one("volume_divisor", whole(1, 1_000_000, "cubic centimeters"),
            "So many count as a kilogram; what is more, that or the weight, has the price."),
        one("quote_minutes", whole(1, 525_600, "minutes"), "How long a price that a shopper saw holds."),
        at_least_one("zones", ZONE, "Groups of places."),
        at_least_one("services", SERVICE, "The delivery services."),
        tables("surcharges", SURCHARGE, "What is added to prices."),
    ),
)  # fmt: skip
