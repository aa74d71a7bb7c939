"""Around every page for shoppers: the store's name, the cart, the steps, what the order comes to."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from doorstep.journey.placement.model.breakdown import breakdown
from doorstep.journey.placement.model.checkout import Checkout
from doorstep.kernel.errors import Missing
from doorstep.web.labels import marked
from doorstep.web.language import LANGUAGES, Language
from doorstep.web.pages.page import Shown, Visit
from doorstep.web.pages.shop.kept import CHECKOUT, DELIVERY, PAYMENT, Stand, stand
from doorstep.web.pages.shop.lines import cart_lines, count_of
from doorstep.web.pages.shop.talk import cards

_STEPS = ((CHECKOUT, marked("Address")), (DELIVERY, marked("Delivery")), (PAYMENT, marked("Payment")))


class Step(Struct, frozen=True):
    """One step of the checkout, and whether it is the one that is seen, or behind it."""

    url: str
    name: str
    is_here: bool
    is_behind: bool


def page(visit: Visit, template: str, checkout: Checkout | None, fill: Mapping[str, Any], status: int = 200) -> Shown:
    """A page for shoppers. A cookie that names no checkout any more is forgotten."""
    plan = visit.given.plans.in_force
    at = stand(checkout, visit)
    around = {
        "checkout": checkout,
        "is_hosted": plan.placement.hosted_shop,
        "cart_count": count_of(checkout) if at is Stand.OPEN else 0,
        "support": plan.store.support_email,
        "tax_included": plan.tax.prices_include_tax,
        "takes_codes": bool(plan.discounts),
        "tongues": list(_tongues(visit)),
        "lines": cart_lines(checkout, visit.language) if checkout else [],
        "sums": sums(checkout, visit.language) if checkout else [],
        "steps": [],
        "cards": cards(checkout, visit) if checkout and at is Stand.OPEN else [],
    }
    cart = "" if visit.cart and checkout is None else None
    return Shown(f"shop/{template}.html", {**around, **fill}, status, cart=cart)


def steps(here: str, visit: Visit) -> list[Step]:
    """The steps of the checkout, seen from one of them."""
    paths = [path for path, _ in _STEPS]
    at = paths.index(here)
    return [Step(path, visit.language(name), path == here, paths.index(path) < at) for path, name in _STEPS]


def sums(checkout: Checkout, language: Language) -> list[tuple[str, int]]:
    """What the total comes from, line by line."""
    parts = [part for part in breakdown(checkout) if part.kind not in ("tax_within", "total")]
    return [(language.sentence(part.label), part.minor) for part in parts]


def check_hosted(visit: Visit) -> None:
    """Missing when the store has no shop here."""
    if not visit.given.plans.in_force.placement.hosted_shop:
        raise Missing("no_such_page", "There is no page at this address.")


def _tongues(visit: Visit) -> Iterable[tuple[str, str, str]]:
    """The other languages: their codes, their names, and where this page speaks them."""
    pairs = [(name, value) for name, value in visit.pairs if name != "lang"]
    for code, name in LANGUAGES.items():
        if code != visit.language.code:
            yield code, name, f"?{urlencode([*pairs, ('lang', code)])}"
