"""Every setting of a plan in one table: what the loader accepts, the template explains and the reference lists.

The settings of `[shipping]` have a file of their own.
"""

from doorstep.plan import records as r
from doorstep.plan.kinds import (
    AMOUNT,
    COUNTRY,
    CURRENCY,
    EMAIL,
    ID,
    LANGUAGE,
    NAME,
    TEXT,
    TIME,
    TIME_ZONE,
    WEEKDAY,
    YES_NO,
    choice,
    whole,
)
from doorstep.plan.price_keys import DISCOUNT, TAX
from doorstep.plan.sections import Section, at_least_one, one, some, tables
from doorstep.plan.shipping_keys import SHIPPING
from doorstep.plan.words import NOTICES

_MINUTES = whole(0, 525_600, "minutes")
_SOME_MINUTES = whole(1, 525_600, "minutes")
_HOURS = whole(1, 8_760, "hours")
_DAYS = whole(0, 3_650, "days")
_SOME_DAYS = whole(1, 3_650, "days")

STORE = Section(
    title="store",
    record=r.Store,
    meaning="Who the store is.",
    keys=(
        one("name", NAME, "The name that customers read in messages."),
        one("country", COUNTRY, "The country the store is in."),
        one("currency", CURRENCY, "The currency of every amount in this plan."),
        one("time_zone", TIME_ZONE, "The time zone of all opening, cut-off and courier times."),
        at_least_one("languages", LANGUAGE, "Languages in which customers are written to, the first when in doubt."),
        one("support_email", EMAIL, "Where customers reach a person.", example='"help@example.com"'),
    ),
)

LOCATION = Section(
    title="locations.<id>",
    record=r.Location,
    meaning="A warehouse or shop that ships. Locations are tried in the order in which they are written.",
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        one("name", NAME, "What staff call it.", when_absent="the id, in words"),
        one("country", COUNTRY, "The country it is in.", when_absent="the store's country"),
        one("city", TEXT, "The city, for labels.", example='"Leeds"'),
        one("street", TEXT, "Street and number, for labels.", example='"1 Mill Lane"'),
        one("postcode", TEXT, "The postcode, for labels.", example='"LS1 1AA"'),
        at_least_one("working_days", WEEKDAY, "The days on which parcels are packed."),
        one("public_holidays", YES_NO, "Whether it rests on the public holidays of its country."),
        one("opens", TIME, "When picking starts."),
        one("cut_off", TIME, "Orders until this time leave on the same working day."),
        one("courier_at", TIME, "When the courier collects."),
        some("ships_to", COUNTRY, "The only countries it ships to. An empty list is every country."),
    ),
)

_HOLD_FROM = (
    "Hold stock from the start of the checkout, when nothing is missing any more but the payment, or when the order is "
    "placed."
)

STOCK = Section(
    title="stock",
    record=r.StockRules,
    meaning="When stock is held for a shopper, for how long, and what is kept back.",
    keys=(
        one("hold_from", choice(r.HoldFrom), _HOLD_FROM),
        one("hold_minutes", _SOME_MINUTES, "How long stock is held for a shopper who has not paid."),
        one(
            "hold_minutes_max",
            _SOME_MINUTES,
            "However often a shopper changes a checkout: how long its stock is held from the first time on.",
            when_absent="120, or `hold_minutes` if that is longer",
        ),
        one("safety_stock", whole(0, 1_000_000, "units"), "Units of each item that are never sold."),
        one("backorder", YES_NO, "Whether items may be sold that are not in stock."),
        some(
            "when_unavailable",
            choice(r.Mitigation),
            'What to try, in this order, when an item cannot be had as wished. "ask": the shopper may do without it.',
        ),
        one("offer_minutes", _SOME_MINUTES, "How long the goods of each alternative are kept while a shopper decides."),
        one(
            "default_when_unavailable",
            choice(r.Unanswered),
            'What happens then if nobody decided. "wait" changes nothing and frees the goods.',
        ),
    ),
)

PLACEMENT = Section(
    title="placement",
    record=r.Placement,
    meaning="What a checkout may do, and for how long.",
    keys=(
        one("checkout_lapses_minutes", _SOME_MINUTES, "A checkout that nobody touches for so long ends."),
        one("deliveries_max", whole(1, 100, "deliveries"), "Into how many deliveries an order may be split."),
        one(
            "edit_window_minutes", _MINUTES, "How long a customer may change or cancel before work on the order starts."
        ),
        one("phone_required", YES_NO, "Whether the customer must give a phone number."),
        some("phone_required_countries", COUNTRY, "Where every delivery needs a phone number.",
            example='["AE", "QA"]'),
        some("tax_id_required_countries", COUNTRY, "Where customs ask for a tax number of the customer.",
            example='["BR"]'),
        one("hosted_shop", YES_NO, "Whether Doorstep itself shows the items in a small shop, at /shop."),
    ),
)  # fmt: skip

