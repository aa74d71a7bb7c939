"""What is still missing in a checkout, and on which of its pages that is mended."""

from collections.abc import Mapping

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.problems import Problem
from doorstep.web.language import Language
from doorstep.web.pages.shop.kept import CHECKOUT, DELIVERY, PAYMENT

_PAGES: Mapping[str, str] = {
    "buyer": CHECKOUT,
    "address": CHECKOUT,
    "billing_address": CHECKOUT,
    "service": DELIVERY,
    "delivery": DELIVERY,
    "deliveries_max": DELIVERY,
    "plans": DELIVERY,
    "method": PAYMENT,
}
_SAME: Mapping[str, str] = {"address.phone": "buyer.phone", "buyer.name": "address.name", "address": "address.street"}
_ORDER = (CHECKOUT, DELIVERY, PAYMENT)


def page_of(problem: Problem) -> str:
    """The page on which a problem is solved; empty when it is none of a field."""
    return _PAGES.get(problem.path.partition(".")[0].partition("[")[0], "")


def first_gap(checkout: Checkout, until: str) -> str:
    """The first page before another on which something is missing; empty when there is none."""
    missing = {page_of(problem) for problem in checkout.problems}
    return next((path for path in _ORDER[: _ORDER.index(until)] if path in missing), "")


def wrong_on(path: str, checkout: Checkout, language: Language) -> dict[str, str]:
    """What is wrong on a page, by the names of its fields."""
    found: dict[str, str] = {}
    for problem in checkout.problems:
        if page_of(problem) == path:
            found.setdefault(_SAME.get(problem.path, problem.path), language.sentence(problem.message))
    return found


def others(checkout: Checkout, language: Language) -> list[str]:
    """What is in the way besides: of the goods, of codes, of whatever no page has a field for."""
    return [language.sentence(one.message) for one in checkout.problems if not page_of(one) and not one.options]
