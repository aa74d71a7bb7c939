"""The problem of a line that cannot be had as wished, with what is offered for it, in words. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.offered import WAIT, Offer, Offering
from doorstep.journey.placement.model.problems import Option, Problem, Severity
from doorstep.kernel.phrase import Phrase, phrase

KIND = "unavailable"


def with_problems(checkout: Checkout) -> Checkout:
    """The checkout whose problems say what is offered, where something is, in place of what is not there."""
    offered = {f"lines[{one.line}].quantity": one for one in checkout.offerings if one.offers}
    return replace(checkout, problems=tuple(_told(problem, offered, checkout) for problem in checkout.problems))


def _told(problem: Problem, offered: dict[str, Offering], checkout: Checkout) -> Problem:
    offering = offered.get(problem.path)
    if problem.kind != "insufficient_stock" or offering is None:
        return problem
    return Problem(
        kind=KIND,
        path=f"lines[{offering.line}]",
        severity=Severity.BUYER_REVIEW,
        message=_message(offering, checkout),
        options=tuple(_options(offering)),
        default=offering.default,
        deadline=offering.deadline,
    )


def _message(offering: Offering, checkout: Checkout) -> Phrase:
    wish = offering.wish
    name = next((line.name for line in checkout.lines if line.sku == wish.sku), wish.sku)
    if offering.left:
        return phrase(
            "Of {name} only {left} are left, not {wished}.", name=name, left=offering.left, wished=wish.quantity
        )
    return phrase("{name} is not available any more.", name=name)


def _options(offering: Offering) -> Iterable[Option]:
    for offer in offering.offers:
        yield Option(offer.id, _label(offering, offer), offer.price_minor, offering.deadline if offer.key else None)
    yield Option(WAIT, phrase("Decide later"))


def _label(offering: Offering, offer: Offer) -> Phrase:
    if offer.instead is None:
        return phrase("Order without {name}", name=offer.name)
    if offer.instead.sku == offering.wish.sku:
        return phrase("Take {count} of {name}", count=offer.instead.quantity, name=offer.name)
    return phrase("Take {name} instead", name=offer.name)