METHOD = Section(
    title="payment.methods.<id>",
    record=r.PaymentMethod,
    meaning="A way to pay. Shoppers see the methods in this order.",
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table."),
        one("name", NAME, "What shoppers read.", when_absent="the id, in words"),
        one("provider", ID, 'The payment provider that carries it out. "sandbox" moves no real money.'),
        some("countries", COUNTRY, "Offered for deliveries to these countries. An empty list is every country."),
        some("currencies", CURRENCY, "Offered in these currencies. An empty list is every currency."),
        one("amount_min", AMOUNT, "Offered from this order total."),
        one("amount_max", AMOUNT, "Offered up to this order total.", when_absent="no limit", example="1000"),
    ),
)

PAYMENT = Section(
    title="payment",
    record=r.Payment,
    meaning="How money is taken and given back.",
    keys=(
        one("capture", choice(r.CaptureWhen), "Take the money when the order is confirmed, or parcel by parcel."),
        one("review_over", AMOUNT, "A person looks at orders above this total.", when_absent="never", example="500"),
        one("enquire_after_minutes", _SOME_MINUTES, "When to ask the provider about a payment that it left open."),
        one("action_expires_minutes", _SOME_MINUTES, "How long a shopper may take to approve a payment at the bank."),
        one("refund_delivery_when_all_returned", YES_NO, "Whether the delivery price is paid back with a full return."),
        at_least_one("methods", METHOD, "The ways to pay."),
    ),
)

CONFIRMATION = Section(
    title="confirmation",
    record=r.Confirmation,
    meaning="Who is told what, by which channel.",
    keys=(
        some("notices", choice(NOTICES), "What customers are told. A notice that is not listed is not sent."),
        one("channel", ID, "How they are told."),
        one("provider", ID, 'Who sends it. "kept" sends nothing and keeps every message to be read here.'),
        one("hold_minutes", _SOME_MINUTES, "How long an order may wait for a person's review."),
    ),
)

FULFILLMENT = Section(
    title="fulfillment",
    record=r.Fulfillment,
    meaning="How the warehouse works.",
    keys=(
        one("pick_minutes", _MINUTES, "How long picking an order takes."),
        one("pack_minutes", _MINUTES, "How long packing an order takes."),
        one("when_short", choice(r.ShortAction), "What to do with units that cannot be found."),
    ),
)

RETURNS = Section(
    title="returns",
    record=r.Returns,
    meaning="What may come back, and what happens then.",
    keys=(
        one("window_days", _DAYS, "How long after delivery a customer may return."),
        one("approve_without_person", YES_NO, "Whether returns within the window are approved at once."),
        one("transit_days", _DAYS, "How long a return is on its way."),
        one("inspection_hours", whole(0, 8_760, "hours"), "How long inspection takes."),
        one("refund", choice(r.RefundWhen), "Pay back when the parcel is received, or when it has been inspected."),
    ),
)

PROMISES = Section(
    title="promises",
    record=r.Promises,
    meaning="How long each step may take before a person is asked to look.",
    keys=(
        one("authorize_minutes", _SOME_MINUTES, "From the order to an authorized payment."),
        one("confirm_minutes", _SOME_MINUTES, "From the payment to the confirmed order."),
        one("pick_hours", _HOURS, "From the confirmed order to picked units."),
        one("hand_over_hours", _HOURS, "From the confirmed order to the courier."),
        one("deliver_days", _SOME_DAYS, "From the courier to the door."),
        one("return_days", _SOME_DAYS, "From an approved return to its arrival."),
        one("case_hours", _HOURS, "From something going wrong to its being settled by a person."),
        one("answer_days", _SOME_DAYS, "How long a customer has to answer a question before its default holds."),
    ),
)

PLAN = Section(
    title="",
    record=r.Plan,
    meaning="A store's whole operational plan.",
    keys=(
        one("store", STORE, STORE.meaning),
        at_least_one("locations", LOCATION, LOCATION.meaning),
        one("stock", STOCK, STOCK.meaning),
        one("placement", PLACEMENT, PLACEMENT.meaning),
        one("tax", TAX, TAX.meaning),
        one("payment", PAYMENT, PAYMENT.meaning),
        one("shipping", SHIPPING, SHIPPING.meaning),
        one("confirmation", CONFIRMATION, CONFIRMATION.meaning),
        one("fulfillment", FULFILLMENT, FULFILLMENT.meaning),
        one("returns", RETURNS, RETURNS.meaning),
        one("promises", PROMISES, PROMISES.meaning),
        tables("discounts", DISCOUNT, DISCOUNT.meaning),
    ),
)
