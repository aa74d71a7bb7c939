"""Around every page for shoppers: the store's name, the cart, the steps, what the order comes to."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.priced import Totals
from doorstep.kernel.errors import Missing
from doorstep.web.labels import marked
from doorstep.web.language import LANGUAGES, Language
from doorstep.web.pages.page import Shown, Visit
from doorstep.web.pages.shop.kept import CHECKOUT, DELIVERY, PAYMENT, Stand, stand
from doorstep.web.pages.shop.lines import cart_lines, count_of

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
        "tongues": list(_tongues(visit)),
        "lines": cart_lines(checkout, visit.language) if checkout else [],
        "sums": sums(checkout.totals, visit.language, is_delivered=_is_delivered(checkout)) if checkout else [],
        "steps": [],
    }
    cart = "" if visit.cart and checkout is None else None
    return Shown(f"shop/{template}.html", {**around, **fill}, status, cart=cart)


def steps(here: str, visit: Visit) -> list[Step]:
    """The steps of the checkout, seen from one of them."""
    paths = [path for path, _ in _STEPS]
    at = paths.index(here)
    return [Step(path, visit.language(name), path == here, paths.index(path) < at) for path, name in _STEPS]


def sums(totals: Totals, language: Language, *, is_delivered: bool) -> list[tuple[str, int]]:
    """What the total comes from, line by line."""
    found = [(language("Goods"), totals.subtotal)]
    if totals.discount:
        found.append((language("Discount"), -totals.discount))
    if is_delivered:
        found.append((language("Delivery"), totals.delivery))
    if totals.tax_added:
        found.append((language("Tax"), totals.tax_added))
    return found


def check_hosted(visit: Visit) -> None:
    """Missing when the store has no shop here."""
    if not visit.given.plans.in_force.placement.hosted_shop:
        raise Missing("no_such_page", "There is no page at this address.")


def _is_delivered(checkout: Checkout | None) -> bool:
    """Whether it is known how the goods are delivered."""
    return checkout is not None and (checkout.chosen is not None or checkout.wishes.service is not None)


def _tongues(visit: Visit) -> Iterable[tuple[str, str, str]]:
    """The other languages: their codes, their names, and where this page speaks them."""
    pairs = [(name, value) for name, value in visit.pairs if name != "lang"]
    for code, name in LANGUAGES.items():
        if code != visit.language.code:
            yield code, name, f"?{urlencode([*pairs, ('lang', code)])}"
