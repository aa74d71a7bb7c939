"""What a checkout comes to, part by part, with what each is called. Pure."""

from collections.abc import Iterable

from msgspec import Struct

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.phrase import Phrase, phrase


class Part(Struct, frozen=True):
    """One part of a total. What is taken off is negative, so that the parts before the total add up to it.

    `tax_within` is told besides: it is in the other parts already.
    """

    kind: str
    label: Phrase
    minor: int
    code: str = ""


def breakdown(checkout: Checkout) -> tuple[Part, ...]:
    """The parts of the total, and the total."""
    return tuple(_parts(checkout))


def _parts(checkout: Checkout) -> Iterable[Part]:
    totals = checkout.totals
    yield Part("subtotal", phrase("Goods"), totals.subtotal)
    for one in checkout.discounts:
        if one.minor:
            yield Part("discount", phrase("Discount code {code}", code=one.code), -one.minor, one.code)
    if checkout.chosen or checkout.wishes.service:
        yield Part("delivery", phrase("Delivery"), totals.delivery)
    if totals.tax_added:
        yield Part("tax_added", phrase("Tax"), totals.tax_added)
    elif totals.tax:
        yield Part("tax_within", phrase("Tax included"), totals.tax)
    yield Part("total", phrase("Total"), totals.total)
