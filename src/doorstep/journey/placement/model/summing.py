"""What goods and delivery come to together, to the cent: every total is the sum of its parts. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from doorstep.journey.placement.model.priced import CheckoutLine, Totals
from doorstep.journey.placement.model.taxing import Levy, Piece, Share, Taxing


class Ware(Struct, frozen=True):
    """A line before tax: what it costs as this buyer pays it, and what codes take off it."""

    sku: str
    name: str
    quantity: int
    unit_price: int
    weight_grams: int
    tax_class: str
    discount: int = 0

    @property
    def price(self) -> int:
        """What it costs without codes."""
        return self.unit_price * self.quantity

    @property
    def amount(self) -> int:
        """What is left of that."""
        return self.price - self.discount


class Delivered(Struct, frozen=True):
    """What delivery costs as this buyer pays it, and what codes take off it."""

    price: int = 0
    discount: int = 0

    @property
    def amount(self) -> int:
        """What is left of that."""
        return self.price - self.discount


class Sum(Struct, frozen=True):
    """Lines with their tax, the tax on delivery, and all of it together."""

    lines: tuple[CheckoutLine, ...]
    delivery_tax: int
    totals: Totals


def summed(wares: Sequence[Ware], delivered: Delivered, taxing: Taxing) -> Sum:
    """What it all comes to by the rates of the plan."""
    pieces = [Piece(ware.amount, taxing.levy(ware.tax_class)) for ware in wares]
    carried = taxing.delivery_pieces(delivered.amount, shares(wares))
    taxes = taxing.taxes([*pieces, *carried])
    taxed = [(piece.levy, tax) for piece, tax in zip(pieces, taxes, strict=False)]
    return with_taxes(wares, delivered, taxing, taxed, sum(taxes[len(wares) :]))


def with_taxes(
    wares: Sequence[Ware], delivered: Delivered, taxing: Taxing, taxed: Sequence[tuple[Levy, int]], delivery_tax: int
) -> Sum:
    """What it all comes to with the tax of each line, by which rate, and that of the delivery."""
    lines = tuple(_line(ware, levy, tax, taxing) for ware, (levy, tax) in zip(wares, taxed, strict=True))
    tax = sum(tax for _, tax in taxed) + delivery_tax
    return Sum(lines, delivery_tax, _totals(wares, delivered, tax, taxing))


def shares(wares: Iterable[Ware]) -> list[Share]:
    """What the goods of each class come to."""
    sums: dict[str, int] = {}
    for ware in wares:
        sums[ware.tax_class] = sums.get(ware.tax_class, 0) + ware.amount
    return list(sums.items())


def _line(ware: Ware, levy: Levy, tax: int, taxing: Taxing) -> CheckoutLine:
    return CheckoutLine(
        ware.sku,
        ware.name,
        ware.quantity,
        ware.unit_price,
        taxing.total(ware.amount, tax),
        tax,
        ware.weight_grams,
        ware.discount,
        levy.rate,
        levy.why,
    )


def _totals(wares: Sequence[Ware], delivered: Delivered, tax: int, taxing: Taxing) -> Totals:
    subtotal = sum(ware.price for ware in wares)
    discount = sum(ware.discount for ware in wares) + delivered.discount
    added = 0 if taxing.includes else tax
    return Totals(subtotal, delivered.price, added, tax, subtotal - discount + delivered.price + added, discount)
