"""The decision that turns a checkout into an order, piece by piece. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from doorstep.journey.facts import OrderLapsed, OrderPlaced, PaymentRetried
from doorstep.journey.order import Address, Buyer, Group, Order, OrderLine, groups_of
from doorstep.journey.placement.model.checkout import CHECKOUT, Checkout, Complete, Completion
from doorstep.journey.placement.model.delivering.collecting import address_of, collected_at
from doorstep.journey.placement.model.holding import deliveries_max, want_of
from doorstep.journey.placement.model.paying import method_problems, methods_for
from doorstep.journey.placement.model.priced import CheckoutLine
from doorstep.journey.standing import Standing
from doorstep.kernel.errors import Refused
from doorstep.kernel.ids import child, order_of
from doorstep.kernel.money import Money
from doorstep.plan.records import Plan
from doorstep.stock.model.sourcing import Hold, Shortage, Source, Taken

SHORT = "insufficient_stock"
_NOBODY, _NOWHERE = Buyer("", ""), Address("")


def hold(checkout: Checkout, request: Complete, plan: Plan) -> Hold:
    """What is to be held for the order, until it is to be paid; it takes over what is held for the checkout."""
    until = request.at + timedelta(minutes=plan.stock.hold_minutes)
    return Hold(want_of(checkout, plan), request.at, until, again=checkout.held_since is not None)


def is_held(taken: Taken) -> bool:
    """Whether stock was held."""
    return bool(sources(taken))


def sources(taken: Taken) -> tuple[Source, ...]:
    """What was held; empty when it could not be."""
    return tuple(one for one in taken if isinstance(one, Source))


def short(taken: Taken) -> Refused:
    """The refusal that names what is not there any more."""
    gone = [one for one in taken if isinstance(one, Shortage)]
    names = ", ".join(f"{one.sku} (wanted {one.wanted}, available {one.available})" for one in gone)
    fields = {f"lines[{one.position - 1}].quantity": str(one.available) for one in gone}
    return Refused(SHORT, f"Not available any more: {names}. Nothing was charged.", fields)


def order(checkout: Checkout, request: Complete, sources: Sequence[Source], number: int, plan: Plan) -> Order:
    """The order as it was agreed."""
    wishes = checkout.wishes
    return Order(
        id=order_of(request.id),
        checkout_id=request.id,
        number=str(number),
        reference=wishes.reference,
        placed_at=request.at,
        plan_version=plan.version,
        currency=checkout.currency,
        locale=wishes.locale,
        buyer=wishes.buyer or _NOBODY,
        address=_address(checkout, plan),
        lines=lines_of(checkout),
        groups=tuple(_agreed(group, checkout) for group in groups_of(sources)),
        deliveries_max=deliveries_max(checkout, plan),
        service=_service(checkout),
        delivery_minor=checkout.totals.total - sum(line.total_minor for line in checkout.lines),
        delivery_tax_minor=checkout.delivery_tax_minor,
        total_minor=checkout.totals.total,
        method=wishes.method or "",
        billing_address=wishes.billing_address,
        codes=tuple(one.code for one in checkout.discounts),
        discount_minor=checkout.totals.discount,
        discounts=checkout.discounts,
        note=wishes.note,
        gift_message=wishes.gift_message,
    )


def _agreed(group: Group, checkout: Checkout) -> Group:
    """A delivery with the service and the days that were promised for its location."""
    parcels = checkout.chosen.parcels if checkout.chosen else ()
    parcel = next((parcel for parcel in parcels if parcel.location == group.location), None)
    if parcel is None:
        return group
    return Group(group.location, group.units, parcel.service, parcel.arrives_from, parcel.arrives_until)


def _service(checkout: Checkout) -> str:
    """The service of the order: of what was chosen, else the one that was named."""
    return checkout.chosen.parcels[0].service if checkout.chosen else checkout.wishes.service or ""


def _address(checkout: Checkout, plan: Plan) -> Address:
    """Where it goes, or where it is collected."""
    buyer, place = checkout.wishes.buyer or _NOBODY, collected_at(checkout, plan)
    return address_of(place, buyer.name) if place else checkout.wishes.address or _NOWHERE


def lines_of(checkout: Checkout) -> tuple[OrderLine, ...]:
    """The lines as an order has them."""
    return tuple(_line(position, line) for position, line in enumerate(checkout.lines, 1))


def _line(position: int, line: CheckoutLine) -> OrderLine:
    return OrderLine(
        position,
        line.sku,
        line.name,
        line.quantity,
        line.unit_price_minor,
        line.total_minor,
        line.tax_minor,
        line.weight_grams,
        line.discount_minor,
        line.tax_rate,
    )


def placed(order: Order, token: str) -> OrderPlaced:
    """The fact that the order was placed and its first payment attempt opened."""
    return OrderPlaced(
        order_id=order.id,
        at=order.placed_at,
        number=order.number,
        payment_id=child("pay", order.id, 1),
        amount=order.total_minor,
        currency=order.currency,
        method=order.method,
        token=token,
    )


def retried(order: Order, checkout: Checkout, request: Complete) -> PaymentRetried:
    """The fact that another payment attempt was opened."""
    return PaymentRetried(
        order_id=order.id,
        at=request.at,
        payment_id=child("pay", order.id, checkout.payment_attempts + 1),
        amount=order.total_minor,
        currency=order.currency,
        method=checkout.wishes.method or order.method,
        token=request.token,
    )


def held(checkout: Checkout, hold: Hold) -> Checkout:
    """The checkout when all of it is held for its order."""
    return replace(checkout, held_since=checkout.held_since or hold.at, held_until=hold.expires_at, held=())


def paid_by(checkout: Checkout, request: Complete, plan: Plan) -> Checkout:
    """The checkout with the way to pay that the request names, if it names one. Refused when that cannot be chosen."""
    if not request.method or request.method == checkout.wishes.method:
        return checkout
    country = (checkout.wishes.address or _NOWHERE).country
    total = Money(checkout.totals.total, checkout.currency)
    for problem in method_problems(request.method, methods_for(country, total.minor, plan), total, plan):
        raise Refused("checkout_not_ready", str(problem.message), {problem.path: str(problem.message)})
    return replace(checkout, wishes=replace(checkout.wishes, method=request.method))


def in_progress(checkout: Checkout, request: Complete, order: Order) -> Checkout:
    """The checkout while its payment is on the way."""
    return replace(
        checkout,
        state=CHECKOUT.next(checkout.state, "complete"),
        version=checkout.version + 1,
        completion=Completion(request.key, request.total_minor, request.token, request.method),
        order_id=order.id,
        order_number=order.number,
        payment_attempts=checkout.payment_attempts + 1,
        unconfirmed_minor=None,
    )


def lapsed(order: Order, at: datetime, reason: str = "not paid in time") -> OrderLapsed:
    """The fact that the order was not paid, in time or at all."""
    return OrderLapsed(order_id=order.id, at=at, reason=reason, codes=order.codes)


def may_lapse(standing: Standing) -> bool:
    """Whether an unpaid order may lapse: never while its money may be moving."""
    return not standing.confirmed and not standing.ended and standing.balance.state in ("declined", "action_required")
