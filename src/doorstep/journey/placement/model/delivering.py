"""How everything can be delivered, for how much, and what is wrong with what was chosen. Pure."""

from collections.abc import Iterable

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.priced import CheckoutLine, DeliveryOption
from doorstep.journey.placement.model.problems import Problem, Severity
from doorstep.kernel.money import Money
from doorstep.kernel.phrase import Country, Phrase, phrase
from doorstep.plan.records import Plan, Rate, Service


def delivery_options(lines: Iterable[CheckoutLine], plan: Plan, country: str) -> Iterable[DeliveryOption]:
    zone = plan.zone_of(country)
    weight = sum(line.weight_grams * line.quantity for line in lines)
    value = sum(line.total_minor for line in lines)
    for service in plan.shipping.services:
        rate = next((rate for rate in service.rates if zone and rate.zone == zone.id), None)
        if rate and (found := _price(rate, weight, value, plan.store.currency)):
            yield _option(service, rate, *found)


def _option(service: Service, rate: Rate, price: int, why: Phrase) -> DeliveryOption:
    return DeliveryOption(service.id, service.name, price, rate.transit_days, why)


def _price(rate: Rate, weight: int, value: int, currency: str) -> tuple[int, Phrase] | None:
    """The price of a rate and what it comes from; None when the goods are too heavy for it."""
    if rate.free_over is not None and value >= rate.free_over:
        return 0, phrase("free, because the goods come to {least} or more", least=Money(rate.free_over, currency))
    band = next((band for band in rate.bands if weight <= band.weight_grams_max), None)
    if band:
        return band.price, phrase("{weight} g, up to {most} g", weight=weight, most=band.weight_grams_max)
    last = rate.bands[-1]
    if rate.each_further_kg is None:
        return None
    further = -(-(weight - last.weight_grams_max) // 1000)
    why = phrase(
        "{weight} g: {further} kg more than {most} g", weight=weight, further=further, most=last.weight_grams_max
    )
    return last.price + further * rate.each_further_kg, why


def choice_problems(checkout: Checkout, options: tuple[DeliveryOption, ...], country: str) -> Iterable[Problem]:
    wishes = checkout.wishes
    if country and checkout.wishes.lines and not options:
        message = phrase("Nothing is delivered to {country} in this weight.", country=Country(country))
        yield Problem("not_deliverable", "address.country", Severity.BUYER_INPUT, message)
    elif wishes.service is None:
        yield Problem("field_missing", "service", Severity.BUYER_INPUT, phrase("A delivery service is to be chosen."))
    elif options and wishes.service not in {option.service for option in options}:
        known = ", ".join(option.service for option in options)
        yield Problem(
            "unknown_service", "service", Severity.BUYER_INPUT, phrase("Choose one of: {known}.", known=known)
        )
