"""What a checkout comes to, and what is in the way of completing it. Pure: market and plan in, checkout out."""

from collections.abc import Iterable

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout, after_pricing
from doorstep.journey.placement.model.delivering import choice_problems, delivery_options
from doorstep.journey.placement.model.goods import line_problems
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.paying import method_problems
from doorstep.journey.placement.model.people import address_problems, buyer_problems
from doorstep.journey.placement.model.priced import CheckoutLine, DeliveryOption, Totals
from doorstep.journey.placement.model.taxing import rate_of, tax_of
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.plan.records import Plan


def priced(checkout: Checkout, market: Market, plan: Plan) -> Checkout:
    """The checkout with lines, delivery options, totals, problems and state as they follow from its wishes."""
    wishes, country = checkout.wishes, country_of(checkout)
    known = [wish for wish in wishes.lines if wish.sku in market.items]
    lines = tuple(_line(wish, market.items[wish.sku], plan, country) for wish in known)
    options = tuple(delivery_options(lines, plan, country)) if country and lines else ()
    chosen = next((option for option in options if option.service == wishes.service), None)
    delivery_tax = tax_of(chosen.price_minor, rate_of(plan, country, "standard"), plan) if chosen else 0
    problems = (
        *line_problems(wishes.lines, market, [place.id for place in plan.locations]),
        *buyer_problems(wishes.buyer),
        *address_problems(wishes.address),
        *choice_problems(checkout, options, country),
        *method_problems(wishes.method, country, plan),
    )
    return replace(
        checkout,
        lines=lines,
        options=options,
        delivery_tax_minor=delivery_tax,
        totals=_totals(lines, chosen, delivery_tax, plan),
        problems=problems,
        state=after_pricing(checkout.state, problems),
    )


def country_of(checkout: Checkout) -> str:
    """The country that it goes to; empty until there is an address."""
    return checkout.wishes.address.country if checkout.wishes.address else ""


def _line(wish: LineWish, item: Item, plan: Plan, country: str) -> CheckoutLine:
    unit_price = item.price_minor if wish.unit_price_minor is None else wish.unit_price_minor
    net_or_gross = unit_price * wish.quantity
    tax = tax_of(net_or_gross, rate_of(plan, country, item.tax_class), plan)
    total = net_or_gross if plan.tax.prices_include_tax else net_or_gross + tax
    return CheckoutLine(wish.sku, item.name, wish.quantity, unit_price, total, tax, item.weight_grams)


def _totals(lines: Iterable[CheckoutLine], chosen: DeliveryOption | None, delivery_tax: int, plan: Plan) -> Totals:
    line_tax = sum(line.tax_minor for line in lines)
    paid = sum(line.total_minor for line in lines)
    delivery = chosen.price_minor if chosen else 0
    if plan.tax.prices_include_tax:
        return Totals(paid, delivery, 0, line_tax + delivery_tax, paid + delivery)
    tax = line_tax + delivery_tax
    return Totals(paid - line_tax, delivery, tax, tax, paid + delivery + delivery_tax)
