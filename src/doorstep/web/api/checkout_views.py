"""A checkout as the API shows it. Amounts are whole numbers of the currency's minor unit."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from doorstep.journey.order import Address, Buyer
from doorstep.journey.overview.story import PaymentStep
from doorstep.journey.placement.model.breakdown import breakdown
from doorstep.journey.placement.model.checkout import Checkout, CheckoutState
from doorstep.journey.placement.model.priced import CheckoutLine, PayingOption, Totals
from doorstep.web.api.checkout_parts import (
    DeliveryPlanView,
    PartView,
    ProblemView,
    Say,
    ServiceView,
    part_view,
    plan_view,
    problem_view,
    service_view,
)
from doorstep.web.api.question_views import QuestionView, question_views


class LineView(Struct, frozen=True):
    """A line as it was asked for, with what it comes to; nulls when there is no such item.

    `tax_rate` is the rate that was applied, a decimal such as "0.20", and `tax_why` says in words why it is this one.
    """

    sku: str
    quantity: int
    name: str | None = None
    unit_price_minor: int | None = None
    total_minor: int | None = None
    tax_minor: int | None = None
    discount_minor: int | None = None
    tax_rate: str | None = None
    tax_why: str | None = None


class TotalsView(Struct, frozen=True):
    """What the shopper pays: subtotal - discount + delivery + tax added = total; `tax_minor` is all tax within the
    total, `discount_minor` all that codes take off.
    """

    subtotal_minor: int
    delivery_minor: int
    tax_added_minor: int
    tax_minor: int
    total_minor: int
    discount_minor: int = 0


class OrderLink(Struct, frozen=True):
    """The order that the checkout became."""

    id: str
    number: str


class CheckoutView(Struct, frozen=True, kw_only=True):
    """A checkout: what was asked for, what it comes to, what is in the way.

    `methods` are the ways to pay, `options` the delivery services to choose from once there is an address, `plans` all
    ways of delivery worth choosing, `chosen` the id of the one that holds. It can be completed when its state is
    `ready_for_complete`; `problems` says what is missing until then, and `questions` what is asked. Until `held_until`
    the goods are kept for the shopper; null when none are. Reading a completed
    checkout also says how its `payment` stands; other answers leave that null. `tax_estimated`: the tax engine of the
    plan has not answered, so its own rates stand in.
    """

    id: str
    state: CheckoutState
    version: int
    created_at: datetime
    expires_at: datetime
    currency: str
    locale: str
    reference: str
    lines: tuple[LineView, ...]
    buyer: Buyer | None
    address: Address | None
    billing_address: Address | None = None
    service: str | None
    delivery: str | None = None
    method: str | None
    deliveries_max: int | None
    codes: tuple[str, ...] = ()
    note: str = ""
    gift_message: str = ""
    options: tuple[ServiceView, ...]
    methods: tuple[PayingOption, ...] = ()
    plans: tuple[DeliveryPlanView, ...] = ()
    chosen: str | None = None
    totals: TotalsView
    breakdown: tuple[PartView, ...] = ()
    tax_estimated: bool = False
    problems: tuple[ProblemView, ...]
    held_until: datetime | None = None
    questions: tuple[QuestionView, ...] = ()
    order: OrderLink | None = None
    payment: PaymentStep | None = None


def checkout_view(checkout: Checkout, payment: PaymentStep | None = None, say: Say = str) -> CheckoutView:
    """A checkout as it is shown, its sentences put by `say`; with how its payment stands, if it was completed."""
    wishes = checkout.wishes
    return CheckoutView(
        id=checkout.id,
        state=checkout.state,
        version=checkout.version,
        created_at=checkout.created_at,
        expires_at=checkout.expires_at,
        currency=checkout.currency,
        locale=wishes.locale,
        reference=wishes.reference,
        lines=tuple(_lines(checkout, say)),
        buyer=wishes.buyer,
        address=wishes.address,
        billing_address=wishes.billing_address,
        service=wishes.service,
        delivery=wishes.delivery,
        method=wishes.method,
        deliveries_max=wishes.deliveries_max,
        codes=wishes.codes,
        note=wishes.note,
        gift_message=wishes.gift_message,
        methods=checkout.methods,
        options=tuple(service_view(one, say) for one in checkout.options),
        plans=tuple(plan_view(one, say) for one in checkout.plans),
        chosen=checkout.chosen.id if checkout.chosen else None,
        totals=_totals(checkout.totals),
        tax_estimated=checkout.outside.is_estimated,
        breakdown=tuple(part_view(one, say) for one in breakdown(checkout)),
        problems=tuple(problem_view(one, say) for one in checkout.problems),
        held_until=checkout.held_until,
        questions=question_views(checkout, payment, say),
        order=OrderLink(checkout.order_id, checkout.order_number or "") if checkout.order_id else None,
        payment=payment,
    )


def _lines(checkout: Checkout, say: Say) -> Iterable[LineView]:
    """Every line in the order of the cart: those that were priced, and between them those that could not be."""
    priced = iter(checkout.lines)
    line = next(priced, None)
    for wish in checkout.wishes.lines:
        if line and line.sku == wish.sku:
            yield _line(line, say)
            line = next(priced, None)
        else:
            yield LineView(wish.sku, wish.quantity)


def _line(line: CheckoutLine, say: Say) -> LineView:
    amounts = (line.unit_price_minor, line.total_minor, line.tax_minor, line.discount_minor)
    why = say(line.tax_why) if line.tax_why else None
    return LineView(line.sku, line.quantity, line.name, *amounts, line.tax_rate or None, why)


def _totals(totals: Totals) -> TotalsView:
    return TotalsView(totals.subtotal, totals.delivery, totals.tax_added, totals.tax, totals.total, totals.discount)
