"""What a checkout comes to, and what is in the way of completing it. Pure: market and plan in, checkout out."""

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.addresses.rules import is_country
from doorstep.journey.placement.model import engine
from doorstep.journey.placement.model.asking import people_problems
from doorstep.journey.placement.model.checkout import Checkout, after_pricing
from doorstep.journey.placement.model.delivering import choice_problems, delivery_options
from doorstep.journey.placement.model.discounting import cut
from doorstep.journey.placement.model.engine import Basket
from doorstep.journey.placement.model.goods import line_problems, mark_of
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.paying import currency_problems, method_problems, methods_for
from doorstep.journey.placement.model.people import reached
from doorstep.journey.placement.model.summing import Delivered, Ware, shares, summed
from doorstep.journey.placement.model.taxing import Taxing, taxing
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.kernel.money import Money
from doorstep.plan.records import Plan


def priced(checkout: Checkout, market: Market, plan: Plan) -> Checkout:
    """The checkout with lines, delivery options, totals, problems and state as they follow from its wishes."""
    found = reached(checkout.wishes, plan)
    wishes, country = found.wishes, country_of(checkout)
    known = [wish for wish in wishes.lines if wish.sku in market.items]
    taxed = taxing(wishes, plan)
    full = tuple(_ware(wish, market.items[wish.sku], taxed) for wish in known)
    codes = cut(wishes, full, plan, market.uses, market.at)
    lines = summed(codes.wares, Delivered(), taxed).lines
    options = tuple(delivery_options(lines, plan, country)) if country and lines else ()
    chosen = next((option for option in options if option.service == wishes.service), None)
    price = taxed.delivery_price(chosen.price_minor, shares(codes.wares)) if chosen else 0
    delivered = codes.delivered(price)
    come_to, outside = engine.taxed(checkout, Basket(codes.wares, delivered, taxed), plan, market.at)
    total = come_to.totals.total
    methods = methods_for(country, total, plan)
    problems = (
        *line_problems(wishes.lines, market, [place.id for place in plan.locations]),
        *people_problems(found, [chosen.service] if chosen else [], options, plan),
        *choice_problems(checkout, options, country),
        *codes.problems,
        *engine.tax_problems(outside, plan),
        *method_problems(wishes.method, methods, Money(total, checkout.currency), plan),
        *currency_problems(wishes.currency, plan),
    )
    return replace(
        checkout,
        wishes=wishes,
        lines=come_to.lines,
        options=options,
        methods=methods,
        delivery_tax_minor=come_to.delivery_tax,
        totals=come_to.totals,
        discounts=codes.discounts(delivered),
        outside=outside,
        problems=problems,
        state=after_pricing(checkout.state, problems),
    )


def marked(checkout: Checkout, market: Market, plan: Plan) -> Checkout:
    """The same, with a mark of what its amounts come from."""
    return replace(priced(checkout, market, plan), priced_by=mark_of(checkout.wishes.lines, market.items, plan))


def country_of(checkout: Checkout) -> str:
    """The country that it goes to; empty until there is an address in one."""
    address = checkout.wishes.address
    return address.country if address and is_country(address.country) else ""


def _ware(wish: LineWish, item: Item, taxing: Taxing) -> Ware:
    agreed = item.price_minor if wish.unit_price_minor is None else wish.unit_price_minor
    price = taxing.price(agreed, item.tax_class)
    return Ware(wish.sku, item.name, wish.quantity, price, item.weight_grams, item.tax_class)
