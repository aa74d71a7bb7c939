"""What is in the way of delivering a checkout. Pure."""

from collections.abc import Iterable

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.delivering.choosing import Delivery
from doorstep.journey.placement.model.priced import DeliveryPlan
from doorstep.journey.placement.model.problems import Option, Problem, Severity
from doorstep.kernel.phrase import Country, phrase


def choice_problems(checkout: Checkout, delivery: Delivery, country: str) -> Iterable[Problem]:
    """What is wrong with what was chosen."""
    wishes, options = checkout.wishes, delivery.options
    if country and wishes.lines and not options:
        message = phrase("Nothing is delivered to {country} in this weight.", country=Country(country))
        yield Problem("not_deliverable", "address.country", Severity.BUYER_INPUT, message)
    elif delivery.is_gone and delivery.plans:
        yield _gone(delivery)
    elif delivery.chosen is None and wishes.service is None:
        yield Problem("field_missing", "service", Severity.BUYER_INPUT, phrase("A delivery service is to be chosen."))
    elif delivery.chosen is None and options and wishes.service not in {option.service for option in options}:
        known = ", ".join(option.service for option in options)
        message = phrase("Choose one of: {known}.", known=known)
        yield Problem("unknown_service", "service", Severity.BUYER_INPUT, message)
    if delivery.least:
        message = phrase("This takes at least {least} deliveries.", least=delivery.least)
        yield Problem("too_few_deliveries", "deliveries_max", Severity.BUYER_INPUT, message)


def _gone(delivery: Delivery) -> Problem:
    message = phrase("The delivery that was chosen is not possible any more. Please choose again.")
    options = tuple(_option(one) for one in delivery.plans)
    return Problem("delivery_gone", "delivery", Severity.BUYER_REVIEW, message, options)


def _option(one: DeliveryPlan) -> Option:
    if one.deliveries == 1:
        return Option(one.id, phrase("One delivery, until {day}", day=one.arrives_until))
    return Option(one.id, phrase("{count} deliveries, until {day}", count=one.deliveries, day=one.arrives_until))
