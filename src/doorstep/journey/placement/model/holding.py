"""Which stock is held for a checkout before it is an order, and until when. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from doorstep.journey.order import Address
from doorstep.journey.placement.model.checkout import UNDECIDED, Checkout, CheckoutState, after_pricing
from doorstep.journey.placement.model.goods import too_few
from doorstep.journey.placement.model.priced import CheckoutLine
from doorstep.kernel.ids import order_of
from doorstep.kernel.limits import LINES_MAX, QUANTITY_MAX
from doorstep.plan.records import HoldFrom, Plan
from doorstep.stock.model.sourcing import Hold, Shortage, Source, Want

_NOWHERE = Address("")


def want_of(checkout: Checkout, plan: Plan) -> Want:
    """All that a checkout wants, from the locations that ship to its country in the plan's order.

    As the chosen way of delivery says if that can still be had. Until a country is known every location may send it.
    """
    country = (checkout.wishes.address or _NOWHERE).country
    lines = tuple(
        (position, line.sku, line.quantity)
        for position, line in enumerate(checkout.lines, 1)
        if 1 <= line.quantity <= QUANTITY_MAX
    )
    places = locations_for(plan, country)
    return Want(order_of(checkout.id), lines, places, deliveries_max(checkout, plan), _preferred(checkout))


def locations_for(plan: Plan, country: str) -> tuple[str, ...]:
    """The locations that ship to a country, in the plan's order; all of them while it is not known."""
    places = plan.locations
    return tuple(place.id for place in places if not (country and place.ships_to) or country in place.ships_to)


def deliveries_max(checkout: Checkout, plan: Plan) -> int:
    """How many deliveries the customer accepts: what was chosen, within what the plan allows."""
    return min(checkout.wishes.deliveries_max or plan.placement.deliveries_max, plan.placement.deliveries_max)


def holds_early(plan: Plan) -> bool:
    """Whether stock may be held for a checkout that is no order yet."""
    return plan.stock.hold_from is not HoldFrom.PLACEMENT


def early_hold(checkout: Checkout, plan: Plan, at: datetime) -> Hold | None:
    """What is to be held for a checkout that was just priced, as the plan says; None when nothing is.

    Each change gives it the plan's time anew, but never beyond the longest that the plan allows from the first hold.
    What was held once stays so although something else is missing again.
    """
    if not holds_early(plan) or not 1 <= len(checkout.lines) <= LINES_MAX:
        return None
    if plan.stock.hold_from is HoldFrom.PAYMENT and not (checkout.state is CheckoutState.READY or checkout.held_until):
        return None
    since = checkout.held_since or at
    until = min(
        at + timedelta(minutes=plan.stock.hold_minutes),
        since + timedelta(minutes=plan.stock.hold_minutes_max),
        checkout.expires_at,
    )
    return Hold(want_of(checkout, plan), at, until, again=checkout.held_since is not None) if until > at else None


def with_hold(checkout: Checkout, hold: Hold, held: Sequence[Source], short: Iterable[Shortage]) -> Checkout:
    """The checkout with what is held for it, and with a problem for each line that could not be held."""
    priced = {line.sku for line in checkout.lines}
    known = [index for index, wish in enumerate(checkout.wishes.lines) if wish.sku in priced]
    told = {(problem.kind, problem.path) for problem in checkout.problems}
    found = (too_few(f"lines[{known[one.position - 1]}]", one.sku, one.available) for one in short)
    problems = (*checkout.problems, *(one for one in found if (one.kind, one.path) not in told))
    return replace(
        checkout,
        held_since=(checkout.held_since or hold.at) if held else checkout.held_since,
        held_until=hold.expires_at if held else None,
        held=tuple(held),
        problems=problems,
        state=after_pricing(checkout.state, problems),
    )


def without_hold(checkout: Checkout) -> Checkout:
    """The checkout when nothing is held for it any more."""
    return replace(checkout, held=(), held_until=None) if checkout.held_until else checkout


def has_left(checkout: Checkout, at: datetime) -> bool:
    """Whether nobody came back to a checkout in its time."""
    return checkout.state in UNDECIDED and checkout.expires_at <= at


def is_overdue(checkout: Checkout, at: datetime) -> bool:
    """Whether the time has passed for which stock is held for a checkout that is no order."""
    is_open = checkout.state in UNDECIDED and not checkout.order_id
    return is_open and checkout.held_until is not None and checkout.held_until <= at


def _preferred(checkout: Checkout) -> tuple[Source, ...]:
    """Where the chosen way of delivery has every unit come from."""
    parcels = checkout.chosen.parcels if checkout.chosen else ()
    return tuple(
        Source(parcel.location, position, _sku(checkout.lines, position), count)
        for parcel in parcels
        for position, count in parcel.units
    )


def _sku(lines: Sequence[CheckoutLine], position: int) -> str:
    return lines[position - 1].sku if position <= len(lines) else ""
