"""What a checkout comes to, and what is in the way of completing it. Pure: market and plan in, checkout out."""

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.placement.model.checkout import Checkout, after_pricing
from doorstep.journey.placement.model.delivering import choice_problems, delivery_options
from doorstep.journey.placement.model.goods import line_problems
from doorstep.journey.placement.model.market import Market
from doorstep.journey.placement.model.paying import method_problems
from doorstep.journey.placement.model.people import address_problems, buyer_problems
from doorstep.journey.placement.model.summing import Delivered, Ware, shares, summed
from doorstep.journey.placement.model.taxing import Taxing, taxing
from doorstep.journey.placement.model.vat import tax_id_problems
from doorstep.journey.placement.model.wishes import LineWish
from doorstep.plan.records import Plan


def priced(checkout: Checkout, market: Market, plan: Plan) -> Checkout:
    """The checkout with lines, delivery options, totals, problems and state as they follow from its wishes."""
    wishes, country = checkout.wishes, country_of(checkout)
    known = [wish for wish in wishes.lines if wish.sku in market.items]
    taxed = taxing(wishes, plan)
    wares = tuple(_ware(wish, market.items[wish.sku], taxed) for wish in known)
    lines = summed(wares, Delivered(), taxed).lines
    options = tuple(delivery_options(lines, plan, country)) if country and lines else ()
    chosen = next((option for option in options if option.service == wishes.service), None)
    price = taxed.delivery_price(chosen.price_minor, shares(wares)) if chosen else 0
    come_to = summed(wares, Delivered(price), taxed)
    problems = (
        *line_problems(wishes.lines, market, [place.id for place in plan.locations]),
        *buyer_problems(wishes.buyer),
        *tax_id_problems(wishes, plan),
        *address_problems(wishes.address),
        *choice_problems(checkout, options, country),
        *method_problems(wishes.method, country, plan),
    )
    return replace(
        checkout,
        lines=come_to.lines,
        options=options,
        delivery_tax_minor=come_to.delivery_tax,
        totals=come_to.totals,
        problems=problems,
        state=after_pricing(checkout.state, problems),
    )


def country_of(checkout: Checkout) -> str:
    """The country that it goes to; empty until there is an address."""
    return checkout.wishes.address.country if checkout.wishes.address else ""


def _ware(wish: LineWish, item: Item, taxing: Taxing) -> Ware:
    agreed = item.price_minor if wish.unit_price_minor is None else wish.unit_price_minor
    price = taxing.price(agreed, item.tax_class)
    return Ware(wish.sku, item.name, wish.quantity, price, item.weight_grams, item.tax_class)
