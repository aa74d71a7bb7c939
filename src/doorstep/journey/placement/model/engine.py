"""The tax of a checkout where the plan has it worked out by an engine outside. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from doorstep.journey.order import Address
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.outside import Outside, TaxQuote, keyed
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.journey.placement.model.summing import Delivered, Sum, Ware, summed, with_taxes
from doorstep.journey.placement.model.taxing import Levy, Taxing
from doorstep.kernel.ids import order_of
from doorstep.kernel.phrase import phrase
from doorstep.plan.price_records import TABLE, WhenUnavailable
from doorstep.plan.records import Plan
from doorstep.plug.tax import TaxedLine, TaxPlace, TaxRequest


class Basket(Struct, frozen=True):
    """What is to be taxed: the goods, their delivery, and how the plan's own rates would tax them."""

    wares: tuple[Ware, ...]
    delivered: Delivered
    taxing: Taxing


def taxed(checkout: Checkout, basket: Basket, plan: Plan, at: datetime) -> tuple[Sum, Outside]:
    """What it comes to by the engine's answer, else by the plan's rates, and then what is wanted of the engine."""
    to = checkout.wishes.address
    if plan.tax.provider == TABLE or to is None or not to.country or not basket.wares:
        return summed(basket.wares, basket.delivered, basket.taxing), Outside()
    request, quote = _request(checkout, basket, to, plan), checkout.outside.tax
    if quote and quote.answers(request, at):
        return _by_quote(basket, quote, plan), Outside(tax=quote)
    return summed(basket.wares, basket.delivered, basket.taxing), Outside(tax=quote, tax_wanted=request)


def tax_problems(outside: Outside, plan: Plan) -> Iterable[Problem]:
    """That an answer is missing without which nothing is sold."""
    if outside.is_estimated and plan.tax.when_unavailable is WhenUnavailable.REFUSE:
        message = phrase("The tax cannot be worked out at this moment. Please try again in a minute.")
        yield Problem("tax_unavailable", "totals", Severity.RECOVERABLE, message)


def _request(checkout: Checkout, basket: Basket, to: Address, plan: Plan) -> TaxRequest:
    sender = plan.locations[0]
    request = TaxRequest(
        key="",
        currency=checkout.currency,
        prices_include_tax=plan.tax.prices_include_tax,
        origin=TaxPlace(sender.country, postcode=sender.postcode, city=sender.city),
        destination=TaxPlace(to.country, to.region, to.postcode, to.city),
        lines=tuple(_lines(basket.wares)),
        delivery_minor=basket.delivered.amount,
        tax_id=checkout.wishes.buyer.tax_id if checkout.wishes.buyer else "",
    )
    return keyed(request, order_of(checkout.id))


def _lines(wares: Sequence[Ware]) -> Iterable[TaxedLine]:
    for position, ware in enumerate(wares, 1):
        yield TaxedLine(position, ware.sku, ware.tax_class, ware.quantity, ware.amount)


def _by_quote(basket: Basket, quote: TaxQuote, plan: Plan) -> Sum:
    """The engine's figures; `is_whole` was checked when they came."""
    found = {line.position: line for line in quote.outcome.lines}
    lines = [found[position] for position in range(1, len(basket.wares) + 1)]
    why = phrase("worked out by {engine}", engine=plan.tax.provider)
    levies = [(Levy(line.rate, 0, why), line.tax_minor) for line in lines]
    return with_taxes(basket.wares, basket.delivered, basket.taxing, levies, quote.outcome.delivery_tax_minor)
