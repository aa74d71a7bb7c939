"""The settings of `[tax]`; a part of the table in `keys.py`."""

from doorstep.plan import price_records as r
from doorstep.plan.kinds import COUNTRY, ID, RATE, TEXT, YES_NO, choice
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
    ),
)
