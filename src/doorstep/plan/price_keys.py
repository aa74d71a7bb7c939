"""The settings of `[tax]` and `[discounts]`; a part of the table in `keys.py`."""

from doorstep.plan import price_records as r
from doorstep.plan.kinds import AMOUNT, COUNTRY, DAY, ID, PATTERN, PERCENT, RATE, TEXT, YES_NO, choice, whole
from doorstep.plan.sections import Section, one, some

TAX_RATE = Section(
    title="tax.rates[]",
    record=r.TaxRate,
    meaning=(
        "One tax rate. The most specific holds: one of the region before one of the country, there one of the class "
        'before "standard". A country without a rate is not taxed.'
    ),
    keys=(
        one("country", COUNTRY, "The country of the delivery."),
        one("rate", RATE, 'The rate as a decimal: 20 % is "0.20".'),
        one("tax_class", ID, "The class of items it is for, as the catalog names it."),
        one("region", TEXT, "Only there: a region as addresses write it, its name or its code.", example='"CA"'),
    ),
)

TAX = Section(
    title="tax",
    record=r.Tax,
    meaning="Whether prices include tax, the rates, and what is rounded.",
    keys=(
        one("prices_include_tax", YES_NO, "Whether item and delivery prices include tax."),
        some(
            "rates",
            TAX_RATE,
            "The rates by country, region and class.",
            example='[{ country = "GB", rate = "0.20" }]',
        ),
        one(
            "delivery",
            ID,
            'How delivery is taxed: by a class; "as_goods", in the shares of their rates; by the "highest" of these; '
            'or "none".',
        ),
        one("rounding", choice(r.TaxRounding), "Round the tax of each line, or of all that has one rate together."),
        one(
            "zero_rate_business",
            YES_NO,
            "Whether businesses with a VAT number of another EU country pay no tax (reverse charge).",
        ),
        one(
            "provider",
            ID,
            'Who works out tax: "table", the rates here, or the name of a tax engine, which needs an address.',
        ),
        one("timeout_ms", whole(50, 30_000, "milliseconds"), "How long a shopper waits for the engine."),
        one("quote_minutes", whole(1, 1_440, "minutes"), "How long an answer of the engine holds."),
        one(
            "when_unavailable",
            choice(r.WhenUnavailable),
            "Without an answer of the engine: sell by the rates here, or sell nothing until there is one.",
        ),
    ),
)

_TIMES = whole(1, 1_000_000_000, "times")

DISCOUNT = Section(
    title="discounts.<code>",
    record=r.Discount,
    meaning=(
        "A discount code: a percentage or an amount off the goods, free delivery, or both. Capitals do not matter. "
        "Several codes take off in the order in which they are given, each from what the one before it left."
    ),
    keyed_by="id",
    keys=(
        one("id", ID, "The name of the table: the code."),
        one("percent", PERCENT, "So many percent off each of its items.", example="10"),
        one("amount", AMOUNT, "So much off its items together.", when_absent="nothing", example="5"),
        one("free_delivery", YES_NO, "Whether delivery costs nothing."),
        one("at_most", AMOUNT, "No more than this is taken off the goods.", when_absent="no limit", example="50"),
        one("minimum", AMOUNT, "Only when its items come to so much, before any code.", when_absent="any value",
            example="20"),
        one("valid_from", DAY, "Its first day, in the store's time zone.", when_absent="at once", example="2026-11-23"),
        one("valid_until", DAY, "Its last day.", when_absent="without end", example="2026-12-24"),
        one("total", _TIMES, "How many orders can have it.", when_absent="no limit", example="100"),
        one("per_customer", _TIMES, "How many orders of one e-mail address can have it.", when_absent="no limit",
            example="1"),
        some("only", PATTERN, "Only for these items. An empty list is every item.", example='["TEA-1", "MUG-*"]'),
        some("excluded", PATTERN, "Not for these items.", example='["GIFT-*"]'),
        one("combines", YES_NO, "Whether other codes can be used with it."),
    ),
)  # fmt: skip
