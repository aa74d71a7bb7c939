"""The lines of a checkout as shoppers read them."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from doorstep.journey.placement.model.checkout import Checkout
from doorstep.journey.placement.model.problems import Problem
from doorstep.web.language import Language

_PATH = re.compile(r"lines\[(\d+)\]")


class CartLine(Struct, frozen=True, kw_only=True):
    """A line: what is wanted, what it comes to (None: it is not priced), and what is wrong with it."""

    position: int
    sku: str
    name: str
    quantity: int
    unit_price_minor: int | None = None
    total_minor: int | None = None
    discount_minor: int = 0
    wrong: str = ""


def cart_lines(checkout: Checkout, language: Language) -> list[CartLine]:
    """Every line in the order of the cart, those that could not be priced too."""
    wrong = _wrong(checkout.problems, language)
    return [_said(line, wrong.get(line.position - 1, "")) for line in _lines(checkout)]


def names_of(checkout: Checkout) -> dict[int, str]:
    """The names of the priced lines by their position."""
    return {position: line.name for position, line in enumerate(checkout.lines, 1)}


def count_of(checkout: Checkout | None) -> int:
    """How many pieces are in the cart."""
    return sum(line.quantity for line in checkout.wishes.lines) if checkout else 0


def is_about_lines(problem: Problem) -> bool:
    """Whether a problem is one of the cart."""
    return problem.path.startswith("lines")


def _lines(checkout: Checkout) -> Iterator[CartLine]:
    priced = iter(checkout.lines)
    line = next(priced, None)
    for position, wish in enumerate(checkout.wishes.lines, 1):
        if line is None or line.sku != wish.sku:
            yield CartLine(position=position, sku=wish.sku, name=wish.sku, quantity=wish.quantity)
            continue
        yield CartLine(
            position=position,
            sku=wish.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price_minor=line.unit_price_minor,
            total_minor=line.total_minor,
            discount_minor=line.discount_minor,
        )
        line = next(priced, None)


def _said(line: CartLine, wrong: str) -> CartLine:
    return CartLine(**{name: getattr(line, name) for name in line.__struct_fields__} | {"wrong": wrong})


def _wrong(problems: Iterable[Problem], language: Language) -> dict[int, str]:
    """What is wrong by the index of a line."""
    found: dict[int, str] = {}
    for problem in problems:
        if at := _PATH.match(problem.path):
            found.setdefault(int(at[1]), language.sentence(problem.message))
    return found
