"""What a checkout comes to, and what is in the way of completing it. Pure: items, stock and plan in, checkout out."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from doorstep.catalog.model import Item
from doorstep.journey.order import Address, Buyer
from doorstep.journey.placement.model.addresses import wrong_fields
from doorstep.journey.placement.model.checkout import (
    Checkout,
    CheckoutLine,
    DeliveryOption,
    LineWish,
    Problem,
    Severity,
    Totals,
    after_pricing,
)
from doorstep.kernel.limits import EMAIL_CHARS_MAX, LINES_MAX, QUANTITY_MAX, TEXT_CHARS_MAX
from doorstep.kernel.money import format_minor
from doorstep.plan.records import Plan, Rate, Service

_NO_TAX = Decimal(0)


def priced(checkout: Checkout, items: Mapping[str, Item], available: Mapping[str, int], plan: Plan) -> Checkout:
    """The checkout with lines, delivery options, totals, problems and state as they follow from its wishes."""
    wishes, country = checkout.wishes, _country(checkout)
    lines = tuple(_line(wish, items[wish.sku], plan, country) for wish in wishes.lines if wish.sku in items)
    options = tuple(_options(lines, plan, country)) if country and lines else ()
    chosen = next((option for option in options if option.service == wishes.service), None)
    delivery_tax = _tax(chosen.price_minor, _rate(plan, country, "standard"), plan) if chosen else 0
    problems = (
        *_line_problems(wishes.lines, items, available),
        *_buyer_problems(wishes.buyer),
        *_address_problems(wishes.address),
        *_choice_problems(checkout, options, plan),
    )
    return replace(
        checkout,
        lines=lines,
        options=options,
        delivery_tax_minor=delivery_tax,
        totals=_totals(lines, chosen, delivery_tax, plan),
        problems=problems,
        state=after_pricing(checkout.state, problems),
    )


def _country(checkout: Checkout) -> str:
    return checkout.wishes.address.country if checkout.wishes.address else ""


def _line(wish: LineWish, item: Item, plan: Plan, country: str) -> CheckoutLine:
    unit_price = item.price_minor if wish.unit_price_minor is None else wish.unit_price_minor
    net_or_gross = unit_price * wish.quantity
    tax = _tax(net_or_gross, _rate(plan, country, item.tax_class), plan)
    total = net_or_gross if plan.tax.prices_include_tax else net_or_gross + tax
    return CheckoutLine(wish.sku, item.name, wish.quantity, unit_price, total, tax, item.weight_grams)


def _rate(plan: Plan, country: str, tax_class: str) -> Decimal:
    found = (rate.rate for rate in plan.tax.rates if rate.country == country and rate.tax_class == tax_class)
    return Decimal(next(found, _NO_TAX))


def _tax(amount: int, rate: Decimal, plan: Plan) -> int:
    """Tax within an amount, or on top of it, rounded half up per line."""
    tax = amount * rate / (1 + rate) if plan.tax.prices_include_tax else amount * rate
    return int(tax.to_integral_value(ROUND_HALF_UP))


def _totals(lines: Iterable[CheckoutLine], chosen: DeliveryOption | None, delivery_tax: int, plan: Plan) -> Totals:
    line_tax = sum(line.tax_minor for line in lines)
    paid = sum(line.total_minor for line in lines)
    delivery = chosen.price_minor if chosen else 0
    if plan.tax.prices_include_tax:
        return Totals(paid, delivery, 0, line_tax + delivery_tax, paid + delivery)
    tax = line_tax + delivery_tax
    return Totals(paid - line_tax, delivery, tax, tax, paid + delivery + delivery_tax)


def _options(lines: Iterable[CheckoutLine], plan: Plan, country: str) -> Iterable[DeliveryOption]:
    zone = plan.zone_of(country)
    weight = sum(line.weight_grams * line.quantity for line in lines)
    value = sum(line.total_minor for line in lines)
    for service in plan.shipping.services:
        rate = next((rate for rate in service.rates if zone and rate.zone == zone.id), None)
        if rate and (found := _price(rate, weight, value, plan.store.currency)):
            yield _option(service, rate, *found)


def _option(service: Service, rate: Rate, price: int, why: str) -> DeliveryOption:
    return DeliveryOption(service.id, service.name, price, rate.transit_days, why)


def _price(rate: Rate, weight: int, value: int, currency: str) -> tuple[int, str] | None:
    """The price of a rate and what it comes from; None when the goods are too heavy for it."""
    if rate.free_over is not None and value >= rate.free_over:
        return 0, f"free, because the goods come to {format_minor(rate.free_over, currency)} or more"
    band = next((band for band in rate.bands if weight <= band.weight_grams_max), None)
    if band:
        return band.price, f"{weight} g, up to {band.weight_grams_max} g"
    last = rate.bands[-1]
    if rate.each_further_kg is None:
        return None
    further = -(-(weight - last.weight_grams_max) // 1000)
    return last.price + further * rate.each_further_kg, f"{weight} g: {further} kg more than {last.weight_grams_max} g"


def _line_problems(
    wishes: tuple[LineWish, ...], items: Mapping[str, Item], available: Mapping[str, int]
) -> Iterable[Problem]:
    if not wishes:
        yield Problem("lines_missing", "lines", Severity.RECOVERABLE, "The cart is empty.")
    if len(wishes) > LINES_MAX:
        yield Problem("too_many_lines", "lines", Severity.RECOVERABLE, f"A cart has at most {LINES_MAX} lines.")
    for index, wish in enumerate(wishes):
        path = f"lines[{index}]"
        if not 1 <= wish.quantity <= QUANTITY_MAX:
            message = f"The quantity must be from 1 to {QUANTITY_MAX}, not {wish.quantity}."
            yield Problem("bad_quantity", f"{path}.quantity", Severity.RECOVERABLE, message)
        if wish.sku not in items:
            yield Problem("unknown_item", f"{path}.sku", Severity.RECOVERABLE, f"There is no item {wish.sku!r}.")
        elif available.get(wish.sku, 0) < wish.quantity:
            message = f"Of {wish.sku} only {max(0, available.get(wish.sku, 0))} are available."
            yield Problem("insufficient_stock", f"{path}.quantity", Severity.RECOVERABLE, message)


def _buyer_problems(buyer: Buyer | None) -> Iterable[Problem]:
    if buyer is None or not buyer.email:
        yield Problem("field_missing", "buyer.email", Severity.BUYER_INPUT, "An e-mail address is needed.")
    elif not _is_email(buyer.email):
        yield Problem("bad_email", "buyer.email", Severity.BUYER_INPUT, "This is not an e-mail address.")


def _is_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    plain = text.isprintable() and not any(char in text for char in ' ,;<>"\\')
    return bool(local and at and "." in domain.strip(".")) and plain and len(text) <= EMAIL_CHARS_MAX


def _address_problems(address: Address | None) -> Iterable[Problem]:
    if address is None:
        yield Problem("field_missing", "address", Severity.BUYER_INPUT, "A delivery address is needed.")
        return
    fields = {"name": address.name, "street": address.street, "city": address.city}
    fields |= {"postcode": address.postcode, "region": address.region}
    for field, value in fields.items():
        if len(value) > TEXT_CHARS_MAX or not value.replace("\n", "").isprintable():
            message = f"At most {TEXT_CHARS_MAX} ordinary characters, please."
            yield Problem("bad_field", f"address.{field}", Severity.BUYER_INPUT, message)
            return
    for field, reason in wrong_fields(address).items():
        yield Problem(f"field_{reason}", f"address.{field}", Severity.BUYER_INPUT, f"The {field} is {reason}.")


def _choice_problems(checkout: Checkout, options: tuple[DeliveryOption, ...], plan: Plan) -> Iterable[Problem]:
    wishes, country = checkout.wishes, _country(checkout)
    if country and checkout.wishes.lines and not options:
        message = f"Nothing is delivered to {country} in this weight."
        yield Problem("not_deliverable", "address.country", Severity.BUYER_INPUT, message)
    elif wishes.service is None:
        yield Problem("field_missing", "service", Severity.BUYER_INPUT, "A delivery service is to be chosen.")
    elif options and wishes.service not in {option.service for option in options}:
        known = ", ".join(option.service for option in options)
        yield Problem("unknown_service", "service", Severity.BUYER_INPUT, f"Choose one of {known}.")
    yield from _method_problems(wishes.method, country, plan)


def _method_problems(method_id: str | None, country: str, plan: Plan) -> Iterable[Problem]:
    usable = [m.id for m in plan.payment.methods if not m.countries or not country or country in m.countries]
    if method_id is None:
        yield Problem("field_missing", "method", Severity.BUYER_INPUT, "A payment method is to be chosen.")
    elif method_id not in usable:
        known = ", ".join(usable) or "none for this country"
        yield Problem("unknown_method", "method", Severity.BUYER_INPUT, f"Choose one of: {known}.")
