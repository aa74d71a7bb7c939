"""What may be sent to the API. Unknown fields are refused; what is left out of a change stays as it is."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, convert

from doorstep.desk.address import NO_CONTROLS, NO_CONTROLS_BUT_LINES, AddressBody, Text
from doorstep.journey.addresses.texts import one_line
from doorstep.journey.addresses.tidy import tidied
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.wishes import LineWish, Wishes
from doorstep.kernel.limits import (
    EMAIL_CHARS_MAX,
    LINES_MAX,
    MINOR_UNITS_MAX,
    QUANTITY_MAX,
    SKU_CHARS_MAX,
)

Email = Annotated[str, Meta(max_length=EMAIL_CHARS_MAX, pattern=NO_CONTROLS)]
Sku = Annotated[str, Meta(min_length=1, max_length=SKU_CHARS_MAX, pattern=NO_CONTROLS)]
Quantity = Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]
Deliveries = Annotated[int, Meta(ge=1, le=100, description="The most deliveries the shopper accepts.")]
Locale = Annotated[
    str, Meta(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$(?!\n)", description="BCP 47.")
]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=NO_CONTROLS)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=10, description="Discount codes.")]
Words = Annotated[str, Meta(max_length=1000, pattern=NO_CONTROLS_BUT_LINES)]
Currency = Annotated[str, Meta(max_length=3, pattern=r"^[A-Z]{3}$(?!\n)", description="ISO 4217.")]
Reference = Annotated[str, Meta(max_length=128, pattern=NO_CONTROLS, description="The shop's own name for the cart.")]
Minor = Annotated[int, Meta(ge=0, le=MINOR_UNITS_MAX)]
Token = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^[\x21-\x7e]*$(?!\n)",
        description="Stands for the means of payment, as the payment provider's own page gave it; no card number.",
    ),
]


class LineBody(Struct, frozen=True, forbid_unknown_fields=True):
    """An item and how many of it."""

    sku: Sku
    quantity: Quantity


class BuyerBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Who orders."""

    email: Email
    name: Text = ""
    phone: Text = ""
    tax_id: Text = ""


Lines = Annotated[tuple[LineBody, ...], Meta(max_length=LINES_MAX)]


class NewCheckout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new checkout. Only the lines are needed; the rest can come later."""

    lines: Lines
    buyer: BuyerBody | None = None
    address: AddressBody | None = None
    billing_address: AddressBody | None = None
    service: Text | None = None
    delivery: Text | None = None
    method: Text | None = None
    deliveries_max: Deliveries | None = None
    codes: Codes = ()
    note: Words = ""
    gift_message: Words = ""
    locale: Locale = "en"
    currency: Currency | None = None
    reference: Reference = ""


class CheckoutChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change: a field that is given replaces what was there, null removes it, one that is left out stays."""

    lines: Lines | UnsetType = UNSET
    buyer: BuyerBody | UnsetType | None = UNSET
    address: AddressBody | UnsetType | None = UNSET
    billing_address: AddressBody | UnsetType | None = UNSET
    service: Text | UnsetType | None = UNSET
    delivery: Text | UnsetType | None = UNSET
    method: Text | UnsetType | None = UNSET
    deliveries_max: Deliveries | UnsetType | None = UNSET
    codes: Codes | UnsetType = UNSET
    note: Words | UnsetType = UNSET
    gift_message: Words | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    currency: Currency | UnsetType | None = UNSET
    reference: Reference | UnsetType = UNSET


class Completion(Struct, frozen=True, forbid_unknown_fields=True):
    """The agreement: the total that the shopper saw, and the means of payment.

    `method` is another way to pay than the checkout names: the only change that is possible after a decline.
    """

    total_minor: Minor
    token: Token = ""
    method: Text = ""


def wishes_of(body: NewCheckout | CheckoutChange) -> tuple[Wishes, tuple[str, ...]]:
    """What is wished for, and the names of the fields that were given."""
    given = {name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not UNSET}
    if lines := given.get("lines"):
        given["lines"] = tuple(LineWish(line.sku, line.quantity) for line in lines)
    if buyer := given.get("buyer"):
        given["buyer"] = buyer_of(buyer)
    for name in ("address", "billing_address"):
        if to := given.get(name):
            given[name] = address_of(to)
    return Wishes(**given), tuple(given)


def buyer_of(body: BuyerBody) -> Buyer:
    """Who orders, in tidy words."""
    return Buyer(one_line(body.email), one_line(body.name), one_line(body.phone), one_line(body.tax_id))


def address_of(body: AddressBody) -> Address:
    """An address, tidy: with single spaces, and codes in capitals."""
    return tidied(convert(body, Address, from_attributes=True))
